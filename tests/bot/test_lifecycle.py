"""Errors at the start end the bot with one sentence that says the reason."""

from pathlib import Path

from pydantic import SecretStr

from bot.lifecycle import only_process
from bot.local.server import LocalChat
from bot.settings import Settings
from tests.conftest import BotProcess
from tests.end_to_end.faults import Fault, Faults
from tests.end_to_end.webhook import settings_of


async def test_a_refused_webhook_ends_the_start_with_its_reason(
    server: LocalChat, faults: Faults, hook: str, tmp_path: Path
) -> None:
    refusal = "Bad Request: bad webhook: an HTTPS URL must be provided"
    faults.order(Fault("setWebhook", code=400, description=refusal, times=-1))
    bot = BotProcess(server, tmp_path / "data", settings_of(hook))
    await bot.fails_to_start("WEBHOOK_URL: .*must be provided")


async def test_a_missing_database_driver_ends_the_start_with_its_reason(
    server: LocalChat, tmp_path: Path
) -> None:
    settings = {"DATABASE_URL": "postgresql://ann@127.0.0.1:1/none"}
    bot = BotProcess(server, tmp_path / "data", settings)
    await bot.fails_to_start("The store cannot be opened")


async def test_a_second_bot_with_the_same_data_folder_does_not_start(
    server: LocalChat, tmp_path: Path
) -> None:
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
