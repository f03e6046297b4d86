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
GROUP_A_MINUTE, ALL_A_SECOND = 20, 30  # messages
PRIVATE_AT_ONCE, PRIVATE_A_SECOND = 25, 1.0  # messages in one private chat
BUTTONS, COPIED = 100, 256  # of one message; characters of one button
ACTIONS = {"callback_data", "url", "web_app", "copy_text", "login_url", "pay"}
STYLES = {None, "primary", "success", "danger"}


@dataclass
class Rules:
    """By id of the chat: the errors of sends, and the messages of the last minute."""

    no_photos: set[int] = field(default_factory=set)
    refused: dict[int, ApiError] = field(default_factory=dict)  # the error of all sends
    moved: dict[int, int] = field(default_factory=dict)  # group -> supergroup
    sent: dict[int, list[float]] = field(default_factory=lambda: defaultdict(list))
    private: dict[int, tuple[float, float]] = field(default_factory=dict)  # level, and when

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
        if chat_id > 0:
            self._keep_private_pace(chat_id, now)
        for chat, most, seconds in ((0, ALL_A_SECOND, 1.0), (chat_id, GROUP_A_MINUTE, 60.0)):
            if chat <= 0:
                self.sent[chat] = [at for at in self.sent[chat] if now - at < seconds]
                if len(self.sent[chat]) >= most:
                    raise ApiError(429, "Too Many Requests: retry after 3", 3)
                self.sent[chat].append(now)

    def _keep_private_pace(self, chat_id: int, now: float) -> None:
        """Allow one message a second, and at once a number that Telegram does not document."""
        level, at = self.private.get(chat_id, (0.0, now))
        level = max(0.0, level - PRIVATE_A_SECOND * (now - at)) + 1
        if level > PRIVATE_AT_ONCE:
            raise ApiError(429, "Too Many Requests: retry after 3", 3)
        self.private[chat_id] = level, now


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
