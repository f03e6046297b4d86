"""/model: the network that reads a user's photos."""

from functools import partial
from typing import cast

from telegram import (
    CallbackQuery,
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    Message,
    Update,
    User,
)
from telegram.constants import ParseMode
from telegram.ext import CallbackQueryHandler, CommandHandler, ContextTypes

from bot.answers.buttons import marked
from bot.answers.taps import ASKER, own_choice
from bot.filters import Handler
from bot.services import Services
from model.classes import MODELS


async def model_command(
    update: Update, context: ContextTypes.DEFAULT_TYPE, *, services: Services
) -> None:
    """Show the choices, or switch to the network in the argument."""
    message, user = cast(Message, update.effective_message), cast(User, update.effective_user)
    if context.args:
        text = await _switch(user, user.id, context.args[0].lower(), services)
        await message.reply_text(text, ParseMode.HTML)
        return
    model = services.store.user(user.id).model or services.settings.default_model
    text = services.say(user, "model-now", model=model)
    await message.reply_text(text, ParseMode.HTML, reply_markup=_buttons(user, model, services))


async def model_button(
    update: Update, _: ContextTypes.DEFAULT_TYPE, *, services: Services
) -> None:
    """Switch to the network on the button, and replace the buttons by a confirmation."""
    query, user = cast(CallbackQuery, update.callback_query), cast(User, update.effective_user)
    choice = await own_choice(query, services)
    if choice is None:
        return
    text = await _switch(user, choice.asker, choice.name, services)
    await query.answer()
    await query.edit_message_text(text, ParseMode.HTML)


def handlers(services: Services) -> list[Handler]:
    """The command and its buttons."""
    pattern = f"^model:({'|'.join(MODELS)}){ASKER}$"
    return [
        CommandHandler("model", partial(model_command, services=services)),
        CallbackQueryHandler(partial(model_button, services=services), pattern),
    ]


async def _switch(user: User, asker: int, model: str, services: Services) -> str:
    if model not in MODELS:
        return services.say(user, "model-unknown")
    await services.store.choose(asker, model=model)
    return services.say(user, "model-switched", model=model)


def _buttons(user: User, current: str, services: Services) -> InlineKeyboardMarkup:
    row = [
        InlineKeyboardButton(
            marked(services.say(user, "model-name", model=model), model == current),
            callback_data=f"model:{model}:{user.id}",
        )
        for model in MODELS
    ]
    return InlineKeyboardMarkup([row])
