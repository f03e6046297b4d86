"""Errors: exceptions while a photo is read are photo errors; admins get one report an hour."""

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
from model.reader import Reader
from preprocessing import PhotoTooLarge


class AdminChat:
    """Stub of Telegram's bot that collects the messages to admins."""

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
        PhotoLimits(cast(Rates, None), 0),
    )


@pytest.mark.parametrize("error", [ZeroDivisionError(), MemoryError(), IndexError("x")])
async def test_any_exception_while_a_photo_is_read_is_a_photo_error(
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


async def test_photo_errors_are_raised_unchanged() -> None:
    with pytest.raises(PhotoTooLarge):
        await services_reading(PhotoTooLarge()).read(b"photo", "clean")


async def test_admins_get_one_report_an_hour_of_each_class_of_error(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    now = [10.0]
    monkeypatch.setattr("bot.errors.time", SimpleNamespace(monotonic=lambda: now[0]))
    services, sent = services_reading(ZeroDivisionError()), AdminChat()
    services.texts = Texts()

    async def fails(error: Exception) -> None:
        context = cast(
            ContextTypes.DEFAULT_TYPE, SimpleNamespace(error=error, bot=cast(Bot, sent))
        )
        await answer_error(None, context, services=services)

    for _ in range(5):
        try:
            await services.read(b"photo", "clean")
        except UnexpectedPhotoError as error:
            await fails(error)
    assert [text.split()[-1] for text in sent.texts] == ["ZeroDivisionError"]
    await fails(PhotoTooLarge())
    await fails(KeyError("x"))
    assert [text.split()[-1] for text in sent.texts[1:]] == ["KeyError"]
    now[0] += REPORT_EVERY
    await fails(KeyError("x"))
    await fails(KeyError("x"))
    assert len(sent.texts) == 3
