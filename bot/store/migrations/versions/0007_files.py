"""Which photo was read: another one in the same message has a reading of its own."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"


def upgrade() -> None:
    """Add the file's id; of readings of before it is not known."""
    op.add_column("readings", sa.Column("file", sa.Text))
    op.drop_index("readings_of_message", "readings")
    columns = ["chat_id", "message_id", "file"]
    op.create_index("readings_of_message", "readings", columns, unique=True)
