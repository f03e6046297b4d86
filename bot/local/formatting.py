"""Text with markup -> plain text and message entities, whose offsets count UTF-16 code units."""

import html
import re

from telegram.constants import MessageLimit

from bot.local.call import Call, Json, bad

CAPS = {"text": MessageLimit.MAX_TEXT_LENGTH, "caption": MessageLimit.CAPTION_LENGTH}
ENTITIES = {"text": "entities", "caption": "caption_entities"}
KINDS = {"b": "bold", "strong": "bold", "i": "italic", "em": "italic", "u": "underline"}
KINDS |= {"ins": "underline", "s": "strikethrough", "strike": "strikethrough", "code": "code"}
KINDS |= {"del": "strikethrough", "pre": "pre", "a": "text_link", "tg-spoiler": "spoiler"}
KINDS |= {"blockquote": "blockquote"}
LINK = r"""\s+href\s*=\s*["']?(?P<url>[^"'\s<>]+)["']?"""
TAG = rf"<(?P<end>/?)(?P<tag>[a-z0-9-]+)(?:{LINK}|\s[^<>]*)?>"
PIECE = re.compile(rf"(?P<plain>[^<]+)|{TAG}|<", re.IGNORECASE)
FOUND = re.compile(r"(?P<bot_command>(?<![\w/])/\w{1,32}(?:@\w+)?)|(?P<mention>(?<!\w)@\w{4,32})")


def written(call: Call, name: str) -> Json:
    """Return a message's "text" or "caption" and its entities, also of commands and mentions."""
    text, mode = call.get(name, str, "").strip(), call.get("parse_mode", str, "").lower()
    if mode not in {"", "html"}:
        raise bad("unsupported parse_mode")
    text, marks = parse_html(text) if mode else (text, [])
    if units(text) > CAPS[name]:
        raise bad(f"message {name} is too long")
    if name == "text" and not text.strip():
        raise bad("message text is empty")
    for found in FOUND.finditer(text):
        mark = {"type": found.lastgroup, "offset": units(text[: found.start()])}
        marks.append(mark | {"length": units(found[0])})
    marks.sort(key=lambda mark: (mark["offset"], -mark["length"]))
    return ({name: text} if text else {}) | ({ENTITIES[name]: marks} if marks else {})


def parse_html(source: str) -> tuple[str, list[Json]]:
    """Parse Telegram's HTML into text and entities; ApiError 400 at an unknown or open tag."""
    text, marks, opened = "", list[Json](), list[tuple[str, Json]]()
    for piece in PIECE.finditer(source):
        tag, place = (piece["tag"] or "").lower(), units(text)
        if piece["plain"]:
            text += html.unescape(piece["plain"])
        elif tag in KINDS and not piece["end"]:
            link = {"url": html.unescape(piece["url"])} if piece["url"] else {}
            marks.append({"type": KINDS[tag], "offset": place, **link})
            opened.append((tag, marks[-1]))
        elif opened and tag == opened[-1][0]:
            mark = opened.pop()[1]
            mark["length"] = place - mark["offset"]
        else:
            raise bad(f"can't parse entities: unexpected {piece[0]} at character {piece.start()}")
    if opened:
        raise bad(f"can't parse entities: can't find end tag of <{opened[-1][0]}>")
    return text, [mark for mark in marks if mark["length"]]


def units(text: str) -> int:
    return len(text.encode("utf-16-le")) // 2
