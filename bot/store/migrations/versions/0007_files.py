"""The file id of a reading: a second photo in the same message gets its own reading."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"


def upgrade() -> None:
    """Add the file id, NULL in existing readings."""
    op.add_column("readings", sa.Column("file", sa.Text))
    op.drop_index("readings_of_message", "readings")
    columns = ["chat_id", "message_id", "file"]
    op.create_index("readings_of_message", "readings", columns, unique=True)
