"""Events: one line each; what is no event, or lacks something, is refused."""

import json

import pytest

from model.events import Failed, parse


def test_a_line_is_parsed_into_its_event() -> None:
    event = Failed(event="failed", reason="no room")
    assert parse(json.dumps(event).encode()) == event


@pytest.mark.parametrize(
    "line",
    [
        b"",
        b"no json",
        b"[]",
        b'{"event": "begin"}',
        b'{"event": "failed"}',
        b'{"event": "progress", "done": 0.5}',
        b'{"reason": "none"}',
    ],
)
def test_anything_else_is_refused(line: bytes) -> None:
    with pytest.raises(ValueError):
        parse(line)
