"""Albums: the photos of one are answered together, by number.

Telegram delivers the photos as separate messages and does not say how many there are. They are
claimed together, as one unit of work, when none has come for ALBUM_QUIET (`bot.store.inbox`).
"""

import asyncio
from collections.abc import Sequence
from functools import partial
from typing import cast

from telegram import Message, ReplyParameters, Update, User
from telegram.constants import MessageLimit, ParseMode
from telegram.ext import ContextTypes, MessageHandler

from bot.access import is_within_limit
from bot.answers.buttons import album_buttons, answer_buttons
from bot.answers.taps import NUMBER, Tap, on_tap
from bot.answers.text import answer, numbered
from bot.errors import sentence
from bot.filters import ALBUM, FOR_US, Handler
from bot.handlers.photos import Read, network_line, read, reply, send_answer
from bot.pictures.album import AlbumPhoto, album_sheet
from bot.pictures.annotated import marks_of
from bot.services import Services
from bot.update_context import UpdateContext, current
from preprocessing import PhotoError

READ_AT_ONCE = 8  # photos of all albums in memory at once, each up to 20 MB
Outcome = Read | PhotoError


async def read_album(
    update: Update,
    _: ContextTypes.DEFAULT_TYPE,
    *,
    services: Services,
    places: asyncio.Semaphore,
) -> None:
    """Read all photos of an album, also those that arrive meanwhile, and answer them together."""
    user, work = cast(User, update.effective_user), cast(UpdateContext, current.get())

    work.album = asyncio.Lock()

    async def read_one(message: Message) -> Read:
        async with places:
            return await read(message, user, services)

    outcomes: list[tuple[Message, Outcome]] = []
    updates: Sequence[Update] = work.updates
    while updates:
        messages = [cast(Message, one.effective_message) for one in updates]
        messages.sort(key=lambda message: message.message_id)
        allowed = [one for one in messages if await is_within_limit(one, user, services)]
        done = await asyncio.gather(*map(read_one, allowed), return_exceptions=True)
        outcomes += zip(allowed, map(_outcome, done), strict=True)
        updates = await work.late()
    if outcomes:
        outcomes.sort(key=lambda one: one[0].message_id)
        await _answer(outcomes, user, services)


async def show_one(tap: Tap) -> None:
    """Answer one photo of an album separately, with the buttons to correct and explain it."""
    await tap.query.answer()
    should_be, (photo,) = await tap.should_be(), tap.numbers
    await tap.message.reply_text(
        answer(tap.say, tap.row, should_be, network_line(tap.user, tap.row, tap.services)),
        ParseMode.HTML,
        reply_markup=answer_buttons(tap.say, tap.row, should_be),
        reply_parameters=ReplyParameters(photo, allow_sending_without_reply=True),
    )


def handlers(services: Services) -> list[Handler]:
    """Members of albums; the buttons under their answer."""
    places = asyncio.Semaphore(READ_AT_ONCE)
    return [
        MessageHandler(ALBUM & FOR_US, partial(read_album, services=services, places=places)),
        on_tap("show", show_one, services, NUMBER),
    ]


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
        lines.append(answer(say, one.row, {}, in_album=True))
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


def _outcome(done: Read | BaseException) -> Outcome:
    """Return what is answered; raises any error that is not one of the photo."""
    if isinstance(done, Read | PhotoError):
        return done
    raise done
