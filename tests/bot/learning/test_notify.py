"""The result of a training reaches its admin, also after network errors and a restart."""

from pathlib import Path
from types import SimpleNamespace
from typing import cast

import pytest
from telegram import Bot
from telegram.error import BadRequest, Forbidden, NetworkError, TelegramError

from bot.learning.notify import TRIES, send_missing_result, send_result
from bot.services import Services
from bot.store.store import Store
from bot.texts import Texts
from model.registry import SHIPPED, Registry
from tests.stores import store_in, train


class FakeBot:
    """Stub that raises the given errors, one a call, and then collects what is sent."""

    def __init__(self, *errors: TelegramError) -> None:
        self._errors = list(errors)
        self.edited: list[str] = []
        self.sent: list[str] = []

    async def edit_message_text(self, text: str, *_: object, **__: object) -> None:
        self._fail()
        self.edited.append(text)

    async def send_message(self, _chat: int, text: str, *_: object, **__: object) -> None:
        self._fail()
        self.sent.append(text)

    def _fail(self) -> None:
        if self._errors:
            raise self._errors.pop(0)


def services_of(store: Store, folder: Path) -> Services:
    parts = {"store": store, "registry": Registry(folder / "models"), "texts": Texts()}
    return cast(Services, SimpleNamespace(**parts))


def bot_failing(*errors: TelegramError) -> tuple[FakeBot, Bot]:
    fake = FakeBot(*errors)
    return fake, cast(Bot, fake)


@pytest.mark.parametrize(
    ("errors", "edited", "sent", "reported"),
    [
        ([], 1, 0, True),
        ([NetworkError("down"), NetworkError("down")], 1, 0, True),
        ([BadRequest("Message to edit not found")], 0, 1, True),
        ([BadRequest("Message is not modified")], 0, 0, True),
        ([Forbidden("blocked")], 0, 0, True),
        ([NetworkError("down")] * TRIES, 0, 0, False),
    ],
)
async def test_a_result_is_sent_despite_network_errors(
    errors: list[TelegramError],
    edited: int,
    sent: int,
    reported: bool,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("bot.learning.notify.TRY_EVERY", 0)
    async with store_in(tmp_path) as store:
        row = await train(store)
        await store.jobs.end(row, "failed")
        fake, bot = bot_failing(*errors)
        assert await send_result(bot, services_of(store, tmp_path), row, "ended") is reported
        assert (len(fake.edited), len(fake.sent)) == (edited, sent)
        assert bool(await store.jobs.claim_unreported("another")) is not reported


async def test_another_process_reports_the_state_that_was_stored(tmp_path: Path) -> None:
    serving = Registry(SHIPPED).serving("clean").name
    async with store_in(tmp_path) as store:
        for state, version in (
            ("interrupted", None),
            ("kept", "29990101"),
            ("kept", serving),  # killed after the promotion, before it was stored
            ("cancelled", None),
        ):
            await store.jobs.end(await train(store, language="de"), state, version)
        fake, bot = bot_failing()
        for job in await store.jobs.claim_unreported("another"):
            await send_missing_result(bot, services_of(store, tmp_path), job)
        broken_off, kept, promoted, cancelled = fake.edited
        assert "durch einen Neustart unterbrochen" in broken_off
        assert "29990101 wird nicht eingesetzt" in kept
        assert promoted == f"Das neue Netz <b>clean</b> ist im Einsatz: {serving}"
        assert "abgebrochen" in cancelled
        assert not await store.jobs.claim_unreported("a third one")
