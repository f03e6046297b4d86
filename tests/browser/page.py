"""A real browser on the local chat's page: Chromium, driven by Playwright."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Literal

import pytest
from playwright.async_api import Browser, FilePayload, Page, ViewportSize, async_playwright, expect

from bot.local.server import LocalChat
from bot.texts import Texts
from tests.end_to_end.chat import call

CHROMIUM = Path("/usr/bin/chromium")
FLAGS = ["--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"]
FLAGS += ["--disable-background-networking", "--disable-component-update", "--disable-sync"]
FLAGS += ["--renderer-process-limit=1"]  # one page after the other needs no spare processes
PHONE, DESKTOP = ViewportSize(width=360, height=740), ViewportSize(width=1280, height=800)
Scheme = Literal["light", "dark"]
TEXTS = Texts()
TIMEOUT = 20_000  # ms, on a busy machine
LOST = "Failed to load resource"  # console error while a test interrupts the connection
DATA_TRANSFER = """bytes => {
    const data = new DataTransfer();
    data.items.add(new File([new Uint8Array(bytes)], "drop.jpg", {type: "image/jpeg"}));
    return data;
}"""  # a picture file, dragged or on the clipboard
BUTTONS = {"inline_keyboard": [[{"text": "Right", "callback_data": "r"}]]}
needs_chromium = pytest.mark.skipif(
    not CHROMIUM.exists(), reason=f"{CHROMIUM} is missing (on Debian: apt install chromium)"
)


in_browser = [needs_chromium, pytest.mark.asyncio(loop_scope="session")]  # see conftest.py


@asynccontextmanager
async def chromium() -> AsyncIterator[Browser]:
    """A running browser."""
    async with async_playwright() as driver:
        browser = await driver.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield browser
        await browser.close()


@asynccontextmanager
async def open_page(
    browser: Browser,
    url: str,
    size: ViewportSize = PHONE,
    scheme: Scheme = "light",
    scale: float = 1,
    language: str = "en",
) -> AsyncIterator[Page]:
    """Open the page and wait until it is connected; an error in its scripts fails the test.

    `size` is in CSS px, `scale` in px of a screenshot for each of these.
    """
    errors: list[str] = []
    context = await browser.new_context(
        viewport=size, color_scheme=scheme, device_scale_factor=scale, locale=language
    )
    try:
        page = await context.new_page()
        page.set_default_timeout(TIMEOUT)
        expect.set_options(timeout=TIMEOUT)
        page.on("pageerror", lambda error: errors.append(str(error)))
        page.on("console", lambda line: errors.extend([line.text] * (line.type == "error")))
        await page.goto(url)
        await wait_until_connected(page)
        yield page
    finally:
        await context.close()
    assert [error for error in errors if LOST not in error] == []


async def switch_to(page: Page, name: str) -> None:
    """Switch to Ada (a user), Ben (another one) or Mira (an admin)."""
    await page.locator("#me").click()
    await page.get_by_label(name).check()
    await page.keyboard.press("Escape")
    await wait_until_connected(page)


async def wait_until_connected(page: Page) -> None:
    """Wait until the page is connected to its chat."""
    language = await page.locator("html").get_attribute("lang") or "en"
    await page.get_by_text(TEXTS.say(language, "page-bot"), exact=True).wait_for()


async def wait_for_commands(page: Page) -> None:
    """Wait until the page has the bot's commands, which it gets after it is connected."""
    async with asyncio.timeout(TIMEOUT / 1000):
        while not await page.get_by_role("option").count():
            await page.locator("#menu").click()
            await asyncio.sleep(0.05)
    await page.keyboard.press("Escape")


async def write_in_group(page: Page) -> None:
    """Switch from the private chat to the group."""
    await page.locator("#me").click()
    await page.locator("[name=chat][value='-1']").check()
    await page.keyboard.press("Escape")
    await wait_until_connected(page)


async def say(page: Page, text: str) -> None:
    await page.locator("#text").fill(text)
    await page.keyboard.press("Enter")


async def pick(page: Page, *pictures: bytes) -> None:
    """Choose pictures with the picker and send them."""
    files = [FilePayload(name="a.jpg", mimeType="image/jpeg", buffer=each) for each in pictures]
    await page.set_input_files("#photos", files)
    await page.locator("#sheet-send").click()


async def draw(page: Page, *strokes: list[tuple[float, float]]) -> None:
    """Open the canvas and draw on it."""
    await page.locator("#draw").click()
    await move_pen(page, *strokes)


async def move_pen(page: Page, *strokes: list[tuple[float, float]]) -> None:
    """Draw with the mouse; (x, y) in heights of the canvas from its upper left corner."""
    box = await page.locator("#paper").bounding_box()
    assert box
    for stroke in strokes:
        points = [(box["x"] + x * box["height"], box["y"] + y * box["height"]) for x, y in stroke]
        await page.mouse.move(*points[0])
        await page.mouse.down()
        for point in points[1:]:
            await page.mouse.move(*point, steps=8)
        await page.mouse.up()


async def drop(page: Page, picture: bytes) -> None:
    """Drag a picture file over the page, drop and send it."""
    for kind in ("dragenter", "dragover", "drop"):
        data = await page.evaluate_handle(DATA_TRANSFER, list(picture))
        await page.dispatch_event("#log", kind, {"dataTransfer": data})
    await page.locator("#sheet-send").click()


async def paste(page: Page, picture: bytes) -> None:
    """Paste a picture and send it."""
    data = await page.evaluate_handle(DATA_TRANSFER, list(picture))
    pasted = "data => new ClipboardEvent('paste', {clipboardData: data, bubbles: true})"
    event = await page.evaluate_handle(pasted, data)
    await page.evaluate("event => document.body.dispatchEvent(event)", event)
    await page.locator("#sheet-send").click()


async def answer(server: LocalChat, text: str, **fields: object) -> int:
    """Send a message to Ada in the bot's name."""
    fields = {"chat_id": 1, "text": text, "parse_mode": "HTML"} | fields
    return int((await call(server, "sendMessage", **fields))["result"]["message_id"])
