"""Errors: a photo that breaks something is its own fault, and admins are not told of each."""

from types import SimpleNamespace
from typing import cast

import pytest
from telegram import Bot
from telegram.ext import ContextTypes

from bot.errors import REPORT_EVERY, answer_error
from bot.rate_limit import PhotoLimits
from bot.services import Services, UnexpectedPhotoError
from bot.settings import Settings
from bot.store.rates import Rates
from bot.store.store import Store
from bot.texts import Texts
from bot.trainer import Trainer
from model.reader import Reader
from preprocessing import PhotoTooLarge


class Told:
    """Collects what the admins are told; stands in for Telegram's bot."""

    def __init__(self) -> None:
        self.texts: list[str] = []

    async def send_message(self, _: int, text: str) -> None:
        self.texts.append(text)


def services_reading(error: Exception) -> Services:
    """Services whose reader raises an error at every photo."""

    def read(photo: bytes, model: str, turns: int | None) -> None:
        raise error

    return Services(
        Settings(admin_ids=frozenset({3})),
        cast(Store, None),
        cast(Reader, SimpleNamespace(read=read)),
        cast(Trainer, None),
        PhotoLimits(cast(Rates, None), 0),
    )


@pytest.mark.parametrize("error", [ZeroDivisionError(), MemoryError(), IndexError("x")])
async def test_what_a_photo_makes_our_code_raise_is_an_error_of_the_photo(
    error: Exception,
) -> None:
    services = services_reading(error)
    with pytest.raises(UnexpectedPhotoError) as raised:
        await services.read(b"photo", "clean")
    assert raised.value.__cause__ is error

    def draw(photo: bytes, size: int) -> bytes:
        raise error

    with pytest.raises(UnexpectedPhotoError):
        await services.draw_on(draw, b"photo", 5)


async def test_errors_that_photos_are_known_for_stay_what_they_are() -> None:
    with pytest.raises(PhotoTooLarge):
        await services_reading(PhotoTooLarge()).read(b"photo", "clean")


async def test_admins_are_told_of_one_kind_of_error_once_an_hour(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    now = [10.0]
    monkeypatch.setattr("bot.errors.time", SimpleNamespace(monotonic=lambda: now[0]))
    services, told = services_reading(ZeroDivisionError()), Told()
    services.texts = Texts()

    async def fails(error: Exception) -> None:
        context = cast(
            ContextTypes.DEFAULT_TYPE, SimpleNamespace(error=error, bot=cast(Bot, told))
        )
        await answer_error(None, context, services=services)

    for _ in range(5):
        try:
            await services.read(b"photo", "clean")
        except UnexpectedPhotoError as error:
            await fails(error)
    assert [text.split()[-1] for text in told.texts] == ["ZeroDivisionError"]
    await fails(PhotoTooLarge())
    await fails(KeyError("x"))
    assert [text.split()[-1] for text in told.texts[1:]] == ["KeyError"]
    now[0] += REPORT_EVERY
    await fails(KeyError("x"))
    await fails(KeyError("x"))
    assert len(told.texts) == 3
