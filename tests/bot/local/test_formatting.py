"""Telegram's HTML: text and entities, and the errors of invalid markup."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.local.call import ApiError, Call
from bot.local.formatting import parse_html, written


def test_marks_become_entities_in_utf16_units() -> None:
    text, entities = parse_html("😀 <b>7 <i>of</i></b> &lt;9 &amp; <a href='https://x.y'>a</a>")
    assert text == "😀 7 of <9 & a"
    assert entities == [
        {"type": "bold", "offset": 3, "length": 4},
        {"type": "italic", "offset": 5, "length": 2},
        {"type": "text_link", "offset": 13, "length": 1, "url": "https://x.y"},
    ]


def test_empty_tags_make_no_entity() -> None:
    assert parse_html("7<b></b><i></i>") == ("7", [])


@pytest.mark.parametrize(
    ("source", "reason"),
    [
        ("<b>7", "can't find end tag of <b>"),
        ("7</b>", "unexpected </b> at character 1"),
        ("é<b>7</i>", "unexpected </i> at character 5"),
        ("<h1>7</h1>", "unexpected <h1> at character 0"),
        ("6 < 7", "unexpected < at character 2"),
        ("7 <b", "unexpected < at character 2"),
        ("<br>", "unexpected <br> at character 0"),
        ("<!-- 7 -->", "unexpected < at character 0"),
    ],
)
def test_malformed_html_is_refused(source: str, reason: str) -> None:
    with pytest.raises(ApiError) as error:
        parse_html(source)
    assert error.value.description == f"Bad Request: can't parse entities: {reason}"


@given(st.text())
def test_escaped_text_comes_back_as_it_was(text: str) -> None:
    escaped = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    assert parse_html(escaped) == (text, [])


def test_commands_and_mentions_are_marked() -> None:
    call = Call(
        {"caption": " 😀 <b>/read @digits_local_bot</b> and/or a@b ", "parse_mode": "HTML"}
    )
    message = written(call, "caption")
    assert message["caption"] == "😀 /read @digits_local_bot and/or a@b"
    assert message["caption_entities"] == [
        {"type": "bold", "offset": 3, "length": 23},
        {"type": "bot_command", "offset": 3, "length": 5},
        {"type": "mention", "offset": 9, "length": 17},
    ]
