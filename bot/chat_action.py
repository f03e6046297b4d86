"""Signs of life while a photo waits for its answer: "typing…" and, once, that the bot is busy."""

import asyncio
import contextlib
from collections.abc import AsyncIterator

from telegram import Message, Update, User
from telegram.constants import ChatAction
from telegram.error import TelegramError

from bot.filters import FOR_US
from bot.services import Services

ACTION_AFTER = 0.7  # s; a faster answer needs no sign, which would be one of 30 calls a second
ACTION_EVERY = 4.5  # s; Telegram shows a sign for 5
# s; what 300 photos take at Telegram's pace. Said sooner, the word to each of 200 people at once
# would take the places of their answers, and make the wait twice as long.
BUSY_AFTER = 10.0


class ChatActions:
    """Around an update from its user's turn on: while it waits for a place, and in work."""

    def __init__(self, services: Services) -> None:
        self._services = services
        self._waiting: set[int] = set()  # users who see signs; one photo of an album is enough
        self._told: set[int] = set()  # users who know of the queue, until a quick answer

    @contextlib.asynccontextmanager
    async def __call__(self, update: Update) -> AsyncIterator[None]:
        """Show the user of a photo that it is not lost."""
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
        with contextlib.suppress(TelegramError):  # a sign may get lost, the answer comes anyway
            await asyncio.sleep(ACTION_AFTER)
            await message.reply_chat_action(ChatAction.TYPING)
            await asyncio.sleep(BUSY_AFTER - ACTION_AFTER)
            if user.id not in self._told:
                self._told.add(user.id)
                # Quoting the photo, as replies in a group do, it could pass for the answer.
                await message.reply_text(self._services.say(user, "busy"), do_quote=False)
            while True:
                await message.reply_chat_action(ChatAction.TYPING)
                await asyncio.sleep(ACTION_EVERY)
