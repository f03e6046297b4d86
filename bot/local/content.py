"""What a bot wants to send -> the content of a message, checked as strictly as Telegram does."""

import asyncio

from bot.local.call import ApiError, Call, Upload, is_mapping
from bot.local.files import DOWNLOAD_CAP, FileInfo, Files, photo_jpegs
from bot.local.formatting import Entity, parse_html, trimmed, units
from bot.local.world import Keyboard, Message

TEXT_CAP = 4096  # UTF-16 units after the markup is taken out
CAPTION_CAP = 1024
BUTTON_DATA_CAP = 64  # bytes
STICKER = FileInfo(width=512, height=512, is_animated=False, is_video=False, type="regular")
MORE = {"document": FileInfo(), "sticker": STICKER, "voice": FileInfo(duration=1)}
MORE |= {"video": FileInfo(width=320, height=240, duration=1)}


def text_content(call: Call) -> Message:
    text, entities = formatted(call, "text", "entities")
    if not text:
        raise ApiError.bad("message text is empty")
    if units(text) > TEXT_CAP:
        raise ApiError.bad("message is too long")
    return {"text": text, "entities": entities} if entities else {"text": text}


def caption_content(call: Call) -> Message:
    text, entities = formatted(call, "caption", "caption_entities")
    if units(text) > CAPTION_CAP:
        raise ApiError.bad("message caption is too long")
    if not text:
        return {}
    return {"caption": text, "caption_entities": entities} if entities else {"caption": text}


def formatted(call: Call, name: str, entities: str) -> tuple[str, list[Entity]]:
    text, mode = call.text(name), call.text("parse_mode").lower()
    if mode == "html":
        return parse_html(text)
    if mode:
        raise ApiError.bad("unsupported parse_mode")
    given = [Entity(**entity) for entity in call.items(entities)]  # type: ignore[typeddict-item]
    return trimmed(text, given)


async def file_content(files: Files, call: Call, kind: str, name: str) -> Message:
    """The photo or document in field `name`: an upload, `attach://part` or a known file's id."""
    given, caption = call.text(name), caption_content(call)
    upload = call.uploads.get(given.removeprefix("attach://") if given else name)
    if upload:
        return {**await uploaded(files, kind, upload), **caption}
    if not given:
        raise ApiError.bad(f"there is no {kind} in the request")
    known = files.get(given)
    if known.kind != kind:
        raise ApiError.bad(f"can't use file of type {known.kind.title()} as {kind.title()}")
    if kind == "photo":
        return {"photo": files.photos[given], **caption}
    return {"document": known.info, **caption}


async def uploaded(files: Files, kind: str, upload: Upload) -> Message:
    """Photos are re-encoded off the event loop; everything else stays as it is."""
    if not upload.data:
        raise ApiError.bad("file must be non-empty")
    if kind == "photo":
        return {"photo": files.keep_photo(await asyncio.to_thread(photo_jpegs, upload.data))}
    if kind not in MORE:
        raise ApiError.bad(f"{kind} is unknown here")
    return {kind: {**files.add(kind, upload), **MORE[kind]}}  # type: ignore[misc]


def file_of(message: Message) -> Message:
    if "photo" in message:
        return {"photo": message["photo"]}
    return {"document": message["document"]} if "document" in message else {}


def keyboard_content(call: Call) -> Message:
    """The inline buttons; other keyboards leave no trace in a message."""
    markup = call.mapping("reply_markup")
    rows = markup.get("inline_keyboard", [])
    if not isinstance(rows, list):
        raise ApiError.bad("object expected as reply markup")
    for button in (button for row in rows for button in row):
        check_button(button)
    return {"reply_markup": Keyboard(inline_keyboard=rows)} if any(rows) else {}


def check_button(button: object) -> None:
    if not is_mapping(button) or not button.get("text"):
        raise ApiError.bad(
            'can\'t parse inline keyboard button: Field "text" must be of type String'
        )
    if len(button) < 2:
        unallowed = "Text buttons are unallowed in the inline keyboard"
        raise ApiError.bad(f"can't parse inline keyboard button: {unallowed}")
    if "callback_data" in button:
        if not 0 < len(str(button["callback_data"]).encode()) <= BUTTON_DATA_CAP:
            raise ApiError.bad("BUTTON_DATA_INVALID")


def downloadable(files: Files, file_id: str) -> dict[str, object]:
    """getFile's answer."""
    file = files.get(file_id)
    if len(file.data) > DOWNLOAD_CAP:
        raise ApiError.bad("file is too big")
    keys = ("file_id", "file_unique_id", "file_size")
    return {key: file.info[key] for key in keys} | {"file_path": file.path}  # type: ignore[literal-required]
