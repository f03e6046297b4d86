"""The tables of the store as SQLAlchemy models; Alembic creates them (`migrations/`)."""

from sqlalchemy import (
    BigInteger,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    Text,
    UniqueConstraint,
    text,
)
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column, relationship

DAY = 86_400  # s


def _partial(name: str, *columns: str, where: str, sqlite: str = "") -> Index:
    """A partial index, of the rows that fulfil `where`, in the form of SQLAlchemy's queries."""
    return Index(name, *columns, sqlite_where=text(sqlite or where), postgresql_where=text(where))


class Base(DeclarativeBase):
    """Column types: ids of Telegram and times (Unix seconds, UTC) need 64-bit integers."""

    type_annotation_map = {  # noqa: RUF012
        # SQLite's INTEGER has 64 bits, and only a key of that type name is numbered by itself.
        int: BigInteger().with_variant(Integer(), "sqlite"),
        str: Text,
        bytes: LargeBinary,
    }


class UserRow(Base):
    """The settings of a user; None: the default.

    `muted`: no message when a version that learned from this user's corrections begins to serve.
    """

    __tablename__ = "users"
    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    model: Mapped[str | None]
    language: Mapped[str | None]
    muted: Mapped[bool] = mapped_column(default=False)


# The condition of updates that wait and are not blocked, in the SQL of either database.
READY = "payload IS NOT NULL AND owner IS NULL AND NOT blocked"
READY_IN_SQLITE = "payload IS NOT NULL AND owner IS NULL AND blocked = 0"


class UpdateRow(Base):
    """An update of Telegram, stored before its receipt is confirmed, until it is finished.

    `payload`: its JSON; None when finished, so that a second delivery is still recognised.
    `received`: Unix seconds. `turn`: the user, else the chat, whose updates are handled one after
    the other. `message_id`: of a message in a private chat; these share one numbering.
    `album`: Telegram's `media_group_id`; its photos are one unit of work. `owner`: the
    `ReplicaRow.id` of the process that works on it. `tries`: how often it was
    claimed and not given back; while it has no owner, so many processes have died while they
    worked on it. `blocked`: an older update of its turn was claimed, so it is not to be claimed
    until that one is finished.
    """

    __tablename__ = "updates"
    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    payload: Mapped[str | None]
    received: Mapped[float]
    turn: Mapped[int]
    chat_id: Mapped[int]
    message_id: Mapped[int | None]
    album: Mapped[str | None]
    owner: Mapped[str | None]
    tries: Mapped[int] = mapped_column(default=0)
    blocked: Mapped[bool] = mapped_column(default=False)
    __table_args__ = (
        _partial("updates_finished", "received", where="payload IS NULL"),
        _partial("updates_of_turn", "turn", "id", where="payload IS NOT NULL"),
        _partial("updates_private", "id", where="message_id IS NOT NULL"),
        _partial("updates_in_work", "turn", where="payload IS NOT NULL AND owner IS NOT NULL"),
        _partial("updates_ready", "id", where=READY, sqlite=READY_IN_SQLITE),
        _partial("updates_ready_of_turn", "turn", where=READY, sqlite=READY_IN_SQLITE),
    )


class ReplicaRow(Base):
    """A process that works on updates or trainings; `beat` is incremented while it is alive.

    `trains`: it is a worker; the other processes train only if there is none.
    """

    __tablename__ = "replicas"
    id: Mapped[str] = mapped_column(primary_key=True)
    beat: Mapped[int] = mapped_column(default=0)
    trains: Mapped[bool] = mapped_column(default=False)


class RateRow(Base):
    """A bucket of `bot.store.rates`, in PostgreSQL: `empty_at` in Unix seconds."""

    __tablename__ = "rates"
    key: Mapped[str] = mapped_column(primary_key=True)
    empty_at: Mapped[float]


class SendRow(Base):
    """A message that answers an update (`bot.store.outbox.Send`).

    `message_id`: None until Telegram has confirmed the message.
    """

    __tablename__ = "sends"
    update_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    chat_id: Mapped[int] = mapped_column(index=True)
    after: Mapped[int]
    markup: Mapped[str | None]
    message_id: Mapped[int | None]


