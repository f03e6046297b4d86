"""/retrain, for admins: orders trainings, cancels them, sets suspicious corrections aside."""

from functools import partial
from typing import cast

from telegram import (
    Bot,
    CallbackQuery,
    Message,
    Update,
    User,
)
from telegram.constants import ParseMode
from telegram.ext import ContextTypes

from bot.access import for_admins
from bot.filters import Handler
from bot.learning.network_choice import BOTH, NETWORKS, network_buttons
from bot.learning.retraining import usual_minutes
from bot.learning.training_message import ASIDE, CANCEL, TrainingMessage
from bot.services import Services
from bot.store.jobs import Order
from bot.store.tables import JobRow
from bot.trainer import Plan
from model.classes import KINDS

FULL = "full"  # train from scratch
CHOOSE = "train:"  # callback data of a button, before the choice


async def retrain(
    update: Update, context: ContextTypes.DEFAULT_TYPE, *, services: Services
) -> None:
    """Order trainings, or show the one that runs; without an argument ask which network."""
    message, user = cast(Message, update.effective_message), cast(User, update.effective_user)
    words = [word.lower() for word in context.args or []]
    choice, rest = "".join(words[:1]), words[1:]
    if running := await services.store.jobs.open():
        await _point_to(running, message, user, services)
    elif not words:
        await _offer(message, user, services)
    elif choice not in NETWORKS or rest not in ([], [FULL]):
        await message.reply_text(services.say(user, "retrain-usage"))
    else:
        await _start(message, user, context.bot, choice, rest == [FULL], services)


async def choose(
    update: Update, context: ContextTypes.DEFAULT_TYPE, *, services: Services
) -> None:
    """Order the trainings on the button, and remove the buttons."""
    query = cast(CallbackQuery, update.callback_query)
    message = cast(Message, query.message)
    await query.answer()
    if running := await services.store.jobs.open():
        await _point_to(running, message, query.from_user, services)
        return
    await message.edit_reply_markup(None)
    choice = cast(str, query.data).removeprefix(CHOOSE)
    await _start(message, query.from_user, context.bot, choice, False, services)


async def cancel(update: Update, _: ContextTypes.DEFAULT_TYPE, *, services: Services) -> None:
    """Cancel the training that this message shows, if it has not ended."""
    query = cast(CallbackQuery, update.callback_query)
    jobs, shown = services.store.jobs, cast(Message, query.message)
    key = "retrain-over"
    if await jobs.cancel(shown.chat.id, shown.id):
        key = "retrain-cancelling"
    await query.answer(services.say(query.from_user, key))


async def set_aside(update: Update, _: ContextTypes.DEFAULT_TYPE, *, services: Services) -> None:
    """Exclude the corrections of one change of label from the next trainings."""
    query = cast(CallbackQuery, update.callback_query)
    was, should_be = map(int, cast(str, query.data).removeprefix(f"{ASIDE}:").split(":"))
    count = await services.store.corrections.exclude_change(was, should_be)
    await query.answer(
        services.say(query.from_user, "retrain-aside", count=count), show_alert=True
    )


async def _offer(message: Message, user: User, services: Services) -> None:
    say = partial(services.say, user)
    minutes = [await usual_minutes(services, Plan(kind)) for kind in KINDS]
    text = say("retrain-choose", minutes=max(minutes))
    await message.reply_text(text, reply_markup=network_buttons(say, CHOOSE))


async def _start(
    message: Message, user: User, bot: Bot, choice: str, full: bool, services: Services
) -> None:
    """Send a message for each training and order it; its process shows the progress there."""
    if choice == BOTH:
        await message.reply_text(services.say(user, "retrain-both"))
    topic = message.message_thread_id if message.is_topic_message else None
    say, rows = partial(services.say, user), await services.store.corrections.taught()
    orders, shown = [], []
    for kind in NETWORKS[choice]:
        of_kind = TrainingMessage.of(say, kind, rows)
        text = of_kind.start(
            full=full,
            learned_from=sum(not row.held_out for row in rows),
            minutes=await usual_minutes(services, Plan(kind, full=full)),
        )
        if not services.trains and not await services.store.jobs.has_worker():
            text += "\n\n" + say("retrain-no-worker")
        sent = await bot.send_message(
            message.chat_id,
            text,
            ParseMode.HTML,
            reply_markup=of_kind.buttons,
            message_thread_id=topic,
        )
        shown.append(sent)
        place = user.id, message.chat_id, sent.message_id
        orders.append(Order(kind, *place, full, topic, services.language(user)))
    if not await services.store.jobs.add(orders):  # another admin was faster
        for sent, order in zip(shown, orders, strict=True):
            await sent.edit_text(say("retrain-running", kind=order.kind))


async def _point_to(running: JobRow, message: Message, user: User, services: Services) -> None:
    is_here = running.chat_id == message.chat_id
    await message.reply_text(
        services.say(user, "retrain-running", kind=running.kind),
        reply_to_message_id=running.message_id if is_here else None,
        allow_sending_without_reply=True,
    )


def handlers(services: Services) -> list[Handler]:
    """The command and its buttons."""
    buttons = {
        f"{CHOOSE}({'|'.join(NETWORKS)})": choose,
        CANCEL: cancel,
        rf"{ASIDE}:\d:(\d|10)": set_aside,
    }
    return for_admins(services, {"retrain": retrain}, buttons)
