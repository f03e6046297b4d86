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
TYPED = re.compile(r"(?P<bot_command>(?<![\w/])/\w{1,32}(?:@\w+)?)|(?P<mention>(?<!\w)@\w{4,32})")


def units(text: str) -> int:
    """How many UTF-16 units Telegram counts."""
    return len(text.encode("utf-16-le")) // 2


def said(name: str, text: str, entities: list[Json]) -> Json:
    """A message's "text" or "caption" and its entities, as far as there are any."""
    marks = "entities" if name == "text" else f"{name}_entities"
    return ({name: text} if text else {}) | ({marks: entities} if entities else {})


def typed(name: str, text: str) -> Json:
    """What a person wrote, with the commands and mentions in it marked."""
    text = text.strip()
    found = (
        (str(m.lastgroup), units(text[: m.start()]), units(m[0])) for m in TYPED.finditer(text)
    )
    return said(name, text, [{"type": t, "offset": o, "length": n} for t, o, n in found])


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
