"""An index to find the newest message of private chats."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    """Add the index; without it each answer in a group reads all updates."""
    where = sa.text("message_id IS NOT NULL")
    op.create_index(
        "updates_private", "updates", ["id"], sqlite_where=where, postgresql_where=where
    )
