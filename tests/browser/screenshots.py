"""The README's picture: two conversations with the running bot, side by side, in one PNG.

python -m tests.browser.screenshots docs/chat.png
"""

import asyncio
import io
import sys
import tempfile
from pathlib import Path

from PIL import Image
from playwright.async_api import Page, expect

from bot.local.server import LocalChat
from tests.browser.page import chromium, draw, drop, open_page
from tests.conftest import BotProcess
from tests.pictures import photo_of

# Strokes of a 4, (x, y) in heights of the canvas.
FOUR = [(0.45, 0.12), (0.4, 0.55), (0.85, 0.55)], [(0.72, 0.3), (0.7, 0.9)]
SCALE = 2  # px of the picture for one of the page, for sharp screens
GAP = 24 * SCALE  # px between the two
COLOURS = 256  # of the PNG's palette
SETTLED = 700  # ms until pictures are loaded and toasts are gone


async def main(target: Path) -> None:
    server = await LocalChat.start()
    with tempfile.TemporaryDirectory() as folder:
        bot = BotProcess(server, Path(folder))
        await bot.start()
        async with chromium() as browser:
            async with open_page(browser, server.url, scale=SCALE) as page:
                await send_a_photo(page)
                left = await shot(page)
            server.world.messages.clear()
            async with open_page(browser, server.url, scheme="dark", scale=SCALE) as page:
                await draw_and_ask_why(page)
                right = await shot(page)
        await bot.end()
    await server.close()
    both = Image.new("RGB", (left.width + GAP + right.width, left.height), "white")
    both.paste(left, (0, 0))
    both.paste(right, (left.width + GAP, 0))
    target.parent.mkdir(exist_ok=True)
    both.quantize(COLOURS, dither=Image.Dither.NONE).save(target, optimize=True)


async def send_a_photo(page: Page) -> None:
    await drop(page, photo_of("4071"))
    await expect(page.locator("#log li")).to_have_count(2)


async def draw_and_ask_why(page: Page) -> None:
    await draw(page, *FOUR)
    await page.locator("#drawing-send").click()
    await page.get_by_role("button", name="Why?").click()
    await expect(page.locator("#log li")).to_have_count(3)


async def shot(page: Page) -> Image.Image:
    await page.mouse.move(0, 0)
    await page.wait_for_timeout(SETTLED)
    return Image.open(io.BytesIO(await page.screenshot())).convert("RGB")


if __name__ == "__main__":
    asyncio.run(main(Path(sys.argv[1])))
