"""How many starts of the bot have found an update unfinished."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    """Add to the updates; those of before count from here."""
    starts = sa.Column("starts", sa.BigInteger, nullable=False, server_default="0")
    op.add_column("updates", starts)
