"""Corrections that an admin has approved."""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0009"


def upgrade() -> None:
    """Add the column, false in existing corrections."""
    column = sa.Column("approved", sa.Boolean, nullable=False, server_default=sa.false())
    op.add_column("corrections", column)
