"""A person at the page and the real bot, as its own process, at the other end."""

from collections.abc import AsyncIterator

import pytest
import pytest_asyncio
from playwright.async_api import Browser, Page, expect

from tests.browser.page import become, draw, drop, in_browser, knows_commands, open_page, pick, say
from tests.conftest import BotProcess
from tests.end_to_end import quick_training
from tests.pictures import photo_of

pytestmark = [*in_browser, pytest.mark.timeout(240)]  # bots start
FOUR = [(0.45, 0.15), (0.4, 0.55), (0.8, 0.55)], [(0.7, 0.3), (0.7, 0.88)]
ANSWER = 30_000  # ms that a busy machine may take for an answer


@pytest_asyncio.fixture(loop_scope="session")
async def page(browser: Browser, bot: BotProcess) -> AsyncIterator[Page]:
    async with open_page(browser, bot.server.url) as page:
        yield page


async def read(page: Page, text: str) -> None:
    """Wait for an answer that begins with `text`, the newest of all."""
    newest = page.locator("li:not(.mine) .words").last
    await expect(newest).to_contain_text(text, timeout=ANSWER)


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
    await page.get_by_role("button", name="1", exact=True).click(timeout=ANSWER)
    await read(page, "1")
    await expect(page.locator("#log li")).to_have_count(2)


async def test_network_is_chosen_from_the_command_menu(page: Page) -> None:
    await knows_commands(page)
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
        await become(page, "Mira")
        await say(page, "/retrain noisy")
        words = page.locator("li:not(.mine) .words").last
        await expect(words).to_contain_text("Training the noisy network", timeout=ANSWER)
        await page.get_by_role("button", name="Cancel").click()
        await expect(words).to_contain_text("cancelled", timeout=ANSWER)
