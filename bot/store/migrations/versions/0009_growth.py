"""Indices for claims in large backlogs, and for the deletion of old glyphs."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
READY = "payload IS NOT NULL AND owner IS NULL AND NOT blocked"
READY_IN_SQLITE = "payload IS NOT NULL AND owner IS NULL AND blocked = 0"


def upgrade() -> None:
    """Add the columns that both select by, and their indices."""
    op.add_column(
        "updates", sa.Column("blocked", sa.Boolean, nullable=False, server_default=sa.false())
    )
    op.drop_index("updates_unclaimed", "updates")
    _index("updates_in_work", "updates", ["turn"], "payload IS NOT NULL AND owner IS NOT NULL")
    _index("updates_ready", "updates", ["id"], READY, READY_IN_SQLITE)
    _index("updates_ready_of_turn", "updates", ["turn"], READY, READY_IN_SQLITE)
    op.add_column(
        "readings", sa.Column("has_glyphs", sa.Boolean, nullable=False, server_default=sa.true())
    )
    _index("readings_with_glyphs", "readings", ["created"], "has_glyphs", "has_glyphs = 1")


def _index(name: str, table: str, columns: list[str], where: str, sqlite: str = "") -> None:
    lite, served = sa.text(sqlite or where), sa.text(where)
    op.create_index(name, table, columns, sqlite_where=lite, postgresql_where=served)
