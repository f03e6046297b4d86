"""/language: the language of the bot's messages to a user; the default is that of Telegram."""

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
from telegram.ext import CallbackQueryHandler, CommandHandler, ContextTypes

from bot.answers.buttons import marked
from bot.answers.taps import ASKER, own_choice
from bot.filters import Handler
from bot.services import Services

BUTTONS_IN_ROW = 2


async def language_command(
    update: Update, _: ContextTypes.DEFAULT_TYPE, *, services: Services
) -> None:
    """Show a button for each language, with its own name."""
    message, user = cast(Message, update.effective_message), cast(User, update.effective_user)
    buttons = [
        InlineKeyboardButton(
            marked(services.texts.say(code, "language-name"), code == services.language(user)),
            callback_data=f"language:{code}:{user.id}",
        )
        for code in services.texts.languages
    ]
    starts = range(0, len(buttons), BUTTONS_IN_ROW)
    rows = [buttons[start : start + BUTTONS_IN_ROW] for start in starts]
    text = services.say(user, "language-choose")
    await message.reply_text(text, reply_markup=InlineKeyboardMarkup(rows))


async def language_button(
    update: Update, _: ContextTypes.DEFAULT_TYPE, *, services: Services
) -> None:
    """Store the language on the button, and replace the buttons by a confirmation."""
    query = cast(CallbackQuery, update.callback_query)
    choice = await own_choice(query, services)
    if choice is None:
        return
    await services.store.choose(choice.asker, language=choice.name)
    await query.answer()
    await query.edit_message_text(services.texts.say(choice.name, "language-switched"))


def handlers(services: Services) -> list[Handler]:
    """The command and its buttons."""
    pattern = f"^language:({'|'.join(services.texts.languages)}){ASKER}$"
    return [
        CommandHandler("language", partial(language_command, services=services)),
        CallbackQueryHandler(partial(language_button, services=services), pattern),
    ]
