"""Corrections that an admin has looked at and lets train."""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0009"


def upgrade() -> None:
    """Add the column; so far admins have only set corrections aside."""
    column = sa.Column("approved", sa.Boolean, nullable=False, server_default=sa.false())
    op.add_column("corrections", column)
