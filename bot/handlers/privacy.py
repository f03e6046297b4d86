"""/privacy: what is stored about a user. /forget: deletes it, after a confirmation."""

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

from bot.answers.taps import ASKER, own_choice
from bot.filters import Handler
from bot.learning.announce import MUTE, mute
from bot.services import Services
from bot.store.retention import glyph_days


async def say_privacy(update: Update, _: ContextTypes.DEFAULT_TYPE, *, services: Services) -> None:
    """Say what is stored, and how to delete it."""
    message = cast(Message, update.effective_message)
    days = services.settings.keep_readings_days
    text = services.say(update.effective_user, "privacy", days=days, glyphs=glyph_days(days))
    await message.reply_text(text, parse_mode=ParseMode.HTML)


async def ask(update: Update, _: ContextTypes.DEFAULT_TYPE, *, services: Services) -> None:
    """Ask for confirmation, with a button for yes and one for no."""
    message, user = cast(Message, update.effective_message), cast(User, update.effective_user)
    say = partial(services.say, user)
    row = [
        InlineKeyboardButton(say(key), callback_data=f"forget:{answer}:{user.id}")
        for answer, key in (("yes", "button-forget-yes"), ("no", "button-no"))
    ]
    await message.reply_text(say("forget-ask"), reply_markup=InlineKeyboardMarkup([row]))


async def forget(update: Update, _: ContextTypes.DEFAULT_TYPE, *, services: Services) -> None:
    """Delete what is stored about the user who asked, or nothing, as the button says."""
    query = cast(CallbackQuery, update.callback_query)
    choice = await own_choice(query, services)
    if choice is None:
        return
    # In the user's language, which is deleted with the rest.
    text = services.say(query.from_user, f"forget-{choice.name}")
    if choice.name == "yes":
        await services.store.forget(choice.asker)
    await query.answer()
    await query.edit_message_text(text)


async def be_muted(update: Update, _: ContextTypes.DEFAULT_TYPE, *, services: Services) -> None:
    """Turn off messages about versions that were trained on this user's corrections."""
    await mute(cast(CallbackQuery, update.callback_query), services)


def handlers(services: Services) -> list[Handler]:
    """Return the handlers of both commands, their buttons and the button of `be_muted`."""
    return [
        CallbackQueryHandler(partial(be_muted, services=services), f"^{MUTE}$"),
        CommandHandler("privacy", partial(say_privacy, services=services)),
        CommandHandler("forget", partial(ask, services=services)),
        CallbackQueryHandler(partial(forget, services=services), f"^forget:(yes|no){ASKER}$"),
    ]
