"""Telegram's HTML -> plain text with entities, refusing what Telegram refuses.

The rules are those of https://core.telegram.org/bots/api#html-style; offsets of entities
count UTF-16 units, those in refusals bytes of UTF-8.
"""

import html
import re
from typing import TypedDict

from bot.local.call import ApiError

KINDS = {"b": "bold", "strong": "bold", "i": "italic", "em": "italic", "u": "underline"}
KINDS |= {"ins": "underline", "s": "strikethrough", "strike": "strikethrough", "code": "code"}
KINDS |= {"del": "strikethrough", "pre": "pre", "a": "text_link", "tg-spoiler": "spoiler"}
KINDS |= {"blockquote": "blockquote"}

TOKEN = re.compile(r"<(?P<end>/?)(?P<tag>[\w-]*)(?P<rest>[^<>]*)>?|&#?\w+;|[^<&]+|&")
CHARACTER = re.compile(r"&(?:lt|gt|amp|quot|#\d{1,7}|#x[0-9a-fA-F]{1,6});")
LINK = re.compile(r"""\bhref\s*=\s*["']?([^"'\s>]+)""")
PLAIN = re.compile(r"(?P<bot_command>(?<![\w/])/\w{1,32}(?:@\w+)?)|(?P<mention>(?<!\w)@\w{4,32})")


class Entity(TypedDict, total=False):
    type: str
    offset: int
    length: int
    url: str


def units(text: str) -> int:
    """How many UTF-16 units Telegram counts."""
    return len(text.encode("utf-16-le")) // 2


def plain_entities(text: str) -> list[Entity]:
    """The commands and mentions that Telegram marks in what a person types."""
    return [
        Entity(type=str(m.lastgroup), offset=units(text[: m.start()]), length=units(m[0]))
        for m in PLAIN.finditer(text)
    ]


def parse_html(source: str) -> tuple[str, list[Entity]]:
    """Text and entities in order of their start; ApiError 400 on anything malformed."""
    text, position = "", 0
    found: list[Entity] = []
    opened: list[tuple[str, Entity]] = []
    for token in TOKEN.finditer(source):
        position = len(source[: token.start()].encode())
        tag = (token["tag"] or "").lower()
        if not token[0].startswith("<"):
            text += html.unescape(token[0]) if CHARACTER.fullmatch(token[0]) else token[0]
        elif not token[0].endswith(">"):
            raise refusal("Unclosed start tag", position)
        elif not token["end"]:
            if tag not in KINDS:
                raise refusal(f'Unsupported start tag "{tag}"', position)
            entity = Entity(type=KINDS[tag], offset=units(text))
            if link := LINK.search(token["rest"] or ""):
                entity["url"] = html.unescape(link[1])
            opened.append((tag, entity))
            found.append(entity)
        elif not opened:
            raise refusal("Unexpected end tag", position)
        elif tag not in ("", opened[-1][0]):
            wrong = f', expected "</{opened[-1][0]}>", found "</{tag}>"'
            raise refusal("Unmatched end tag", position, wrong)
        else:
            entity = opened.pop()[1]
            entity["length"] = units(text) - entity["offset"]
    if opened:
        missing = f'Can\'t find end tag corresponding to start tag "{opened[-1][0]}"'
        raise ApiError.bad(f"can't parse entities: {missing}")
    return trimmed(text, found)


def trimmed(text: str, entities: list[Entity]) -> tuple[str, list[Entity]]:
    """Without trailing space, nor entities that hold nothing."""
    text = text.rstrip()
    end = units(text)
    for entity in entities:
        entity["length"] = min(entity["length"], end - entity["offset"])
    return text, [entity for entity in entities if entity["length"] > 0]


def refusal(what: str, position: int, detail: str = "") -> ApiError:
    return ApiError.bad(f"can't parse entities: {what} at byte offset {position}{detail}")
