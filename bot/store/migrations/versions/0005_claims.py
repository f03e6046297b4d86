"""The owner, turn and tries of an update; one reading for each message."""

import json

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    """Change the updates; the turn of waiting ones is taken from their JSON."""
    op.drop_index("ix_updates_received", "updates")
    with op.batch_alter_table("updates") as updates:
        updates.alter_column("received", type_=sa.Float, existing_type=sa.BigInteger)
        updates.add_column(sa.Column("turn", sa.BigInteger, nullable=False, server_default="0"))
        updates.add_column(sa.Column("chat_id", sa.BigInteger, nullable=False, server_default="0"))
        updates.add_column(sa.Column("message_id", sa.BigInteger))
        updates.add_column(sa.Column("album", sa.Text))
        updates.add_column(sa.Column("owner", sa.Text))
        updates.add_column(sa.Column("tries", sa.BigInteger, nullable=False, server_default="0"))
        updates.drop_column("starts")
    for name, columns, where in (
        ("updates_finished", ["received"], "payload IS NULL"),
        ("updates_of_turn", ["turn", "id"], "payload IS NOT NULL"),
        ("updates_unclaimed", ["id"], "payload IS NOT NULL AND owner IS NULL"),
    ):
        condition = sa.text(where)
        op.create_index(
            name, "updates", columns, sqlite_where=condition, postgresql_where=condition
        )
    _set_turns()
    op.create_table(
        "replicas",
        sa.Column("id", sa.Text, primary_key=True),
        sa.Column("beat", sa.BigInteger, nullable=False),
    )
    op.create_index("ix_sends_chat_id", "sends", ["chat_id"])
    op.add_column("readings", sa.Column("chat_id", sa.BigInteger))
    op.add_column("readings", sa.Column("message_id", sa.BigInteger))
    op.create_index("readings_by_time", "readings", ["created"])
    op.create_index("readings_of_message", "readings", ["chat_id", "message_id"], unique=True)


def _set_turns() -> None:
    updates = sa.table("updates", sa.column("id"), sa.column("payload"), sa.column("turn"))
    bind = op.get_bind()
    waiting = sa.select(updates.c.id, updates.c.payload).where(updates.c.payload.is_not(None))
    for row in bind.execute(waiting).all():
        try:
            parts = [part for part in json.loads(row.payload).values() if isinstance(part, dict)]
            turn = int((parts[0].get("from") or parts[0]["chat"])["id"])
        except (ValueError, KeyError, IndexError, TypeError, AttributeError):
            continue
        bind.execute(sa.update(updates).where(updates.c.id == row.id).values(turn=turn))
