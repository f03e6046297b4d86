"""A worker's settings are checked; its trainings are tested in end_to_end/test_replicas.py."""

import pytest
from pydantic import SecretStr

from bot.settings import Settings, SettingsError
from bot.worker import _run

TOKEN, SHARED = SecretStr("1:x"), SecretStr("postgresql+asyncpg://bot@127.0.0.1:1/bot")


@pytest.mark.parametrize(
    ("settings", "said"),
    [
        (Settings(database_url=SHARED), "BOT_TOKEN"),
        (Settings(bot_token=TOKEN), "DATABASE_URL: with SQLite the bot itself trains"),
    ],
)
async def test_a_worker_without_a_token_or_a_shared_store_is_refused(
    settings: Settings, said: str
) -> None:
    with pytest.raises(SettingsError, match=said):
        await _run(settings)
