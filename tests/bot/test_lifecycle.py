"""What keeps the bot from starting is said in a sentence, and ends it."""

from pathlib import Path

from pydantic import SecretStr

from bot.lifecycle import only_process
from bot.local.server import LocalChat
from bot.settings import Settings
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


async def test_a_second_bot_on_one_folder(server: LocalChat, tmp_path: Path) -> None:
    with only_process(Settings(data_dir=tmp_path)):
        bot = BotProcess(server, tmp_path)
        await bot.fails_to_start(r"Another bot runs on .* \(DATA_DIR\): stop it, or")
    with only_process(Settings(data_dir=tmp_path)):
        pass


def test_replicas_may_share_a_folder(tmp_path: Path) -> None:
    url = SecretStr("postgresql://ann@127.0.0.1:1/none")
    shared = Settings(data_dir=tmp_path, database_url=url)
    with only_process(shared), only_process(shared):
        pass
