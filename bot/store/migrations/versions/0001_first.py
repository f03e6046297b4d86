"""Users, updates and the messages that answer them, readings with their digits, trainings."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None


def upgrade() -> None:
    """Create the first tables."""
    op.create_table(
        "users",
        sa.Column("id", sa.BigInteger, primary_key=True, autoincrement=False),
        sa.Column("model", sa.Text),
        sa.Column("language", sa.Text),
    )
    op.create_table(
        "updates",
        sa.Column("id", sa.BigInteger, primary_key=True, autoincrement=False),
        sa.Column("payload", sa.Text),
        sa.Column("received", sa.BigInteger, nullable=False),
    )
    op.create_index("ix_updates_received", "updates", ["received"])
    op.create_table(
        "sends",
        sa.Column("update_id", sa.BigInteger, primary_key=True, autoincrement=False),
        sa.Column("number", sa.BigInteger, primary_key=True, autoincrement=False),
        sa.Column("chat_id", sa.BigInteger, nullable=False),
        sa.Column("after", sa.BigInteger, nullable=False),
        sa.Column("markup", sa.Text),
        sa.Column("message_id", sa.BigInteger),
    )
    op.create_table(
        "readings",
        sa.Column("id", _COUNTED, primary_key=True),
        sa.Column("user_id", sa.BigInteger, nullable=False),
        sa.Column("model", sa.Text, nullable=False),
        sa.Column("version", sa.Text, nullable=False),
        sa.Column("text", sa.Text, nullable=False),
        sa.Column("unsure", sa.Boolean, nullable=False),
        sa.Column("ms", sa.Float, nullable=False),
        sa.Column("created", sa.BigInteger, nullable=False),
    )
    op.create_index("readings_by_user", "readings", ["user_id", "created"])
    op.create_table(
        "digits",
        sa.Column(
            "reading_id",
            sa.BigInteger,
            sa.ForeignKey("readings.id", ondelete="CASCADE"),
            primary_key=True,
        ),
        sa.Column("position", sa.BigInteger, primary_key=True, autoincrement=False),
        sa.Column("digit", sa.BigInteger, nullable=False),
        sa.Column("confidence", sa.Float, nullable=False),
        sa.Column("glyph", sa.LargeBinary, nullable=False),
    )
    op.create_table(
        "jobs",
        sa.Column("id", _COUNTED, primary_key=True),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("user_id", sa.BigInteger, nullable=False),
        sa.Column("chat_id", sa.BigInteger, nullable=False),
        sa.Column("message_id", sa.BigInteger, nullable=False),
        sa.Column("state", sa.Text, nullable=False),
        sa.Column("version", sa.Text),
        sa.Column("started", sa.BigInteger, nullable=False),
        sa.Column("ended", sa.BigInteger),
    )


# SQLite numbers rows only in a column declared INTEGER.
_COUNTED = sa.BigInteger().with_variant(sa.Integer, "sqlite")
