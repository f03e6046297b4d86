"""The page for everybody: axe-core's rules on a phone and a desktop, light and dark."""

from pathlib import Path

import pytest
from playwright.async_api import Browser, Page, expect

from bot.local.server import LocalChat
from tests.browser.page import (
    BUTTONS,
    DESKTOP,
    PHONE,
    Scheme,
    answer,
    in_browser,
    open_page,
    switch_to,
)
from tests.end_to_end.chat import Chat, call
from tests.pictures import photo_of

AXE = Path(__file__).parents[2] / ".axe_cache" / "package" / "axe.min.js"
pytestmark = in_browser


@pytest.mark.skipif(not AXE.exists(), reason="axe-core is missing: .ci/run fetches it by npm")
@pytest.mark.parametrize("scheme", ["light", "dark"])
async def test_page_is_accessible_and_fits(
    browser: Browser, server: LocalChat, chat: Chat, scheme: Scheme
) -> None:
    ann = chat.user(1)
    await ann.photo(photo_of("7"), "a caption with " + "longword" * 12)
    await ann.document(b"x", "notes.txt")
    text = "<b>7</b> · 99 %\n<pre>" + "wide " * 30 + "</pre><a href='https://x.y'>more</a> /help"
    await answer(server, text, reply_markup=BUTTONS, reply_parameters={"message_id": 1})
    commands = [{"command": "start", "description": "Start"}]
    await call(server, "setMyCommands", commands=commands)
    for size in (PHONE, DESKTOP):
        async with open_page(browser, server.url, size, scheme) as page:
            await page.evaluate(AXE.read_text())
            await check(page)
            for opener in ("#me", "#attach", "#draw", ".photo", "#menu"):
                await page.locator(opener).first.click()
                await check(page)
                await page.keyboard.press("Escape")
            await switch_to(page, "Ben")
            await expect(page.locator("#welcome")).to_be_visible()
            await check(page)


async def check(page: Page) -> None:
    """No rule of axe-core is broken and nothing is wider than the screen."""
    # Every rule runs; what passes is not listed, which takes a fifth of the time.
    result = await page.evaluate("() => axe.run({resultTypes: ['violations']})")
    assert [(each["id"], each["nodes"][0]["html"]) for each in result["violations"]] == []
    for element in ("html", "#scroll"):
        wide = await page.locator(element).evaluate("e => e.scrollWidth - e.clientWidth")
        assert wide <= 0
