"""The newest message of private chats is found by an index."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    """Index the messages; without it each answer of a bot in groups reads all updates."""
    where = sa.text("message_id IS NOT NULL")
    op.create_index(
        "updates_private", "updates", ["id"], sqlite_where=where, postgresql_where=where
    )
