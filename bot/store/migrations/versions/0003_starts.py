"""How many starts of the bot have found an update unfinished."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    """Add a column to the updates, 0 for existing rows."""
    starts = sa.Column("starts", sa.BigInteger, nullable=False, server_default="0")
    op.add_column("updates", starts)
