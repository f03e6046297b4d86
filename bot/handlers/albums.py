"""Photos sent as an album -> one answer, numbered as they are.

Telegram delivers an album as messages of their own, and never says how many there are. Each is
read as it comes; the answer goes out when no more came for a moment. Until then none of their
updates ends, so that a killed bot gets all of them again, as does one whose store failed.
"""

import asyncio
from dataclasses import dataclass, field
from functools import partial
from typing import cast

from telegram import CallbackQuery, Message, ReplyParameters, Update, User
from telegram.constants import MessageLimit, ParseMode
from telegram.ext import CallbackQueryHandler, ContextTypes, MessageHandler, filters

from bot.answers.buttons import album_buttons, answer_buttons
from bot.answers.taps import NUMBER, numbers, own_reading
from bot.answers.text import ALBUM_DIGITS, answer, numbered
from bot.errors import is_store_fault, sentence
from bot.filters import Handler
from bot.handlers.photos import Read, network_line, read, reply, send_answer
from bot.pictures.album import AlbumPhoto, album_sheet
from bot.pictures.annotated import marks_of
from bot.services import Services
from bot.update_context import current
from preprocessing import PhotoError

QUIET = 0.5  # s without another photo: then the album is complete
READ_AT_ONCE = 8  # photos of all albums together; fetched, each takes up to 20 MB
Outcome = Read | PhotoError


@dataclass
class Album:
    """The messages that came so far, each with its reading in work."""

    members: list[tuple[Message, asyncio.Task[Read]]] = field(default_factory=list)
    answered: asyncio.Event = field(default_factory=asyncio.Event)
    turn: asyncio.Lock = field(default_factory=asyncio.Lock)  # of its photos to be read
    store_fault: Exception | None = None  # what all its updates come again for

    async def complete(self) -> None:
        """Wait until those that came are read and no more come: a busy machine is slow at both."""
        came = 0
        while came < len(self.members):
            came = len(self.members)
            reads = (task for _, task in self.members)
            await asyncio.gather(asyncio.sleep(QUIET), *reads, return_exceptions=True)

    def outcomes(self) -> list[tuple[Message, Outcome]]:
        """Return what each message said, in the order of the album; raise what is our fault."""
        self.members.sort(key=lambda member: member[0].message_id)
        return [(message, _outcome(task)) for message, task in self.members]


@dataclass
class Albums:
    """The albums in work, by chat and Telegram's name for them, and their photos' places."""

    known: dict[tuple[int, str], Album] = field(default_factory=dict)
    places: asyncio.Semaphore = field(default_factory=lambda: asyncio.Semaphore(READ_AT_ONCE))

    async def read(self, message: Message, user: User, services: Services) -> Read:
        """Read one photo when it is its turn; raises PhotoError."""
        async with self.places:
            return await read(message, user, services)


async def read_member(
    update: Update, _: ContextTypes.DEFAULT_TYPE, *, services: Services, albums: Albums
) -> None:
    """Read one photo of an album; whose photo came first answers for all."""
    message, user = cast(Message, update.effective_message), cast(User, update.effective_user)
    key = message.chat_id, cast(str, message.media_group_id)
    first = key not in albums.known
    album = albums.known.setdefault(key, Album())
    if work := current.get():
        work.album = album.turn
    album.members.append((message, asyncio.create_task(albums.read(message, user, services))))
    if not first:
        await album.answered.wait()
        if album.store_fault:
            raise album.store_fault
        return
    try:
        await album.complete()
        del albums.known[key]
        await _answer(album.outcomes(), user, services)
    except Exception as error:
        album.store_fault = error if is_store_fault(error) else None
        raise
    finally:
        album.answered.set()


async def show_one(update: Update, _: ContextTypes.DEFAULT_TYPE, *, services: Services) -> None:
    """Answer one photo of an album by itself, to be judged and explained."""
    query, user = cast(CallbackQuery, update.callback_query), cast(User, update.effective_user)
    reading = await own_reading(query, services)
    if reading is None:
        return
    await query.answer()
    say = partial(services.say, user)
    should_be = await services.store.corrections.of_reading(reading.id)
    await cast(Message, query.message).reply_text(
        answer(say, reading, should_be, network_line(user, reading, services)),
        ParseMode.HTML,
        reply_markup=answer_buttons(say, reading, should_be),
        reply_parameters=ReplyParameters(numbers(query)[1], allow_sending_without_reply=True),
    )


def handlers(services: Services) -> list[Handler]:
    """Members of albums in private chats; the buttons under their answer."""
    what = _InAlbum() & filters.ChatType.PRIVATE
    albums = Albums()
    return [
        MessageHandler(what, partial(read_member, services=services, albums=albums)),
        CallbackQueryHandler(partial(show_one, services=services), f"^show{NUMBER * 2}$"),
    ]


class _InAlbum(filters.MessageFilter):
    def filter(self, message: Message) -> bool:
        return message.media_group_id is not None


async def _answer(outcomes: list[tuple[Message, Outcome]], user: User, services: Services) -> None:
    message, outcome = outcomes[0]
    if len(outcomes) == 1:
        if isinstance(outcome, PhotoError):
            raise outcome
        await reply(message, user, outcome, services)
        return
    say = partial(services.say, user)
    lines, photos, buttons = [], [], []
    for number, (member, one) in enumerate(outcomes, start=1):
        if isinstance(one, PhotoError):
            key, values = sentence(one)
            lines.append(say(key, **values))
            continue
        lines.append(answer(say, one.row, {}, digits=ALBUM_DIGITS))
        marks = marks_of(one.reading, one.row, {})
        photos.append(AlbumPhoto(number, one.photo, one.reading.page, marks))
        buttons.append((number, one.row.id, member.message_id))
    rows = [one.row for _, one in outcomes if isinstance(one, Read)]
    networks = [network_line(user, row, services) for row in rows[:1]]
    text = "\n".join(filter(None, [numbered(lines), *networks]))
    picture = None
    if photos and len(text) <= MessageLimit.CAPTION_LENGTH:
        picture = await services.draw(album_sheet, photos)
    await send_answer(message, text, album_buttons(say, buttons), picture)


def _outcome(task: asyncio.Task[Read]) -> Outcome:
    error = task.exception()
    return error if isinstance(error, PhotoError) else task.result()
