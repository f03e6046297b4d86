"""/retrain, for admins, and the button that cancels it."""

from functools import partial
from typing import cast

from telegram import CallbackQuery, Message, Update, User
from telegram.ext import CallbackQueryHandler, CommandHandler, ContextTypes

from bot.access import admins_only
from bot.filters import Handler
from bot.learning.retraining import ASIDE, CANCEL, Retraining
from bot.services import Services
from bot.trainer import Plan
from model.classes import KINDS

BOTH = "both"
CHOICES: dict[str, tuple[str, ...]] = {**{kind: (kind,) for kind in KINDS}, BOTH: KINDS}
FULL = "full"  # train from nothing


@admins_only
async def retrain(
    update: Update, context: ContextTypes.DEFAULT_TYPE, *, services: Services
) -> None:
    """Start trainings, unless one runs already: then show it."""
    message, user = cast(Message, update.effective_message), cast(User, update.effective_user)
    choice, *rest = [word.lower() for word in context.args or [BOTH]]
    if services.trainer.plan:
        await _point_to_running(message, user, services.trainer.plan.kind, services)
    elif choice not in CHOICES or rest not in ([], [FULL]):
        await message.reply_text(services.say(user, "retrain-usage"))
    else:
        plans = [Plan(kind, full=rest == [FULL]) for kind in CHOICES[choice]]
        services.trainer.start(plans, Retraining(services, context.bot, user, message.chat_id))


@admins_only
async def cancel(update: Update, _: ContextTypes.DEFAULT_TYPE, *, services: Services) -> None:
    """End the training that this message shows, if it still runs."""
    query = cast(CallbackQuery, update.callback_query)
    running, shown = await services.store.jobs.running(), cast(Message, query.message)
    # None where the admin who asked for it has had herself forgotten.
    is_shown = not running or (running.chat_id, running.message_id) == (shown.chat.id, shown.id)
    key = "retrain-over"
    if is_shown and services.trainer.plan:
        services.trainer.cancel()
        key = "retrain-cancelling"
    await query.answer(services.say(query.from_user, key))


@admins_only
async def set_aside(update: Update, _: ContextTypes.DEFAULT_TYPE, *, services: Services) -> None:
    """Set the corrections of one change of label aside, for the next training."""
    query = cast(CallbackQuery, update.callback_query)
    was, should_be = map(int, cast(str, query.data).removeprefix(f"{ASIDE}:").split(":"))
    count = await services.store.corrections.exclude_change(was, should_be)
    await query.answer(
        services.say(query.from_user, "retrain-aside", count=count), show_alert=True
    )


async def _point_to_running(message: Message, user: User, kind: str, services: Services) -> None:
    running = await services.store.jobs.running()
    is_here = running and running.chat_id == message.chat_id
    await message.reply_text(
        services.say(user, "retrain-running", kind=kind),
        reply_to_message_id=running.message_id if running and is_here else None,
        allow_sending_without_reply=True,
    )


def handlers(services: Services) -> list[Handler]:
    """The command and its button."""
    return [
        CommandHandler("retrain", partial(retrain, services=services)),
        CallbackQueryHandler(partial(cancel, services=services), f"^{CANCEL}$"),
        CallbackQueryHandler(partial(set_aside, services=services), rf"^{ASIDE}:\d:(\d|10)$"),
    ]
