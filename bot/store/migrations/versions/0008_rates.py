"""Rate limits that processes keep together."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0011"


def upgrade() -> None:
    """Make the table; in SQLite, which has one process, it stays empty."""
    op.create_table(
        "rates",
        sa.Column("key", sa.Text, primary_key=True),
        sa.Column("empty_at", sa.Float, nullable=False),
    )
