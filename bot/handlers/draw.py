"""/draw: a white canvas for Telegram's own photo editor, and a page to draw on if there is one."""

from functools import partial
from typing import cast

from telegram import InlineKeyboardButton, InlineKeyboardMarkup, Message, Update, WebAppInfo
from telegram.constants import ChatType
from telegram.ext import CommandHandler, ContextTypes

from bot.handlers import Handler
from bot.pictures.examples import blank_canvas
from bot.services import Services
from bot.web.mini_app import page_url


async def send_canvas(update: Update, _: ContextTypes.DEFAULT_TYPE, *, services: Services) -> None:
    """Send the canvas, and say what to do with it."""
    message, user = cast(Message, update.effective_message), update.effective_user
    canvas = await services.draw(blank_canvas)
    buttons = None
    # Telegram opens pages over https alone, and only in private chats.
    url = services.settings.webhook_url or ""
    if url.startswith("https:") and message.chat.type == ChatType.PRIVATE:
        page = WebAppInfo(page_url(url, services.language(user)))
        button = InlineKeyboardButton(services.say(user, "button-draw"), web_app=page)
        buttons = InlineKeyboardMarkup([[button]])
    await message.reply_photo(canvas, services.say(user, "draw"), reply_markup=buttons)


def handlers(services: Services) -> list[Handler]:
    """The command."""
    return [CommandHandler("draw", partial(send_canvas, services=services))]
