"""The yardstick: a call that breaks the Bot API's types is seen, one that keeps to them passes."""

import json

import pytest

from tests.schema import PYTHON, call, violations

GOOD = {"inline_keyboard": [[{"text": "7", "callback_data": "is:1:0:7", "style": "success"}]]}
BAD = {"inline_keyboard": [[{"text": "7", "callbackdata": "is:1:0:7"}]]}


@pytest.mark.timeout(300)  # a busy machine is slow to import the types
@pytest.mark.skipif(not PYTHON.exists(), reason="`make test` makes its environment")
def test_calls_that_break_the_types_are_seen_and_no_others() -> None:
    good = [
        call("sendMessage", chat_id="1", text="7", reply_markup=json.dumps(GOOD)),
        call("getUpdates", timeout="10", allowed_updates='["message"]'),
        call("sendPhoto", chat_id="1", photo="attach://photo", caption="7"),
    ]
    bad = [
        call("sendMessage", chat_id="1"),
        call("sendMessage", chat_id="1", text="7", reply_markup=json.dumps(BAD)),
        call("sendMesage", chat_id="1", text="7"),
        call("sendMessage", chat_id="1", text="7", colour="red"),
    ]
    found = "\n".join(violations([*good, *bad]))
    for said in ("text\n", "callbackdata", "no such method", "no such field: colour"):
        assert said in found
    assert "getUpdates" not in found and "sendPhoto" not in found
