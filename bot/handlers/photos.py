"""A photo or a picture file -> what it says and how sure the bot is, as a reply to it."""

from functools import partial
from typing import cast

from telegram import Message, Update, User
from telegram.constants import FileSizeLimit, ParseMode
from telegram.ext import ContextTypes, MessageHandler, filters

from bot.answers import answer
from bot.handlers import Handler
from bot.services import Services
from preprocessing import PhotoTooLarge, UnreadablePhoto


async def read_photo(update: Update, _: ContextTypes.DEFAULT_TYPE, *, services: Services) -> None:
    """Answer one photo with its own digits; PhotoErrors are answered in `bot.errors`."""
    message, user = cast(Message, update.effective_message), cast(User, update.effective_user)
    photo = await _download(message)
    chosen = (await services.store.user(user.id)).model
    reading = await services.read(photo, chosen or services.settings.default_model)
    await services.store.add_reading(user.id, reading)
    text = answer(
        services.texts,
        services.texts.language(user.language_code),
        reading,
        chosen=chosen is not None,
    )
    await message.reply_text(text, ParseMode.HTML, do_quote=True, allow_sending_without_reply=True)


async def _download(message: Message) -> bytes:
    """Fetch the largest size of a photo, or the file; nothing over 20 MB is asked for."""
    file = message.photo[-1] if message.photo else message.document
    if file is None:
        raise UnreadablePhoto("the message has neither photo nor file")
    if (file.file_size or 0) > FileSizeLimit.FILESIZE_DOWNLOAD:
        raise PhotoTooLarge("Telegram gives bots files of at most 20 MB")
    return bytes(await (await file.get_file()).download_as_bytearray())


def handlers(services: Services) -> list[Handler]:
    """Photos, and files of any type: whether it is a picture its bytes tell, not its name."""
    what = (filters.PHOTO | filters.Document.ALL) & filters.UpdateType.MESSAGE
    return [MessageHandler(what, partial(read_photo, services=services))]
