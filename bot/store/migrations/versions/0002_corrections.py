"""Corrections, users' verdicts on readings, and whether a training's result was reported."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    """Add a table and columns; earlier trainings count as reported."""
    op.create_table(
        "corrections",
        sa.Column("id", _COUNTED, primary_key=True),
        sa.Column("user_id", sa.BigInteger, nullable=False),
        sa.Column(
            "reading_id",
            sa.BigInteger,
            sa.ForeignKey("readings.id", ondelete="CASCADE"),
            nullable=False,
        ),
        sa.Column("position", sa.BigInteger, nullable=False),
        sa.Column("glyph", sa.LargeBinary, nullable=False),
        sa.Column("was", sa.BigInteger, nullable=False),
        sa.Column("should_be", sa.BigInteger, nullable=False),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("version", sa.Text, nullable=False),
        sa.Column("created", sa.BigInteger, nullable=False),
        sa.Column("held_out", sa.Boolean, nullable=False),
        sa.Column("excluded", sa.Boolean, nullable=False),
        sa.UniqueConstraint("reading_id", "position", name="one_word_on_each_digit"),
    )
    op.create_index("ix_corrections_user_id", "corrections", ["user_id"])
    op.add_column("readings", sa.Column("judged_right", sa.Boolean))
    op.add_column("jobs", sa.Column("full", sa.Boolean, nullable=False, server_default=sa.false()))
    op.add_column("jobs", sa.Column("told", sa.Boolean, nullable=False, server_default=sa.true()))


# SQLite numbers rows only in a column declared INTEGER.
_COUNTED = sa.BigInteger().with_variant(sa.Integer, "sqlite")
