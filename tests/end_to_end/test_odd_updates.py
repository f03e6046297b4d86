"""Malformed and unexpected updates as Telegram's JSON: none of them stops the others."""

from typing import Any

from bot.local.server import LocalChat
from tests.conftest import BotProcess
from tests.end_to_end.chat import Chat, words
from tests.end_to_end.faults import Faults
from tests.end_to_end.webhook import bring, message
from tests.pictures import photo_of

UNSEEN = {"message_id": 7, "date": 0, "chat": {"id": 1, "type": "private", "first_name": "Ann"}}
POLL = {"id": "1", "question": "?", "options": [{"text": "a", "voter_count": 0}]}
ODD: list[dict[str, Any]] = [
    message(pinned_message=UNSEEN),
    message(poll=POLL),
    message(photo=[{"file_id": 1}]),
    message(text=["no", "text"], entities=7),
]
POLLS = 3  # requests for updates that one answered photo may take


async def test_by_polling_an_odd_update_is_passed_over_and_fetched_once(
    bot: BotProcess, server: LocalChat, chat: Chat, faults: Faults
) -> None:
    ann = chat.user(1)
    await ann.reply_to(await ann.photo(photo_of("7")))
    for content in ODD:
        server.world.updates.push("message", content)
        before = len(faults.called("getUpdates"))
        assert words(await ann.reply_to(await ann.photo(photo_of("4")))).startswith("4 · ")
        assert len(faults.called("getUpdates")) - before <= POLLS
    await bot.end()
    await bot.start()
    assert words(await ann.reply_to(await ann.photo(photo_of("4")))).startswith("4 · ")
    assert b"is skipped" in bot.log and b"Traceback" not in bot.log


async def test_by_webhook_an_odd_update_is_passed_over(
    hooked: BotProcess, chat: Chat, hook: str
) -> None:
    ann = chat.user(1)
    for content in ODD:
        await bring(hook, "message", content)
    assert words(await ann.reply_to(await ann.photo(photo_of("4")))).startswith("4 · ")
    assert b"Traceback" not in hooked.log


async def test_only_the_kinds_that_a_handler_takes_are_asked_for(
    bot: BotProcess, server: LocalChat, chat: Chat
) -> None:
    ann = chat.user(1)
    await ann.reply_to(await ann.photo(photo_of("7")))
    assert set(server.world.updates.allowed) <= {
        "message",
        "edited_message",
        "callback_query",
        "guest_message",
    }
