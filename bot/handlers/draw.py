"""/draw: a white canvas to be drawn on in Telegram's own photo editor and sent back."""

from functools import partial
from typing import cast

from telegram import Message, Update
from telegram.ext import CommandHandler, ContextTypes

from bot.examples import blank_canvas
from bot.handlers import Handler
from bot.services import Services


async def send_canvas(update: Update, _: ContextTypes.DEFAULT_TYPE, *, services: Services) -> None:
    """Send the canvas, and say what to do with it."""
    message = cast(Message, update.effective_message)
    canvas = await services.draw(blank_canvas)
    await message.reply_photo(canvas, services.say(update.effective_user, "draw"))


def handlers(services: Services) -> list[Handler]:
    """The command."""
    return [CommandHandler("draw", partial(send_canvas, services=services))]
