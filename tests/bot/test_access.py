"""Rate limits count the messages and taps that the bot reads, and no others."""

from types import SimpleNamespace
from typing import cast

import pytest
from telegram import CallbackQuery, Chat, Update
from telegram.ext import ApplicationHandlerStop, ContextTypes

from bot.access import guard, guard_of_taps
from bot.metrics import Metrics
from bot.services import Services
from bot.update_context import UpdateContext
from tests.updates import photo


@pytest.mark.parametrize(
    ("data", "is_refused"),
    [("wrong:1", True), ("model:noisy:1", True), ("retrain:cancel", True), ("right:1", False)],
)
async def test_a_tap_under_a_message_that_cannot_be_edited_gets_a_sentence(
    data: str, is_refused: bool
) -> None:
    """Telegram's InaccessibleMessage: without content, with the date 0."""
    said: list[str] = []
    services = cast(Services, SimpleNamespace(say=lambda user, key: key))
    ann = {"id": 1, "is_bot": False, "first_name": "Ann"}
    old = {"message_id": 5, "date": 0, "chat": {"id": 1, "type": "private"}}
    query = {"id": "1", "from": ann, "message": old, "chat_instance": "1", "data": data}
    update = Update.de_json({"update_id": 1, "callback_query": query})

    async def answer(_: CallbackQuery, text: str, **__: object) -> None:
        said.append(text)

    handler, stopped = guard_of_taps(services), False
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(CallbackQuery, "answer", answer)
        try:
            await handler.callback(update, cast(ContextTypes.DEFAULT_TYPE, None))
        except ApplicationHandlerStop:
            stopped = True
    assert stopped == is_refused
    assert said == (["button-too-old"] if is_refused else [])


@pytest.mark.parametrize(
    ("caption", "kind", "is_for_us"),
    [
        ("", Chat.PRIVATE, True),
        ("", Chat.GROUP, False),
        ("@digits_bot", Chat.GROUP, True),
        ("/read@digits_bot", Chat.GROUP, True),
        ("@somebody", Chat.GROUP, False),
    ],
)
def test_photos_that_the_bot_is_to_read_are_limited_and_counted_and_no_others(
    caption: str, kind: str, is_for_us: bool
) -> None:
    services = cast(Services, None)  # only asked when a photo is handled
    metrics, sent = Metrics(), photo(caption, kind)
    assert bool(guard(services).check_update(sent)) == is_for_us
    metrics.observe(sent, UpdateContext(1), 0.1)
    counted = metrics.registry.get_sample_value("digits_photos_total", {"outcome": "answered"})
    assert counted == (1 if is_for_us else None)
