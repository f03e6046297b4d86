"""Who gets through: the limits see what the bot is to read, and nothing else."""

from typing import cast

import pytest
from telegram import Chat

from bot.access import guard
from bot.metrics import Metrics
from bot.services import Services
from bot.work import Work
from tests.updates import photo


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
    metrics.observe(sent, Work(1), 0.1)
    counted = metrics.registry.get_sample_value("digits_photos_total", {"outcome": "answered"})
    assert counted == (1 if is_for_us else None)
