"""Telegram's HTML, or what a person types -> plain text with entities.

After https://core.telegram.org/bots/api#html-style, refusing what Telegram refuses. Offsets of
entities count UTF-16 units, those in refusals bytes of UTF-8.
"""

import html
import re

from bot.local.call import ApiError, Json, bad

KINDS = {"b": "bold", "strong": "bold", "i": "italic", "em": "italic", "u": "underline"}
KINDS |= {"ins": "underline", "s": "strikethrough", "strike": "strikethrough", "code": "code"}
KINDS |= {"del": "strikethrough", "pre": "pre", "a": "text_link", "tg-spoiler": "spoiler"}
KINDS |= {"blockquote": "blockquote"}

TOKEN = re.compile(r"<(?P<end>/?)(?P<tag>[^\s<>]*)(?P<rest>[^<>]*)>?|&#?\w+;|[^<&]+|&")
CHARACTER = re.compile(r"&(?:lt|gt|amp|quot|#\d{1,7}|#x[0-9a-fA-F]{1,6});")
LINK = re.compile(r"""\bhref\s*=\s*["']?([^"'\s>]+)""")
PLAIN = re.compile(r"(?P<bot_command>(?<![\w/])/\w{1,32}(?:@\w+)?)|(?P<mention>(?<!\w)@\w{4,32})")
CODE = {"code", "pre", "text_link"}  # in these Telegram looks for nothing


def units(text: str) -> int:
    """How many UTF-16 units Telegram counts."""
    return len(text.encode("utf-16-le")) // 2


def said(name: str, text: str, given: list[Json]) -> Json:
    """A message's "text" or "caption", its entities, and the commands and mentions found in it."""
    code = {i for mark in given if mark["type"] in CODE for i in span(mark)}
    found: list[Json] = [
        {"type": m.lastgroup, "offset": units(text[: m.start()]), "length": units(m[0])}
        for m in PLAIN.finditer(text)
    ]
    marks = given + [mark for mark in found if code.isdisjoint(span(mark))]
    marks.sort(key=lambda mark: (span(mark).start, -span(mark).stop))
    key = "entities" if name == "text" else f"{name}_entities"
    return ({name: text} if text else {}) | ({key: marks} if marks else {})


def span(mark: Json) -> range:
    """The UTF-16 units that an entity covers."""
    start = int(str(mark["offset"]))
    return range(start, start + int(str(mark["length"])))


def parse_html(source: str) -> tuple[str, list[Json]]:
    """Text and entities in order of their start; ApiError 400 on anything malformed."""
    text = ""
    opened: list[tuple[str, int, str]] = []
    found: list[tuple[int, int, str, str]] = []
    for token in TOKEN.finditer(source):
        if not token[0].startswith("<"):
            text += html.unescape(token[0]) if CHARACTER.fullmatch(token[0]) else token[0]
            continue
        tag, position = token["tag"].lower(), len(source[: token.start()].encode())
        closed = token[0].endswith(">")
        if not token["end"] and tag not in KINDS and (closed or token["rest"]):
            raise refusal(f'Unsupported start tag "{tag}" at byte offset {position}')
        if not closed:
            raise refusal(f"Unclosed start tag at byte offset {position}")
        if not token["end"]:
            link = LINK.search(token["rest"])
            opened.append((tag, units(text), html.unescape(link[1]) if link else ""))
            continue
        if not opened:
            raise refusal(f"Unexpected end tag at byte offset {position}")
        begun, start, url = opened.pop()
        if tag != begun:
            wrong = f'expected "</{begun}>", found "</{tag}>"'
            raise refusal(f"Unmatched end tag at byte offset {position}, {wrong}")
        found.append((start, -units(text), KINDS[tag], url))
    if opened:
        raise refusal(f'Can\'t find end tag corresponding to start tag "{opened[-1][0]}"')
    text = text.rstrip()
    return text, [e for e in (entity(units(text), *each) for each in sorted(found)) if e]


def entity(end: int, start: int, minus_stop: int, kind: str, url: str) -> Json:
    """Nothing for a mark that holds nothing, once the text's last spaces are gone."""
    length = min(-minus_stop, end) - start
    marked: Json = {"type": kind, "offset": start, "length": length}
    return ({**marked, "url": url} if url else marked) if length > 0 else {}


def refusal(reason: str) -> ApiError:
    return bad(f"can't parse entities: {reason}")
