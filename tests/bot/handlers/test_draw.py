"""/draw: the canvas, and an inline button for the page where Telegram can open it."""

from types import SimpleNamespace
from typing import Any, cast

import pytest
from telegram import Update, User
from telegram.ext import ContextTypes

from bot.handlers.draw import send_canvas
from bot.handlers.start import say_start
from bot.services import Services
from bot.texts import Texts

NOTHING = cast(ContextTypes.DEFAULT_TYPE, None)
HTTPS = "https://a.example/hook"


class Said:
    """A message that collects its replies."""

    def __init__(self, kind: str) -> None:
        self.chat = SimpleNamespace(type=kind)
        self.replies: list[tuple[Any, str, dict[str, Any] | None]] = []

    def get_bot(self) -> SimpleNamespace:
        return SimpleNamespace(name="@bot")

    async def reply_photo(self, photo: bytes, caption: str, *, reply_markup: Any) -> None:
        self.replies.append((photo, caption, reply_markup and reply_markup.to_dict()))

    async def reply_text(self, text: str, *, reply_markup: Any, **_: object) -> None:
        self.replies.append((None, text, reply_markup and reply_markup.to_dict()))


def services_at(webhook_url: str | None) -> Services:
    texts = Texts()

    async def draw(make: Any) -> Any:
        return make()

    parts = {
        "settings": SimpleNamespace(webhook_url=webhook_url),
        "texts": texts,
        "draw": draw,
        "is_admin": lambda user: False,
        "language": lambda user: user.language_code,
        "say": lambda user, key, **values: texts.say(user.language_code, key, **values),
    }
    return cast(Services, SimpleNamespace(**parts))


async def replies_to(handle: Any, url: str | None, kind: str = "private") -> Any:
    message, user = Said(kind), User(1, "Ann", is_bot=False, language_code="de")
    update = cast(Update, SimpleNamespace(effective_message=message, effective_user=user))
    await handle(update, NOTHING, services=services_at(url))
    (reply,) = message.replies
    return reply


async def test_the_page_opens_by_a_button_for_which_telegram_signs_who_draws() -> None:
    canvas, text, markup = await replies_to(send_canvas, HTTPS)
    assert canvas.startswith(b"\x89PNG") and "„Hier zeichnen“" in text
    page = {"url": "https://a.example/draw?language=de"}
    assert markup == {"inline_keyboard": [[{"text": "✎ Hier zeichnen", "web_app": page}]]}


async def test_the_greeting_has_a_button_that_opens_it_signed() -> None:
    _, text, markup = await replies_to(say_start, HTTPS)
    assert text.startswith("Hallo!")
    examples, (button,) = markup["inline_keyboard"]
    assert [key["callback_data"] for key in examples] == ["try:one", "try:several", "try:doubt"]
    assert button["web_app"]["url"] == "https://a.example/draw?language=de"


@pytest.mark.parametrize(
    ("url", "kind"), [(None, "private"), ("http://a.example/hook", "private"), (HTTPS, "group")]
)
async def test_no_page_is_offered_where_telegram_opens_none(url: str | None, kind: str) -> None:
    for handle in (send_canvas, say_start):
        _, text, markup = await replies_to(handle, url, kind)
        assert "web_app" not in str(markup) and "„Hier zeichnen“" not in text
