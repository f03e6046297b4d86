"""The queue of trainings: the table of jobs, from which one process at a time claims one."""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"


def upgrade() -> None:
    """Add columns; trainings that the older program left running are interrupted."""
    for name, type_ in (("topic", sa.BigInteger), ("language", sa.Text), ("owner", sa.Text)):
        op.add_column("jobs", sa.Column(name, type_))
    op.add_column("jobs", _flag("cancelled"))
    op.add_column("replicas", _flag("trains"))
    op.execute("UPDATE jobs SET state = 'interrupted' WHERE state = 'running'")
    where = sa.text("state = 'running'")
    op.create_index(
        "one_training", "jobs", ["state"], unique=True, sqlite_where=where, postgresql_where=where
    )


def _flag(name: str) -> sa.Column[bool]:
    return sa.Column(name, sa.Boolean, nullable=False, server_default=sa.false())
