"""What only admins may do: the id is checked at every command and every tap."""

from collections.abc import Callable, Coroutine
from functools import wraps
from typing import TypeAlias

from telegram import Update
from telegram.ext import ContextTypes

from bot.services import Services

Handle: TypeAlias = Callable[..., Coroutine[None, None, None]]


def admins_only(handle: Handle) -> Handle:
    """Call a handler for admins; tell anybody else that it is not theirs."""

    @wraps(handle)
    async def guarded(
        update: Update, context: ContextTypes.DEFAULT_TYPE, *, services: Services
    ) -> None:
        user, query = update.effective_user, update.callback_query
        if services.is_admin(user):
            await handle(update, context, services=services)
        elif query:
            await query.answer(services.say(user, "only-admins"), show_alert=True)
        elif update.effective_message:
            await update.effective_message.reply_text(services.say(user, "only-admins"))

    return guarded