class ReadingRow(Base):
    """The answer to one photo, without the photo.

    `judged_right`: whether the user says that it is right; None if the user has not said.

    `turns`: quarter turns anticlockwise by which the photo was rotated before it was read.
    `chat_id`, `message_id`: the message that requested it; None for a drawing of the web page.
    `file`: Telegram's `file_unique_id` of the photo. A message has one reading
    for each photo that its user put into it, however often an update is tried.
    `has_glyphs`: the glyphs of its digits are not deleted yet.
    """

    __tablename__ = "readings"
    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int]
    chat_id: Mapped[int | None]
    message_id: Mapped[int | None]
    file: Mapped[str | None]
    model: Mapped[str]
    version: Mapped[str]
    text: Mapped[str]
    unsure: Mapped[bool]
    ms: Mapped[float]
    created: Mapped[int]
    judged_right: Mapped[bool | None]
    turns: Mapped[int] = mapped_column(default=0)
    looks_turned: Mapped[bool] = mapped_column(default=False)
    has_glyphs: Mapped[bool] = mapped_column(default=True)
    digits: Mapped[list["DigitRow"]] = relationship(
        cascade="all, delete-orphan", order_by="DigitRow.position", lazy="selectin"
    )
    __table_args__ = (
        Index("readings_by_user", "user_id", "created"),
        Index("readings_by_time", "created"),
        _partial("readings_with_glyphs", "created", where="has_glyphs", sqlite="has_glyphs = 1"),
        Index("readings_of_message", "chat_id", "message_id", "file", unique=True),
    )


class DigitRow(Base):
    """One digit of a reading: `glyph` is 784 bytes, 28 rows of 28, ink 255 on 0.

    It is empty once deleted (`bot.store.retention`).

    `other`: the second choice offered for an unsure digit, 0 to 9 or NOT_A_DIGIT.
    """

    __tablename__ = "digits"
    reading_id: Mapped[int] = mapped_column(
        ForeignKey("readings.id", ondelete="CASCADE"), primary_key=True
    )
    position: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    digit: Mapped[int]
    confidence: Mapped[float]
    glyph: Mapped[bytes]
    unsure: Mapped[bool] = mapped_column(default=False)
    other: Mapped[int | None]
    other_confidence: Mapped[float | None]


class JobRow(Base):
    """One training ordered in a chat, where a message shows its progress and its end.

    `state`: "queued", "running", or how it ended: "promoted", "kept", "failed", "cancelled",
    "killed" or "interrupted". `cancelled`: an admin cancelled it. `reported`: the message shows
    the result. `owner`: the process (`ReplicaRow`) that trains it or reports the result.
    `topic`: Telegram's `message_thread_id` in a group. `language`: of the admin; None: the
    default. `started`: Unix seconds of its start, while it is queued of the order.
    """

    __tablename__ = "jobs"
    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str]
    full: Mapped[bool]
    user_id: Mapped[int]
    chat_id: Mapped[int]
    message_id: Mapped[int]
    topic: Mapped[int | None]
    language: Mapped[str | None]
    state: Mapped[str]
    cancelled: Mapped[bool] = mapped_column(default=False)
    reported: Mapped[bool] = mapped_column("told")
    owner: Mapped[str | None]
    version: Mapped[str | None]
    started: Mapped[int]
    ended: Mapped[int | None]
    __table_args__ = (
        Index(
            "one_training",
            "state",
            unique=True,
            sqlite_where=text("state = 'running'"),
            postgresql_where=text("state = 'running'"),
        ),
    )


class VersionRow(Base):
    """A trained version's files, which every process that shares the store copies to its disk.

    All three are None once it is deleted; without the row a copy on a disk would count as new.
    """

    __tablename__ = "versions"
    kind: Mapped[str] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(primary_key=True)
    card: Mapped[bytes | None]
    tflite: Mapped[bytes | None]
    keras: Mapped[bytes | None]


class PointerRow(Base):
    """The registry's pointer file of a kind: promoted versions, one a line, the last serves."""

    __tablename__ = "pointers"
    kind: Mapped[str] = mapped_column(primary_key=True)
    names: Mapped[str]


class CorrectionRow(Base):
    """The label that a user gave one digit of a reading; a later correction replaces it.

    `held_out`: evaluates versions and never trains. `excluded`: an admin keeps it from training.
    `approved`: an admin has checked it, so a training does not test whether it is plausible.
    `learned_by`: the first version that trained with it and classifies it correctly; `announced`:
    its user had a message when that version began to serve. `use`: how the last training used it,
    a number of `model.datasets.corrections.Use`.
    """

    __tablename__ = "corrections"
    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(index=True)
    reading_id: Mapped[int] = mapped_column(ForeignKey("readings.id", ondelete="CASCADE"))
    position: Mapped[int]
    glyph: Mapped[bytes]
    was: Mapped[int]
    should_be: Mapped[int]
    kind: Mapped[str]
    version: Mapped[str]
    created: Mapped[int]
    held_out: Mapped[bool]
    excluded: Mapped[bool]
    approved: Mapped[bool] = mapped_column(default=False)
    learned_by: Mapped[str | None]
    announced: Mapped[bool] = mapped_column(default=False)
    use: Mapped[int | None]
    __table_args__ = (UniqueConstraint("reading_id", "position", name="one_word_on_each_digit"),)
