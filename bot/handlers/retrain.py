"""/retrain, for admins: which network to train, and the button that cancels it."""

from functools import partial
from typing import cast

from telegram import (
    Bot,
    CallbackQuery,
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    Message,
    Update,
    User,
)
from telegram.ext import CallbackQueryHandler, CommandHandler, ContextTypes

from bot.access import admins_only
from bot.filters import Handler
from bot.learning.retraining import ASIDE, CANCEL, Retraining, usual_minutes
from bot.services import Services
from bot.trainer import Plan
from model.classes import KINDS

BOTH = "both"
CHOICES: dict[str, tuple[str, ...]] = {**{kind: (kind,) for kind in KINDS}, BOTH: KINDS}
FULL = "full"  # train from scratch
CHOOSE = "train:"  # callback data of a button, before the choice


@admins_only
async def retrain(
    update: Update, context: ContextTypes.DEFAULT_TYPE, *, services: Services
) -> None:
    """Start trainings, or show the one that runs; bare, ask which and start nothing."""
    message, user = cast(Message, update.effective_message), cast(User, update.effective_user)
    words = [word.lower() for word in context.args or []]
    choice, rest = "".join(words[:1]), words[1:]
    if services.trainer.plan:
        await _point_to_running(message, user, services.trainer.plan.kind, services)
    elif not words:
        await _offer(message, user, services)
    elif choice not in CHOICES or rest not in ([], [FULL]):
        await message.reply_text(services.say(user, "retrain-usage"))
    else:
        await _start(message, user, context.bot, choice, rest == [FULL], services)


@admins_only
async def choose(
    update: Update, context: ContextTypes.DEFAULT_TYPE, *, services: Services
) -> None:
    """Start the trainings on the button, in the place of the buttons."""
    query = cast(CallbackQuery, update.callback_query)
    message = cast(Message, query.message)
    await query.answer()
    if services.trainer.plan:
        kind = services.trainer.plan.kind
        await _point_to_running(message, query.from_user, kind, services)
        return
    await message.edit_reply_markup(None)
    choice = cast(str, query.data).removeprefix(CHOOSE)
    await _start(message, query.from_user, context.bot, choice, False, services)


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


async def _offer(message: Message, user: User, services: Services) -> None:
    say = partial(services.say, user)
    labels = {choice: choice for choice in KINDS} | {BOTH: say("button-both")}
    row = [
        InlineKeyboardButton(label, callback_data=f"{CHOOSE}{choice}")
        for choice, label in labels.items()
    ]
    minutes = [await usual_minutes(services, Plan(kind)) for kind in KINDS]
    text = say("retrain-choose", minutes=max(minutes))
    await message.reply_text(text, reply_markup=InlineKeyboardMarkup([row]))


async def _start(
    message: Message, user: User, bot: Bot, choice: str, full: bool, services: Services
) -> None:
    if choice == BOTH:
        await message.reply_text(services.say(user, "retrain-both"))
    plans = [Plan(kind, full=full) for kind in CHOICES[choice]]
    topic = message.message_thread_id if message.is_topic_message else None
    services.trainer.start(plans, Retraining(services, bot, user, message.chat_id, topic))


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
        CallbackQueryHandler(
            partial(choose, services=services), f"^{CHOOSE}({'|'.join(CHOICES)})$"
        ),
        CallbackQueryHandler(partial(cancel, services=services), f"^{CANCEL}$"),
        CallbackQueryHandler(partial(set_aside, services=services), rf"^{ASIDE}:\d:(\d|10)$"),
    ]
