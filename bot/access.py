"""Who gets through: so many photos of one user a minute, and no tap on a button that is not ours.

The buttons themselves check in `bot.answers.taps` and `bot.admins` whose they are, at every tap.
"""

import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import cast

from telegram import CallbackQuery, Message, Update, User
from telegram.constants import ParseMode
from telegram.ext import (
    ApplicationHandlerStop,
    CallbackQueryHandler,
    ContextTypes,
    MessageHandler,
    filters,
)

from bot.handlers import Handler
from bot.handlers.groups import FOR_US
from bot.services import Services
from bot.work import current

BURST = 10  # photos at once: an album
FORGET_ABOVE = 10_000  # users remembered; those who may send a full burst again are forgotten
READ = filters.Regex(r"^/read\b")  # the command that reads what it replies to


@dataclass
class _Bucket:
    photos: float
    filled: float
    told: bool = False


class Limits:
    """A bucket of photos for each user, filled by `per_minute`; 0 means no limit."""

    def __init__(self, per_minute: int, clock: Callable[[], float] = time.monotonic) -> None:
        self._rate, self._clock = per_minute / 60, clock
        self._buckets: dict[int, _Bucket] = {}

    def take(self, user_id: int) -> bool:
        """Say whether the user may send this photo."""
        if not self._rate:
            return True
        bucket = self._filled(user_id)
        if bucket.photos < 1:
            return False
        bucket.photos -= 1
        bucket.told = False
        return True

    def must_tell(self, user_id: int) -> bool:
        """Say, once until the next photo that gets through, that the user is to be told."""
        bucket = self._filled(user_id)
        told, bucket.told = bucket.told, True
        return not told

    def _filled(self, user_id: int) -> _Bucket:
        now = self._clock()
        if len(self._buckets) > FORGET_ABOVE:
            full = BURST / self._rate  # s
            self._buckets = {k: b for k, b in self._buckets.items() if now - b.filled < full}
        bucket = self._buckets.setdefault(user_id, _Bucket(BURST, now))
        bucket.photos = min(BURST, bucket.photos + self._rate * (now - bucket.filled))
        bucket.filled = now
        return bucket


async def limit_photos(
    update: Update, _: ContextTypes.DEFAULT_TYPE, *, services: Services, limits: Limits
) -> None:
    """Let a photo through to the handlers, or stop it here."""
    message, user = cast(Message, update.effective_message), cast(User, update.effective_user)
    if limits.take(user.id):
        return
    if work := current.get():
        work.outcome = "limited"
    if limits.must_tell(user.id):
        text = services.say(user, "error-too-many", count=services.settings.photos_per_minute)
        await message.reply_text(text, ParseMode.HTML)
    raise ApplicationHandlerStop


def guard(services: Services) -> Handler:
    """What goes before all other handlers."""
    limits = Limits(services.settings.photos_per_minute)
    drawn = filters.StatusUpdate.WEB_APP_DATA
    what = (FOR_US | READ | drawn) & filters.UpdateType.MESSAGE
    return MessageHandler(what, partial(limit_photos, services=services, limits=limits))


async def refuse_tap(update: Update, _: ContextTypes.DEFAULT_TYPE, *, services: Services) -> None:
    """Answer a tap that no button of the bot makes: a forged one, or one of a former bot."""
    query = cast(CallbackQuery, update.callback_query)
    await query.answer(services.say(query.from_user, "answer-gone"), show_alert=True)


def last_of_taps(services: Services) -> Handler:
    """What goes after all other buttons."""
    return CallbackQueryHandler(partial(refuse_tap, services=services))
