"""Doubts and turns of an answer, and the version that learned a correction."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    """Add columns; existing readings have no doubts, and no version learned their corrections."""
    op.add_column("digits", _flag("unsure"))
    op.add_column("digits", sa.Column("other", sa.BigInteger))
    op.add_column("digits", sa.Column("other_confidence", sa.Float))
    op.add_column(
        "readings", sa.Column("turns", sa.BigInteger, nullable=False, server_default="0")
    )
    op.add_column("readings", _flag("looks_turned"))
    op.add_column("corrections", sa.Column("learned_by", sa.Text))
    op.add_column("corrections", _flag("announced"))
    op.add_column("users", _flag("muted"))


def _flag(name: str) -> sa.Column[bool]:
    return sa.Column(name, sa.Boolean, nullable=False, server_default=sa.false())
