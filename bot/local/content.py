"""What a bot wants to send -> the content of a message, checked as strictly as Telegram does."""

import asyncio

from telegram.constants import InlineKeyboardButtonLimit, MessageLimit

from bot.local.call import ApiError, Call, Json, Upload, bad, is_mapping
from bot.local.files import SHAPES, Files, photo_jpegs
from bot.local.formatting import parse_html, said, units

LIMITS = {"text": int(MessageLimit.MAX_TEXT_LENGTH), "caption": int(MessageLimit.CAPTION_LENGTH)}
FILES = ("photo", *SHAPES)


def said_content(call: Call, name: str) -> Json:
    """The "text" or "caption" of a call; its limit counts what is left without the markup."""
    text, mode = call.text(name).rstrip(), call.text("parse_mode").lower()
    entities = call.items("entities" if name == "text" else "caption_entities")
    if mode == "html":
        text, entities = parse_html(text)
    elif mode:
        raise bad("unsupported parse_mode")
    if units(text) > LIMITS[name]:
        raise bad("message is too long" if name == "text" else "message caption is too long")
    if name == "text" and not text.strip():
        raise bad("message text is empty")
    return said(name, text, entities)


async def file_content(files: Files, call: Call, kind: str, name: str) -> Json:
    """The file in field `name` (an upload, `attach://part` or a known file's id) and caption."""
    given, caption = call.text(name), said_content(call, "caption")
    upload = call.uploads.get(given.removeprefix("attach://") if given else name)
    if upload:
        return await uploaded(files, kind, upload) | caption
    if not given:
        raise bad(f"there is no {kind} in the request")
    known = files.get(given)
    if known.kind != kind:
        raise bad(f"can't use file of type {known.kind.title()} as {kind.title()}")
    return {kind: known.sizes or known.info} | caption


async def uploaded(files: Files, kind: str, upload: Upload) -> Json:
    """Photos are re-encoded, off the event loop; everything else stays as it is."""
    if not upload.data:
        raise bad("file must be non-empty")
    if kind == "photo":
        return files.keep_photo(await asyncio.to_thread(photo_jpegs, upload.data))
    if kind not in SHAPES:
        raise bad(f'type "{kind}" is unsupported')
    return files.keep(kind, upload)


async def medium(files: Files, item: Call) -> Json:
    if item.text("type") not in {"photo", "document"}:
        raise bad(f'can\'t parse InputMedia: type "{item.text("type")}" is unsupported')
    return await file_content(files, item, item.text("type"), "media")


def keyboard_content(call: Call) -> Json:
    """The inline buttons; other keyboards leave no trace in a message."""
    rows = call.mapping("reply_markup").get("inline_keyboard") or []
    if not isinstance(rows, list) or not all(isinstance(row, list) for row in rows):
        raise bad("object expected as reply markup")
    for button in (button for row in rows for button in row):
        check_button(button)
    return {"reply_markup": {"inline_keyboard": rows}} if any(rows) else {}


def check_button(button: object) -> None:
    if not is_mapping(button) or not isinstance(button.get("text"), str):
        raise refused_button('Field "text" must be of type String')
    if not any(button[key] for key in button if key != "text"):
        raise refused_button("Text buttons are unallowed in the inline keyboard")
    data = str(button.get("callback_data", "")).encode()
    if len(data) > InlineKeyboardButtonLimit.MAX_CALLBACK_DATA:
        raise bad("BUTTON_DATA_INVALID")


def refused_button(reason: str) -> ApiError:
    return bad(f"can't parse inline keyboard button: {reason}")
