"""What the last training did with a correction."""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"


def upgrade() -> None:
    """Add the column, NULL in existing corrections."""
    op.add_column("corrections", sa.Column("use", sa.Integer(), nullable=True))
