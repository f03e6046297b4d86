"""Telegram's HTML: what it means, and what is refused."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.local.call import ApiError
from bot.local.formatting import parse_html, said


def test_marks_become_entities_in_utf16_units() -> None:
    text, entities = parse_html("😀 <b>7 <i>of</i></b> &lt;9 &amp; <a href='https://x.y'>a</a>")
    assert text == "😀 7 of <9 & a"
    assert entities == [
        {"type": "bold", "offset": 3, "length": 4},
        {"type": "italic", "offset": 5, "length": 2},
        {"type": "text_link", "offset": 13, "length": 1, "url": "https://x.y"},
    ]


def test_marks_around_nothing_and_last_spaces_go() -> None:
    assert parse_html("7<b></b> <i> </i>\n") == ("7", [])


@pytest.mark.parametrize(
    ("source", "reason"),
    [
        ("<b>7", 'Can\'t find end tag corresponding to start tag "b"'),
        ("7</b>", "Unexpected end tag at byte offset 1"),
        ("é<b>7</i>", 'Unmatched end tag at byte offset 6, expected "</b>", found "</i>"'),
        ("<h1>7</h1>", 'Unsupported start tag "h1" at byte offset 0'),
        ("6 < 7", 'Unsupported start tag "" at byte offset 2'),
        ("7 <b", "Unclosed start tag at byte offset 2"),
        ("<br>", 'Unsupported start tag "br" at byte offset 0'),
    ],
)
def test_malformed_html_is_refused(source: str, reason: str) -> None:
    with pytest.raises(ApiError) as error:
        parse_html(source)
    assert error.value.description == f"Bad Request: can't parse entities: {reason}"


@given(st.text())
def test_escaped_text_comes_back_as_it_was(text: str) -> None:
    escaped = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    assert parse_html(escaped) == (text.rstrip(), [])


def test_commands_and_mentions_are_marked_but_not_in_code() -> None:
    code = {"type": "code", "offset": 36, "length": 5}
    bold = {"type": "bold", "offset": 0, "length": 8}
    message = said("caption", "😀 /read @digits_local_bot and/or a@b /stop", [code, bold])
    assert message["caption_entities"] == [
        bold,
        {"type": "bot_command", "offset": 3, "length": 5},
        {"type": "mention", "offset": 9, "length": 17},
        code,
    ]
