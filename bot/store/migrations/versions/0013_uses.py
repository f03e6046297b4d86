"""What the last training did with a correction."""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"


def upgrade() -> None:
    """Add the column; of corrections before it nothing is known."""
    op.add_column("corrections", sa.Column("use", sa.Integer(), nullable=True))
