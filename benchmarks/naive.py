"""A naive bot as the reference: TensorFlow in the bot's process, one photo at a time."""

import asyncio
import logging
import os

import cv2
import keras
import numpy as np
from telegram import Update
from telegram.ext import Application, ContextTypes, MessageHandler, filters

from model.registry import KERAS, Registry

SIDE = 28  # px


async def read(update: Update, _: ContextTypes.DEFAULT_TYPE) -> None:
    """Resize the whole photo to a glyph, predict with Keras, and answer."""
    message = update.message
    if message is None:
        return
    data = await (await message.photo[-1].get_file()).download_as_bytearray()
    gray = np.asarray(cv2.imdecode(np.frombuffer(data, np.uint8), cv2.IMREAD_GRAYSCALE))
    ink = cv2.threshold(gray, 0, 255, cv2.THRESH_BINARY_INV | cv2.THRESH_OTSU)[1]
    glyph = cv2.resize(ink, dsize=(SIDE, SIDE), interpolation=cv2.INTER_AREA) / 255
    output = MODEL.predict(glyph.reshape(1, SIDE, SIDE, 1), verbose=0)
    scores = output[0] if isinstance(output, list) else output
    await message.reply_text(str(int(np.argmax(scores))), do_quote=True)


MODEL = keras.models.load_model(Registry().serving("clean").folder / KERAS)


if __name__ == "__main__":
    logging.disable()
    asyncio.set_event_loop(asyncio.new_event_loop())
    url = os.environ["TELEGRAM_API_URL"]
    app = (
        Application.builder()
        .token(os.environ["BOT_TOKEN"])
        .base_url(f"{url}/bot")
        .base_file_url(f"{url}/file/bot")
        .build()
    )
    app.add_handler(MessageHandler(filters.PHOTO, read))
    app.run_polling()
