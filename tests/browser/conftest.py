"""One browser for all tests here, each with a context of its own, and all in one event loop."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio
from playwright.async_api import Browser, Page

from bot.local.server import LocalChat
from tests.browser.page import chromium, open_page
from tests.conftest import BotProcess, running_bot, serving
from tests.end_to_end.chat import Chat
from tests.end_to_end.faults import Faults


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def browser() -> AsyncIterator[Browser]:
    """Chromium, which takes 2 s of processor to start."""
    async with chromium() as browser:
        yield browser


@pytest_asyncio.fixture(loop_scope="session")
async def server(faults: Faults) -> AsyncIterator[LocalChat]:
    """A Bot API server on loopback, without a bot."""
    async with serving(faults) as server:
        yield server


@pytest_asyncio.fixture(loop_scope="session")
async def chat(server: LocalChat) -> AsyncIterator[Chat]:
    """People who write to the bot of `server`."""
    async with Chat(server.url) as chat:
        yield chat


@pytest_asyncio.fixture(loop_scope="session")
async def bot(
    server: LocalChat, tmp_path: Path, request: pytest.FixtureRequest
) -> AsyncIterator[BotProcess]:
    """The running bot."""
    async with running_bot(server, tmp_path, request.node) as bot:
        yield bot


@pytest_asyncio.fixture(loop_scope="session")
async def page(browser: Browser, server: LocalChat) -> AsyncIterator[Page]:
    """The page of `server` on a phone."""
    async with open_page(browser, server.url) as page:
        yield page
