"""/retrain, for admins; anybody else is told so politely."""

from functools import partial
from typing import cast

from telegram import Message, Update, User
from telegram.constants import ParseMode
from telegram.ext import CommandHandler, ContextTypes, filters

from bot.handlers import Handler
from bot.retraining import Retraining
from bot.services import Services

KINDS = ("clean", "noisy")


async def retrain(
    update: Update, context: ContextTypes.DEFAULT_TYPE, *, services: Services
) -> None:
    """Start a training of one network, unless one runs already."""
    message, user = cast(Message, update.effective_message), cast(User, update.effective_user)
    kind = context.args[0].lower() if context.args else ""
    if running := services.trainer.kind:
        await message.reply_text(services.say(user, "retrain-running", kind=running))
    elif kind not in KINDS:
        await message.reply_text(services.say(user, "retrain-usage"))
    else:
        text = services.say(user, "retrain-start", kind=kind)
        shown = await message.reply_text(text, ParseMode.HTML)
        services.trainer.start(kind, Retraining(services, kind, user, shown))


async def refuse(update: Update, _: ContextTypes.DEFAULT_TYPE, *, services: Services) -> None:
    """Tell a user that this command is not hers."""
    message = cast(Message, update.effective_message)
    await message.reply_text(services.say(update.effective_user, "only-admins"))


def handlers(services: Services) -> list[Handler]:
    """Each command twice: for `ADMIN_IDS` (nobody, if empty), then for everybody else."""
    admins = filters.User(services.settings.admin_ids)
    return [
        CommandHandler("retrain", partial(retrain, services=services), admins),
        CommandHandler("retrain", partial(refuse, services=services)),
    ]
