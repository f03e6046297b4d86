"""What keeps the bot from starting is said in a sentence, and ends it."""

from pathlib import Path

from bot.local.server import LocalChat
from tests.conftest import BotProcess
from tests.end_to_end.faults import Fault, Faults
from tests.end_to_end.webhook import settings_of


async def test_a_webhook_that_telegram_refuses(
    server: LocalChat, faults: Faults, hook: str, tmp_path: Path
) -> None:
    refusal = "Bad Request: bad webhook: an HTTPS URL must be provided"
    faults.order(Fault("setWebhook", code=400, description=refusal, times=-1))
    bot = BotProcess(server, tmp_path / "data", settings_of(hook))
    await bot.fails_to_start("WEBHOOK_URL: .*must be provided")


async def test_a_database_without_its_driver(server: LocalChat, tmp_path: Path) -> None:
    settings = {"DATABASE_URL": "postgresql://ann@127.0.0.1:1/none"}
    bot = BotProcess(server, tmp_path / "data", settings)
    await bot.fails_to_start("The store cannot be opened")
