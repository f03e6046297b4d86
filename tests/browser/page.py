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
PHONE, DESKTOP = ViewportSize(width=360, height=740), ViewportSize(width=1280, height=800)
Scheme = Literal["light", "dark"]
TEXTS = Texts()
PATIENCE = 20_000  # ms that a busy machine may take for what a person does not notice
LOST = "Failed to load resource"  # said to the console while the line is broken on purpose
CARRIED = """bytes => {
    const data = new DataTransfer();
    data.items.add(new File([new Uint8Array(bytes)], "drop.jpg", {type: "image/jpeg"}));
    return data;
}"""  # what the mouse or the clipboard carries: a picture file
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
    """The page, once it listens; an error in its scripts fails the test. Sizes are in CSS px."""
    errors: list[str] = []
    context = await browser.new_context(
        viewport=size, color_scheme=scheme, device_scale_factor=scale, locale=language
    )
    try:
        page = await context.new_page()
        page.set_default_timeout(PATIENCE)
        expect.set_options(timeout=PATIENCE)
        page.on("pageerror", lambda error: errors.append(str(error)))
        page.on("console", lambda line: errors.extend([line.text] * (line.type == "error")))
        await page.goto(url)
        await listens(page)
        yield page
    finally:
        await context.close()
    assert [error for error in errors if LOST not in error] == []


async def become(page: Page, name: str) -> None:
    """Become Ada (a user), Ben (another one) or Mira (an admin)."""
    await page.locator("#me").click()
    await page.get_by_label(name).check()
    await page.keyboard.press("Escape")
    await listens(page)


async def listens(page: Page) -> None:
    """Wait until the page is connected to its chat."""
    language = await page.locator("html").get_attribute("lang") or "en"
    await page.get_by_text(TEXTS.say(language, "page-bot"), exact=True).wait_for()


async def knows_commands(page: Page) -> None:
    """Wait until the page has the bot's commands, which come after it is connected."""
    async with asyncio.timeout(PATIENCE / 1000):
        while not await page.get_by_role("option").count():
            await page.locator("#menu").click()
            await asyncio.sleep(0.05)
    await page.keyboard.press("Escape")


async def write_in_group(page: Page) -> None:
    """Go from the private chat into the group."""
    await page.locator("#me").click()
    await page.locator("[name=chat][value='-1']").check()
    await page.keyboard.press("Escape")
    await listens(page)


async def say(page: Page, text: str) -> None:
    await page.locator("#text").fill(text)
    await page.keyboard.press("Enter")


async def pick(page: Page, *pictures: bytes) -> None:
    """Choose pictures with the picker and send them."""
    files = [FilePayload(name="a.jpg", mimeType="image/jpeg", buffer=each) for each in pictures]
    await page.set_input_files("#photos", files)
    await page.locator("#sheet-send").click()


async def draw(page: Page, *strokes: list[tuple[float, float]]) -> None:
    """Take the paper and draw on it."""
    await page.locator("#draw").click()
    await move_pen(page, *strokes)


async def move_pen(page: Page, *strokes: list[tuple[float, float]]) -> None:
    """Draw with the mouse, in parts of the paper's height from its upper left corner."""
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
    """Drag a picture file over the page, let it fall and send it."""
    for kind in ("dragenter", "dragover", "drop"):
        data = await page.evaluate_handle(CARRIED, list(picture))
        await page.dispatch_event("#log", kind, {"dataTransfer": data})
    await page.locator("#sheet-send").click()


async def paste(page: Page, picture: bytes) -> None:
    """Paste a picture and send it."""
    data = await page.evaluate_handle(CARRIED, list(picture))
    pasted = "data => new ClipboardEvent('paste', {clipboardData: data, bubbles: true})"
    event = await page.evaluate_handle(pasted, data)
    await page.evaluate("event => document.body.dispatchEvent(event)", event)
    await page.locator("#sheet-send").click()


async def answer(server: LocalChat, text: str, **fields: object) -> int:
    """Send a message to Ada in the bot's name."""
    fields = {"chat_id": 1, "text": text, "parse_mode": "HTML"} | fields
    return int((await call(server, "sendMessage", **fields))["result"]["message_id"])
