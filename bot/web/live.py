"""Readings of an unfinished drawing, for the bars beside the page's canvas.

One thread reads all such drawings, at most WAITING_MAX are queued, and one of each user. Above
these limits a drawing is refused at once; the page sends its next state anyway.
"""

import asyncio
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import numpy as np

from bot.services import Services
from model.calibration import SHOWN_MAX
from model.reader import Reader
from preprocessing import PhotoError

PICTURE_MAX = 1 << 18  # bytes: a drawing of 500 x 375 px takes about 10,000
WAITING_MAX = 4  # drawings of all users in work or queued
DIGITS_MAX = 32  # of a drawing: the first in reading order


class BusyError(Exception):
    """One drawing of this user, or WAITING_MAX of all users, are being read or queued."""


class LiveReader:
    """Reads unfinished drawings with the networks that serve."""

    def __init__(self, services: Services) -> None:
        self._services = services
        self._pool = ThreadPoolExecutor(max_workers=1, thread_name_prefix="live")
        self._in_work: set[int] = set()

    async def read(self, user_id: int, drawing: bytes) -> dict[str, Any]:
        """Return the digits with their boxes (px) and ten probabilities; raises BusyError."""
        is_full = user_id in self._in_work or len(self._in_work) >= WAITING_MAX
        if is_full or len(drawing) > PICTURE_MAX:
            raise BusyError
        self._in_work.add(user_id)
        try:
            model = (await self._services.store.load_user(user_id)).model
            return await asyncio.get_running_loop().run_in_executor(
                self._pool,
                _read,
                self._services.reader,
                drawing,
                model or self._services.settings.default_model,
            )
        finally:
            self._in_work.discard(user_id)


def _read(reader: Reader, drawing: bytes, model: str) -> dict[str, Any]:
    try:
        reading = reader.read(drawing, model, 0)
    except PhotoError:
        return {"digits": []}
    shown = reading.digits[:DIGITS_MAX]
    glyphs = np.stack([digit.glyph for digit in shown])
    probabilities = reader.networks[model].predict(glyphs).probabilities
    return {
        "digits": [
            {
                "digit": digit.digit,
                "unsure": digit.unsure,
                "box": list(digit.box),
                "probabilities": [round(min(float(p), SHOWN_MAX), 4) for p in row],
            }
            for digit, row in zip(shown, probabilities, strict=True)
        ]
    }
