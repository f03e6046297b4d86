"""Trained versions and which one serves, for the processes that share the store."""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0007"


def upgrade() -> None:
    """Create the tables; the first process to start adds the versions on its disk."""
    op.create_table(
        "versions",
        sa.Column("kind", sa.Text, primary_key=True),
        sa.Column("name", sa.Text, primary_key=True),
        *(sa.Column(file, sa.LargeBinary) for file in ("card", "tflite", "keras")),
    )
    op.create_table(
        "pointers",
        sa.Column("kind", sa.Text, primary_key=True),
        sa.Column("names", sa.Text, nullable=False),
    )
