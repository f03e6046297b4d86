"""The local chat's page with the real bot, which runs as a process of its own."""

from collections.abc import AsyncIterator

import pytest
import pytest_asyncio
from playwright.async_api import Browser, Page, expect

from tests.browser.page import (
    draw,
    drop,
    in_browser,
    open_page,
    pick,
    say,
    switch_to,
    wait_for_commands,
)
from tests.conftest import BotProcess
from tests.end_to_end import quick_training
from tests.pictures import photo_of

pytestmark = [*in_browser, pytest.mark.timeout(240)]  # bots start
FOUR = [(0.45, 0.15), (0.4, 0.55), (0.8, 0.55)], [(0.7, 0.3), (0.7, 0.88)]
ANSWER_TIMEOUT = 30_000  # ms, on a busy machine


@pytest_asyncio.fixture(loop_scope="session")
async def page(browser: Browser, bot: BotProcess) -> AsyncIterator[Page]:
    async with open_page(browser, bot.server.url) as page:
        yield page


async def read(page: Page, text: str) -> None:
    """Wait for an answer that begins with `text`, the newest of all."""
    newest = page.locator("li:not(.mine) .words").last
    await expect(newest).to_contain_text(text, timeout=ANSWER_TIMEOUT)


async def test_photos_drawings_and_albums_are_read(page: Page) -> None:
    await page.get_by_role("button", name="Start").click()
    await read(page, "Hello!")
    await drop(page, photo_of("7"))
    await read(page, "7 · ")
    await draw(page, *FOUR)
    await page.locator("#drawing-send").click()
    await read(page, "4")
    await pick(page, photo_of("1"), photo_of("2"))
    await read(page, "1")
    await expect(page.locator("li:not(.mine) .words").last).to_contain_text("2")


async def test_wrong_answer_is_corrected_by_two_taps(page: Page) -> None:
    await drop(page, photo_of("7"))
    await read(page, "7 · ")
    await page.get_by_role("button", name="Wrong").click()
    await page.get_by_role("button", name="1", exact=True).click(timeout=ANSWER_TIMEOUT)
    await read(page, "1")
    await expect(page.locator("#log li")).to_have_count(2)


async def test_network_is_chosen_from_the_command_menu(page: Page) -> None:
    await wait_for_commands(page)
    await page.get_by_label("Message", exact=True).press_sequentially("/mod")
    await expect(page.get_by_role("option")).to_have_count(1)
    await page.keyboard.press("Enter")
    await read(page, "auto")
    await page.get_by_role("button", name="noisy").click()
    await read(page, "noisy")
    await say(page, "/model blurry")
    await read(page, "You can choose")


@pytest.mark.settings(RETRAIN_EPOCHS="999")
@pytest.mark.prelude(quick_training.PRELUDE)
async def test_admin_watches_a_training_and_others_may_not(
    browser: Browser, bot: BotProcess
) -> None:
    async with open_page(browser, bot.server.url) as page:
        await say(page, "/retrain noisy")
        await read(page, "Only an admin")
        await switch_to(page, "Mira")
        await say(page, "/retrain noisy")
        words = page.locator("li:not(.mine) .words").last
        await expect(words).to_contain_text("Training the noisy network", timeout=ANSWER_TIMEOUT)
        await page.get_by_role("button", name="Cancel").click()
        await expect(words).to_contain_text("cancelled", timeout=ANSWER_TIMEOUT)
