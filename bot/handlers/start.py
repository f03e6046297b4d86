"""/start with examples to try, /help, and hints for other messages."""

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
from telegram.constants import ChatType, ParseMode
from telegram.ext import (
    CallbackQueryHandler,
    CommandHandler,
    ContextTypes,
    MessageHandler,
    filters,
)

from bot.draw_page import page_for
from bot.filters import OUR_COMMAND, Handler
from bot.handlers.draw import answer_drawing
from bot.menus import set_admin_menu
from bot.pictures.examples import TO_TRY, good_and_bad_photo, photo_to_try
from bot.services import Services

TYPED_MAX = 30  # characters of typed digits that are repeated in the hint


async def say_start(update: Update, _: ContextTypes.DEFAULT_TYPE, *, services: Services) -> None:
    """Greet the user and explain what to send; in a group, how photos are read there."""
    message, user = cast(Message, update.effective_message), update.effective_user
    say, rows = partial(services.say, user), []
    if message.chat.type != ChatType.PRIVATE:
        text = say("read-usage", bot=message.get_bot().name)
    else:
        text = say("start")
        rows = [
            [
                InlineKeyboardButton(say(f"button-try-{name}"), callback_data=f"try:{name}")
                for name in TO_TRY
            ]
        ]
    if page := page_for(user, message.chat, services):
        rows.append([InlineKeyboardButton(say("button-draw"), web_app=page)])
    buttons = InlineKeyboardMarkup(rows) if rows else None
    await message.reply_text(text, parse_mode=ParseMode.HTML, reply_markup=buttons)
    if user and services.is_admin(user):
        await set_admin_menu(message.get_bot(), user.id, services)


async def send_example(
    update: Update, context: ContextTypes.DEFAULT_TYPE, *, services: Services
) -> None:
    """Send a drawn example to the chat, and answer it like a photo."""
    query, user = cast(CallbackQuery, update.callback_query), cast(User, update.effective_user)
    await query.answer()
    picture = await services.draw(photo_to_try, cast(str, query.data).removeprefix("try:"))
    await answer_drawing(context.bot, user, picture, services)


async def say_help(update: Update, _: ContextTypes.DEFAULT_TYPE, *, services: Services) -> None:
    """Show a good and a bad photo with an explanation; to admins their commands, too."""
    message, user = cast(Message, update.effective_message), update.effective_user
    picture = await services.draw(good_and_bad_photo)
    text = services.say(user, "help", bot=message.get_bot().name)
    await message.reply_photo(picture, text, parse_mode=ParseMode.HTML)
    if services.is_admin(user):
        await _reply(update, services.say(user, "help-admin"))


async def say_hint(update: Update, _: ContextTypes.DEFAULT_TYPE, *, services: Services) -> None:
    """Answer a greeting like /start, and any other message with what to send."""
    message, user = cast(Message, update.effective_message), update.effective_user
    text = (message.text or "").strip()
    if services.texts.is_greeting(text):
        await say_start(update, _, services=services)
    elif text.isdecimal() and len(text) <= TYPED_MAX:
        await _reply(update, services.say(user, "hint-typed", digits=text))
    else:
        await _reply(update, services.say(user, "send-photo"))


async def say_unknown(update: Update, _: ContextTypes.DEFAULT_TYPE, *, services: Services) -> None:
    """Say that the command is unknown, and name /help."""
    await _reply(update, services.say(update.effective_user, "unknown-command"))


def unknown_command(services: Services) -> Handler:
    """Return the handler of commands for this bot that no other handler matches."""
    return MessageHandler(OUR_COMMAND, partial(say_unknown, services=services))


def handlers(services: Services) -> list[Handler]:
    """The commands, and the examples under /start."""
    return [
        CommandHandler("start", partial(say_start, services=services)),
        CallbackQueryHandler(
            partial(send_example, services=services), f"^try:({'|'.join(TO_TRY)})$"
        ),
        CommandHandler("help", partial(say_help, services=services)),
    ]


def catch_all(services: Services) -> Handler:
    """Return the handler of all other messages in private chats, to be registered last."""
    return MessageHandler(filters.ChatType.PRIVATE, partial(say_hint, services=services))


async def _reply(update: Update, text: str) -> None:
    message = cast(Message, update.effective_message)
    await message.reply_text(text, parse_mode=ParseMode.HTML)
