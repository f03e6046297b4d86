"""Rate limits shared by all processes."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0011"


def upgrade() -> None:
    """Create the table; in SQLite, which only one process uses, it stays empty."""
    op.create_table(
        "rates",
        sa.Column("key", sa.Text, primary_key=True),
        sa.Column("empty_at", sa.Float, nullable=False),
    )
