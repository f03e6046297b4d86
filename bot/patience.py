"""Signs of life while an answer takes long: "typing…" and, once, a word that the bot is busy."""

import asyncio
import contextlib
from collections.abc import AsyncIterator

from telegram import Message, User
from telegram.constants import ChatAction
from telegram.error import TelegramError

from bot.services import Services

ACTION_AFTER = 0.7  # s; a faster answer needs no sign, which would be one of 30 calls a second
ACTION_EVERY = 4.5  # s; Telegram shows a sign for 5
BUSY_AFTER = 2.0  # s


@contextlib.asynccontextmanager
async def patience(message: Message, user: User, services: Services) -> AsyncIterator[None]:
    """Show the user that her photo is in work; she hears once of a queue, until it is gone."""
    signs = asyncio.create_task(_signs(message, user, services))
    begun = asyncio.get_running_loop().time()
    try:
        yield
    finally:
        signs.cancel()
        if asyncio.get_running_loop().time() - begun < BUSY_AFTER:
            services.told_busy.discard(user.id)


async def _signs(message: Message, user: User, services: Services) -> None:
    with contextlib.suppress(TelegramError):  # a sign may get lost, the answer comes anyway
        await asyncio.sleep(ACTION_AFTER)
        await message.reply_chat_action(ChatAction.TYPING)
        await asyncio.sleep(BUSY_AFTER - ACTION_AFTER)
        if user.id not in services.told_busy:
            services.told_busy.add(user.id)
            await message.reply_text(services.say(user, "busy"))
        while True:
            await message.reply_chat_action(ChatAction.TYPING)
            await asyncio.sleep(ACTION_EVERY)
