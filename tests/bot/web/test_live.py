"""Readings of unfinished drawings, with limits for each user and for all."""

import asyncio
import threading
from types import SimpleNamespace
from typing import cast

import pytest

from bot.services import Services
from bot.store.tables import UserRow
from bot.web import live
from bot.web.live import PICTURE_MAX, WAITING_MAX, BusyError, LiveReader
from model.reader import Reader
from tests.pictures import photo_of


def reader_with(reader: object, model: str | None = None) -> LiveReader:
    async def load_user(user_id: int) -> UserRow:
        return UserRow(id=user_id, model=model)

    services = SimpleNamespace(
        reader=reader,
        store=SimpleNamespace(load_user=load_user),
        settings=SimpleNamespace(default_model="auto"),
    )
    return LiveReader(cast(Services, services))


@pytest.fixture(scope="module")
def networks() -> Reader:
    return Reader.load()


async def test_each_digit_has_its_place_and_ten_probabilities(networks: Reader) -> None:
    drawing = photo_of("47")
    found = (await reader_with(networks).read(1, drawing))["digits"]
    assert [digit["digit"] for digit in found] == [4, 7]
    assert found[0]["box"][0] < found[1]["box"][0]
    for digit, read in zip(found, networks.read(drawing).digits, strict=True):
        assert max(digit["probabilities"]) == pytest.approx(min(read.confidence, 0.999), abs=1e-3)
        assert len(digit["probabilities"]) == 10


async def test_the_network_that_its_user_chose_reads(networks: Reader) -> None:
    drawing = photo_of("7")
    (found,) = (await reader_with(networks, "noisy").read(1, drawing))["digits"]
    noisy, clean = (networks.read(drawing, kind).digits[0] for kind in ("noisy", "clean"))
    assert noisy.confidence != clean.confidence
    assert found["probabilities"][7] == pytest.approx(min(noisy.confidence, 0.999), abs=1e-4)


async def test_an_empty_drawing_has_no_digits(networks: Reader) -> None:
    assert await reader_with(networks).read(1, b"no picture") == {"digits": []}


async def test_one_drawing_of_a_user_at_a_time_and_few_of_all(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    go_on = threading.Event()

    def read(*_: object) -> dict[str, object]:
        go_on.wait(20)
        return {"digits": []}

    monkeypatch.setattr(live, "_read", read)
    busy = reader_with(None)
    works = [asyncio.create_task(busy.read(user, b"")) for user in range(WAITING_MAX)]
    await asyncio.sleep(0)
    for user in (0, WAITING_MAX):
        with pytest.raises(BusyError):
            await busy.read(user, b"")
    go_on.set()
    await asyncio.gather(*works)
    assert await busy.read(0, b"") == {"digits": []}


async def test_what_is_larger_than_a_drawing_is_refused() -> None:
    with pytest.raises(BusyError):
        await reader_with(None).read(1, bytes(PICTURE_MAX + 1))
