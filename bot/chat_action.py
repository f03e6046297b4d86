"""Chat actions ("typing…") while a photo is read, and one message if that takes over 10 s.

https://core.telegram.org/bots/api#sendchataction
"""

import asyncio
import contextlib
from collections.abc import AsyncIterator

from telegram import Message, Update, User
from telegram.constants import ChatAction
from telegram.error import TelegramError

from bot.filters import FOR_US
from bot.services import Services

ACTION_AFTER = 0.7  # s until the first action; faster answers save one of 30 calls a second
ACTION_EVERY = 4.5  # s between two actions; Telegram shows each for 5 s
# s until the message that the bot is busy: as long as answers to 300 photos take at Telegram's
# 30 calls a second. Each such message costs one of these calls: sent earlier, to 200 users who
# wait at once, they would double the time until the answers.
BUSY_AFTER = 10.0


class ChatActions:
    """Makes the context manager in which one update is handled."""

    def __init__(self, services: Services) -> None:
        self._services = services
        self._waiting: set[int] = set()  # ids of users who get actions now
        # Ids of users who had the busy message, until an update is handled within BUSY_AFTER.
        self._told: set[int] = set()

    @contextlib.asynccontextmanager
    async def __call__(self, update: Update) -> AsyncIterator[None]:
        """Send actions to the sender of a photo until the `with` block ends."""
        message, user = update.effective_message, update.effective_user
        if not message or not user or user.id in self._waiting or not FOR_US.check_update(update):
            yield
            return
        self._waiting.add(user.id)
        signs = asyncio.create_task(self._signs(message, user))
        begun = asyncio.get_running_loop().time()
        try:
            yield
        finally:
            signs.cancel()
            self._waiting.discard(user.id)
            if asyncio.get_running_loop().time() - begun < BUSY_AFTER:
                self._told.discard(user.id)

    async def _signs(self, message: Message, user: User) -> None:
        with contextlib.suppress(TelegramError):  # a failed action does not affect the answer
            await asyncio.sleep(ACTION_AFTER)
            await message.reply_chat_action(ChatAction.TYPING)
            await asyncio.sleep(BUSY_AFTER - ACTION_AFTER)
            if user.id not in self._told:
                self._told.add(user.id)
                # It quotes no photo: replies that quote a photo are its answer.
                await message.reply_text(self._services.say(user, "busy"), do_quote=False)
            while True:
                await message.reply_chat_action(ChatAction.TYPING)
                await asyncio.sleep(ACTION_EVERY)
