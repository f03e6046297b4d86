"""The tables of the store, as SQLAlchemy sees them; `migrations/` makes them."""

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

DAY = 86_400  # s, of the times in these tables


def _partial(name: str, *columns: str, where: str, sqlite: str = "") -> Index:
    """An index of the rows that fulfil a condition, written as SQLAlchemy writes it in queries."""
    return Index(name, *columns, sqlite_where=text(sqlite or where), postgresql_where=text(where))


class Base(DeclarativeBase):
    """Integers of Telegram (ids) and of time (Unix seconds, UTC) need 64 bits."""

    type_annotation_map = {  # noqa: RUF012
        # SQLite's INTEGER has 64 bits, and numbers rows by itself only where it is called so.
        int: BigInteger().with_variant(Integer(), "sqlite"),
        str: Text,
        bytes: LargeBinary,
    }


class UserRow(Base):
    """What a user chose; None where the default holds.

    `muted`: no message when a version that learned from this user's corrections begins to serve.
    """

    __tablename__ = "users"
    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    model: Mapped[str | None]
    language: Mapped[str | None]
    muted: Mapped[bool] = mapped_column(default=False)


# Updates that wait and are not blocked, as both engines write it.
READY = "payload IS NOT NULL AND owner IS NULL AND NOT blocked"
READY_IN_SQLITE = "payload IS NOT NULL AND owner IS NULL AND blocked = 0"


class UpdateRow(Base):
    """An update that Telegram delivered: stored before that is confirmed, until it is finished.

    `payload`: its JSON; None when finished, so that a second delivery is still recognised.
    `received`: Unix seconds. `turn`: the user, else the chat, whose updates are handled one after
    the other. `message_id`: of a message in a private chat; there ids count up over all chats.
    `album`: Telegram's `media_group_id`; its photos are one unit of work. `owner`: the token of
    the process that works on it. `tries`: how often work on it began and was not given back, so
    while nobody owns it the number of processes that died at it. `blocked`: it waited when an
    older one of its turn was claimed, so nobody looks at it until that one is finished.
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
    """A process that works on updates or trainings; `beat` counts up while it lives.

    `trains`: it is a worker, to which the others leave the trainings.
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
    """A message that answers an update in work; `message_id` is None until it surely arrived."""

    __tablename__ = "sends"
    update_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    chat_id: Mapped[int] = mapped_column(index=True)
    after: Mapped[int]
    markup: Mapped[str | None]
    message_id: Mapped[int | None]


class ReadingRow(Base):
    """One photo's answer, without the photo; `judged_right` is None if its user was silent.

    `turns`: quarters anticlockwise after which the photo was read.
    `chat_id`, `message_id`: the message that asked for it; None for a drawing of the page.
    `file`: Telegram's `file_unique_id` of the photo. However often an update is tried, there is
    one reading; another photo that the user puts into the same message has one of its own.
    `has_glyphs`: those of its digits are not too old yet.
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

    It is empty where the reading is too old (`bot.store.retention`).

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
    """One training ordered from the chat; its progress and its end stand in a message there.

    `state`: "queued", "running", or how it ended: "promoted", "kept", "failed", "cancelled",
    "killed" or "interrupted". `cancelled`: an admin wants it to end. `told`: the message says how
    it ended. `owner`: the process (`ReplicaRow`) that trains it or tells its end. `topic`: of the
    group's chat. `language`: of the admin; None: the default. `started`: Unix seconds, while it is
    queued those of the order.
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
    told: Mapped[bool]
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

    All three are None once it is deleted, so that a copy on a disk is not taken for a new one.
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
    """What a user says that one digit of a reading is; a later correction replaces it.

    `held_out`: measures versions and never trains. `excluded`: an admin set it aside. `approved`:
    an admin has looked at it, so it trains without being tested.
    `learned_by`: the first version that trained with it and reads it right; `announced`: its user
    was told when that version began to serve. `use`: what the last training that read it did with
    it, a number of `model.datasets.corrections.Use`.
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
