"""Polling that Telegram refuses: it is repeated, shown by /health, and ends the bot at last."""

import asyncio
from pathlib import Path

import aiohttp

from bot.local.server import LocalChat
from tests.conftest import BotProcess
from tests.end_to_end.chat import Chat, words
from tests.end_to_end.faults import Fault, Faults
from tests.end_to_end.robust import PATIENT, SEVEN
from tests.end_to_end.webhook import free_hook

# The bot's process waits seconds instead of minutes.
HASTY = """
from bot.delivery import updates
updates.REFUSED_FOR, updates.POLLED_WITHIN = 3.0, 0.5
"""


async def shown_at(url: str) -> tuple[int, str]:
    async with aiohttp.request("GET", url) as answer:
        return answer.status, await answer.text()


async def test_polling_goes_on_after_a_refused_token(
    bot: BotProcess, chat: Chat, faults: Faults
) -> None:
    ann = chat.user(1)
    for code, description in ((401, "Unauthorized"), (404, "Not Found")):
        refusal = Fault("getUpdates", code=code, description=description)
        faults.order(refusal)
        await ann.reply_to(await ann.photo(SEVEN))  # ends the poll that waits
        answer = await ann.reply_to(await ann.photo(SEVEN), PATIENT)
        assert words(answer).startswith("7 · ")
        assert not refusal.times


async def test_a_token_that_stays_refused_ends_the_bot(
    server: LocalChat, chat: Chat, faults: Faults, tmp_path: Path
) -> None:
    listen = free_hook().removeprefix("http://").partition("/")[0]
    bot = BotProcess(server, tmp_path / "data", {"LISTEN": listen}, prelude=HASTY)
    await bot.start()
    ann = chat.user(1)
    faults.order(Fault("getUpdates", code=401, description="Unauthorized", times=-1))
    await ann.photo(SEVEN)  # ends the poll that waits
    async with asyncio.timeout(PATIENT):
        while await shown_at(f"http://{listen}/readyz") != (503, "updates do not come\n"):
            await asyncio.sleep(0.1)
        assert await bot._process.wait() == 2
    assert bot.server.token.encode() not in bot.log
