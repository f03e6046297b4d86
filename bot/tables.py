"""The tables of the store, as SQLAlchemy sees them; `migrations/` makes them."""

from sqlalchemy import BigInteger, ForeignKey, Index, LargeBinary, Text
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column, relationship


class Base(DeclarativeBase):
    """Integers of Telegram (ids) and of time (Unix seconds, UTC) need 64 bits."""

    type_annotation_map = {int: BigInteger, str: Text, bytes: LargeBinary}  # noqa: RUF012


class UserRow(Base):
    """What a user chose; None where the default holds."""

    __tablename__ = "users"
    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    model: Mapped[str | None]
    language: Mapped[str | None]


class UpdateRow(Base):
    """An update that Telegram delivered: kept before its offset is confirmed, until answered."""

    __tablename__ = "updates"
    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    payload: Mapped[str | None]
    received: Mapped[int]


class ReadingRow(Base):
    """One photo's answer, without the photo."""

    __tablename__ = "readings"
    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int]
    model: Mapped[str]
    version: Mapped[str]
    text: Mapped[str]
    unsure: Mapped[bool]
    ms: Mapped[float]
    created: Mapped[int]
    digits: Mapped[list["DigitRow"]] = relationship(
        cascade="all, delete-orphan", order_by="DigitRow.position", lazy="selectin"
    )
    __table_args__ = (Index("readings_by_user", "user_id", "created"),)


class DigitRow(Base):
    """One digit of a reading: `glyph` is 784 bytes, 28 rows of 28, ink 255 on 0."""

    __tablename__ = "digits"
    reading_id: Mapped[int] = mapped_column(
        ForeignKey("readings.id", ondelete="CASCADE"), primary_key=True
    )
    position: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    digit: Mapped[int]
    confidence: Mapped[float]
    glyph: Mapped[bytes]


class JobRow(Base):
    """One training started from the chat; `state` ends as anything but "running"."""

    __tablename__ = "jobs"
    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str]
    user_id: Mapped[int]
    chat_id: Mapped[int]
    message_id: Mapped[int]
    state: Mapped[str]
    version: Mapped[str | None]
    started: Mapped[int]
    ended: Mapped[int | None]
