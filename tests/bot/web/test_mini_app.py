"""The page of /draw: only signed users are read, and answered in their chats."""

import hmac
import json
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from hashlib import sha256
from urllib.parse import urlencode

import aiohttp
import pytest
from playwright.async_api import Browser, Page, expect

from bot.draw_page import page_url
from bot.rate_limit import BURST
from bot.web.init_data import CLOCK_SKEW, VALID, signed_user
from tests.browser.page import PHONE, TIMEOUT, chromium, move_pen, needs_chromium
from tests.conftest import BotProcess
from tests.end_to_end.chat import Chat, Person, words
from tests.end_to_end.faults import Fault, Faults
from tests.pictures import photo_of

TOKEN = "1:secret"
NOW = 1_800_000_000.0
SEVEN = [(0.3, 0.2), (0.7, 0.22), (0.45, 0.85)]  # in parts of the paper's height


def signed(token: str, user_id: int = 1, at: float = NOW, **more: str) -> str:
    """Return init data, signed as Telegram documents it."""
    user = {"id": user_id, "first_name": "Ann", "language_code": "de"}
    fields = {"auth_date": str(int(at)), "query_id": "q", "user": json.dumps(user), **more}
    content = "\n".join(sorted(f"{name}={value}" for name, value in fields.items()))
    key = hmac.new(b"WebAppData", token.encode(), sha256).digest()
    return urlencode(fields | {"hash": hmac.new(key, content.encode(), sha256).hexdigest()})


def test_signed_init_data_gives_its_user() -> None:
    user = signed_user(signed(TOKEN), TOKEN, NOW)
    assert user and (user.id, user.language_code) == (1, "de")


@pytest.mark.parametrize(
    "data",
    [
        "",
        "hash=",
        "user=%7B%22id%22%3A1%7D",
        signed("2:other"),
        signed(TOKEN).replace("Ann", "Ben"),
        signed(TOKEN) + "&more=1",
        signed(TOKEN, at=NOW - VALID - 1),
        signed(TOKEN, at=NOW + CLOCK_SKEW + 1),
        signed(TOKEN).replace("hash=", "hash=é"),
    ],
)
def test_forged_or_old_init_data_gives_no_user(data: str) -> None:
    assert signed_user(data, TOKEN, NOW) is None


@pytest.mark.parametrize(
    ("webhook", "page"),
    [
        ("https://a.example/bot/hook", "https://a.example/bot/draw?language=de"),
        ("https://a.example", "https://a.example/draw?language=de"),
    ],
)
def test_the_page_is_served_beside_the_webhook(webhook: str, page: str) -> None:
    assert page_url(webhook, "de") == page


async def post(url: str, init_data: str, picture: bytes | None) -> int:
    form = aiohttp.FormData({"init_data": init_data})
    if picture is not None:
        form.add_field("picture", picture, filename="drawing.png")
    async with aiohttp.ClientSession() as session, session.post(url, data=form) as answer:
        return answer.status


async def greeted(chat: Chat, user_id: int) -> Person:
    """Return a user who has started the bot, so that it may write to that user."""
    person = chat.user(user_id, language="de")
    await person.says(await person.text("/start"))
    return person


async def test_a_drawing_is_answered_in_the_chat_of_its_user(
    hooked: BotProcess, chat: Chat, hook: str
) -> None:
    ann, url = await greeted(chat, 1), page_url(hook, "de")
    mine, forged = signed(hooked.server.token, at=time.time()), signed(TOKEN, at=time.time())
    assert await post(url, forged, photo_of("7")) == 403
    assert await post(url, mine, None) == 400
    assert await post(url, mine, b"no picture") == 400
    assert await post(url, mine, photo_of("7")) == 200
    answer = await ann.wait_for(lambda m: words(m).startswith("7 · "))
    drawn = answer["reply_to_message"]
    assert "photo" in drawn
    await ann.tap(answer["message_id"], "Warum?")
    await ann.wait_for(lambda m: "photo" in m and m["message_id"] > answer["message_id"])
    await ann.tap(answer["message_id"], "✗ Falsch")
    await ann.wait_for(lambda m: "is:" in json.dumps(m.get("reply_markup", {})))
    await ann.tap(answer["message_id"], "1")
    await ann.wait_for(lambda m: m["message_id"] == answer["message_id"] and words(m)[0] == "1")


@pytest.mark.settings(PHOTOS_PER_MINUTE="1")  # none is free again while these are sent
async def test_drawings_and_photos_share_one_quota(
    hooked: BotProcess, chat: Chat, hook: str
) -> None:
    ann, url = await greeted(chat, 1), page_url(hook, "de")
    mine = signed(hooked.server.token, at=time.time())
    sent = [await post(url, mine, b"no picture") for _ in range(BURST + 1)]
    assert sent == [400] * BURST + [429]
    refused = await ann.says(await ann.photo(photo_of("7")))
    assert "Dieses Foto habe ich nicht gelesen" in words(refused)


async def test_a_drawing_that_cannot_be_answered_is_refused(
    hooked: BotProcess, chat: Chat, hook: str, faults: Faults
) -> None:
    await greeted(chat, 1)
    blocked = "Forbidden: bot was blocked by the user"
    faults.order(Fault("sendPhoto", code=403, description=blocked, times=-1))
    mine = signed(hooked.server.token, at=time.time())
    assert await post(page_url(hook, "de"), mine, photo_of("7")) == 503
    assert b"a drawing was not answered: Forbidden" in hooked.log
    assert b"Traceback" not in hooked.log and b"127.0.0.1" not in hooked.log


@asynccontextmanager
async def opened(browser: Browser, hook: str, init_data: str) -> AsyncIterator[Page]:
    """Open the page as Telegram does on a phone."""
    page = await browser.new_page(viewport=PHONE)
    await page.route("https://telegram.org/**", lambda route: route.abort())
    takes = "ready() {}, close() { this.closed = true; }"
    telegram = f"{{initData: {json.dumps(init_data)}, {takes}}}"
    await page.add_init_script(f"window.Telegram = {{WebApp: {telegram}}};")
    await page.goto(page_url(hook, "de"))
    yield page
    await page.close()


@needs_chromium
async def test_a_drawing_updates_the_bars_and_is_read(
    hooked: BotProcess, chat: Chat, hook: str
) -> None:
    ann = await greeted(chat, 1)
    mine = signed(hooked.server.token, at=time.time())
    async with chromium() as browser:
        async with opened(browser, hook, mine) as page:
            await move_pen(page, SEVEN)
            bars = page.locator("#bars")
            await expect(bars).to_have_attribute("data-digit", "7", timeout=TIMEOUT)
            await expect(bars).to_have_css("display", "grid")
            await page.get_by_role("button", name="Lesen").click()
            await page.wait_for_function("Telegram.WebApp.closed")
        await ann.wait_for(lambda m: words(m).startswith("7"))
        async with opened(browser, hook, "") as page:  # unsigned: from the button of a keyboard
            await move_pen(page, SEVEN)
            await page.get_by_role("button", name="Lesen").click()
            await expect(page.get_by_role("alert")).to_contain_text("öffne die Seite neu")
            await expect(page.locator("#bars .best")).to_have_count(0)
