"""Messages to the users whose corrections a promoted version was trained on, one to each."""

import asyncio
from collections import defaultdict
from contextlib import suppress
from functools import partial

import numpy as np
from telegram import Bot, CallbackQuery, InlineKeyboardButton, InlineKeyboardMarkup
from telegram.error import TelegramError

from bot.pictures.drawing import TEAL
from bot.pictures.sheet import Cell, in_rows, sheet
from bot.services import Services
from bot.store.tables import CorrectionRow

MUTE = "mute"  # callback data of the button that ends these messages
SHOWN = 24  # digits at most in one user's message


async def announce(bot: Bot, services: Services, version: str) -> None:
    """Send each such user the digits that this version reads right and the former did not.

    The store marks them as announced before a message is sent: at a crash a message may be
    lost, but is never sent twice.
    """
    by_user: dict[int, list[CorrectionRow]] = defaultdict(list)
    for row in await services.store.corrections.take_announced(version):
        by_user[row.user_id].append(row)
    for user_id, rows in by_user.items():
        with suppress(TelegramError):  # a user who blocked the bot, or wrote only in groups
            # In a task of its own: in this one `Store.user` is the admin who promoted.
            await asyncio.create_task(_send(bot, services, user_id, rows[:SHOWN]))


async def mute(query: CallbackQuery, services: Services) -> None:
    """Send this user no more of these messages."""
    await services.store.choose(query.from_user.id, muted=True)
    await query.answer(services.say(query.from_user, "muted"))
    await query.edit_message_reply_markup(None)


async def _send(bot: Bot, services: Services, user_id: int, rows: list[CorrectionRow]) -> None:
    chosen = (await services.store.load_user(user_id)).language
    language = chosen or services.texts.language(None)
    say = partial(services.texts.say, language)
    cells = [
        Cell(np.frombuffer(row.glyph, np.uint8).reshape(28, 28), str(row.should_be), frame=TEAL)
        for row in rows
    ]
    digits = ", ".join(dict.fromkeys(str(row.should_be) for row in rows))
    button = InlineKeyboardButton(say("button-mute"), callback_data=MUTE)
    await bot.send_photo(
        user_id,
        await services.draw(sheet, in_rows(cells)),
        say("taught", digits=digits, count=len(rows)),
        reply_markup=InlineKeyboardMarkup([[button]]),
    )
