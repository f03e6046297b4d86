"""Rules of Telegram's server that the local chat does not enforce, checked for the bot's calls.

Texts and codes of errors are those of https://github.com/tdlib/telegram-bot-api; the limits are in
https://core.telegram.org/bots/api and https://core.telegram.org/bots/faq.
"""

import json
import time
from collections import defaultdict
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

from aiohttp import web
from aiohttp.web_request import FileField
from PIL import Image, UnidentifiedImageError

from bot.local.call import ApiError, bad

SENDS = {"sendmessage", "sendphoto", "senddocument"}
COUNTED = SENDS | {"editmessagetext", "editmessagecaption", "editmessagemedia"}
RATIO, SIDES = 20, 10_000  # of a photo's sides; px, their sum
# Messages; how many in one private chat at once, Telegram does not document.
GROUP_A_MINUTE, MINUTE = 20, 60.0  # s
ALL_AT_ONCE, ALL_A_SECOND = 30, 30.0
PRIVATE_AT_ONCE, PRIVATE_A_SECOND = 25, 1.0
BUTTONS, COPIED = 100, 256  # of one message; characters of one button
ACTIONS = {"callback_data", "url", "web_app", "copy_text", "login_url", "pay"}
STYLES = {None, "primary", "success", "danger"}


@dataclass
class Rules:
    """By id of the chat (0: all): the errors of sends, and the messages that were counted."""

    no_photos: set[int] = field(default_factory=set)
    refused: dict[int, ApiError] = field(default_factory=dict)  # the error of all sends
    moved: dict[int, int] = field(default_factory=dict)  # group -> supergroup
    sent: dict[int, list[float]] = field(default_factory=lambda: defaultdict(list))
    levels: dict[int, tuple[float, float]] = field(default_factory=dict)  # messages, and when

    async def check(self, method: str, request: web.Request) -> None:
        """Raise ApiError if Telegram would refuse this call."""
        method, fields = method.lower(), await request.post()
        chat_id = int(str(fields.get("chat_id", 0)))
        if method in COUNTED:
            if chat_id in self.moved:
                raise _migrated(self.moved[chat_id])
            if chat_id in self.refused:
                raise self.refused[chat_id]
            if chat_id in self.no_photos and method == "sendphoto":
                raise bad("not enough rights to send photos to the chat")
            self._keep_pace(chat_id)
        for value in fields.values():
            if isinstance(value, FileField) and method in ("sendphoto", "editmessagemedia"):
                _check_photo(value)
        with suppress(ValueError):  # what is no JSON the local chat refuses itself
            if markup := json.loads(str(fields.get("reply_markup", "null"))):
                _check_buttons(markup.get("inline_keyboard", []))

    def _keep_pace(self, chat_id: int) -> None:
        now = time.monotonic()
        self._fill(0, ALL_AT_ONCE, ALL_A_SECOND, now)
        if chat_id > 0:
            self._fill(chat_id, PRIVATE_AT_ONCE, PRIVATE_A_SECOND, now)
            return
        self.sent[chat_id] = [at for at in self.sent[chat_id] if now - at < MINUTE]
        if len(self.sent[chat_id]) >= GROUP_A_MINUTE:
            raise _flood()
        self.sent[chat_id].append(now)

    def _fill(self, chat: int, most: int, per_second: float, now: float) -> None:
        """Count a message in a leaky bucket; raise ApiError if it overflows.

        Counted in a window of one second, messages at even distances would be too many whenever
        this process stands still for a moment.
        """
        level, at = self.levels.get(chat, (0.0, now))
        level = max(0.0, level - per_second * (now - at)) + 1
        if level > most:
            raise _flood()
        self.levels[chat] = level, now


def _flood() -> ApiError:
    return ApiError(429, "Too Many Requests: retry after 3", 3)


def _migrated(new: int) -> ApiError:
    error = bad("group chat was upgraded to a supergroup chat")
    body = json.loads(error.text or "") | {"parameters": {"migrate_to_chat_id": new}}
    error.text = json.dumps(body)
    return error


def _check_photo(upload: FileField) -> None:
    try:
        with Image.open(upload.file) as picture:
            width, height = picture.size
    except UnidentifiedImageError:
        return  # a document
    finally:
        upload.file.seek(0)
    if max(width, height) > RATIO * min(width, height) or width + height > SIDES:
        raise bad("PHOTO_INVALID_DIMENSIONS")


def _check_buttons(rows: list[list[dict[str, Any]]]) -> None:
    buttons = [button for row in rows for button in row]
    if len(buttons) > BUTTONS:
        raise bad("reply markup is too long")
    for button in buttons:
        if not button.get("text") or len(ACTIONS & button.keys()) != 1:
            raise bad("can't parse inline keyboard button: Text buttons are unallowed")
        if button.get("style") not in STYLES:
            raise bad("BUTTON_STYLE_INVALID")
        if not 0 < len(button.get("copy_text", {"text": "x"})["text"]) <= COPIED:
            raise bad("BUTTON_COPY_TEXT_INVALID")
