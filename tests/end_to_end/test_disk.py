"""Faults of the disk under the running bot: no photo is lost, no damaged file overwritten."""

import asyncio
import sqlite3
from contextlib import closing
from pathlib import Path
from resource import RLIM_INFINITY, RLIMIT_FSIZE, prlimit
from shutil import which

import pytest

from bot.local.server import LocalChat
from tests.conftest import ADMIN, BotProcess
from tests.end_to_end.chat import Chat, Message, words
from tests.end_to_end.robust import SEVEN, answered, one_answer_each, send_photos

# SQLite waits for a lock by itself: less long than in use.
IMPATIENT = """
from bot.store import engine
engine.SQLITE_PRAGMAS += ("busy_timeout=500",)
"""


@pytest.mark.prelude(IMPATIENT)
async def test_updates_wait_while_the_store_is_locked(bot: BotProcess, chat: Chat) -> None:
    with closing(sqlite3.connect(bot.data_dir / "bot.db")) as other:
        other.execute("BEGIN IMMEDIATE")
        sent = await send_photos(chat, users=2, each=1)
        while b"the store cannot be written" not in bot.log:
            await asyncio.sleep(0.05)
        assert not answered(chat)
        other.rollback()
    await one_answer_each(chat, sent)


async def test_updates_wait_while_the_disk_is_full(bot: BotProcess, chat: Chat) -> None:
    prlimit(bot.pid, RLIMIT_FSIZE, (0, RLIM_INFINITY))
    sent = await send_photos(chat, users=2, each=1)
    while b"the store cannot be written" not in bot.log:
        await asyncio.sleep(0.05)
    prlimit(bot.pid, RLIMIT_FSIZE, (RLIM_INFINITY, RLIM_INFINITY))
    await one_answer_each(chat, sent)


async def test_a_data_folder_that_is_a_file_ends_the_start_with_its_reason(
    server: LocalChat, tmp_path: Path
) -> None:
    (tmp_path / "data").write_text("a file where the folder should be")
    bot = BotProcess(server, tmp_path / "data")
    await bot.fails_to_start("The store cannot be opened")


@pytest.mark.skipif(not which("setpriv"), reason="no setpriv, and root may write everywhere")
async def test_a_read_only_data_folder_ends_the_start_with_its_reason(
    bot: BotProcess, chat: Chat
) -> None:
    await one_answer_each(chat, await send_photos(chat, users=1, each=1))
    await bot.end()
    store = bot.data_dir / "bot.db"
    before = store.read_bytes()
    for path in (*bot.data_dir.iterdir(), bot.data_dir):
        path.chmod(0o555)
    bot.before = ("setpriv", "--bounding-set=-dac_override,-dac_read_search")
    await bot.fails_to_start(r"The store cannot be opened \(DATA_DIR")
    assert store.read_bytes() == before
    for path in (bot.data_dir, *bot.data_dir.iterdir()):
        path.chmod(0o755)
    bot.before = ()
    await bot.start()


@pytest.mark.parametrize("at", [0, 4096], ids=["header", "middle"])
async def test_a_damaged_store_is_renamed_and_reported(
    bot: BotProcess, chat: Chat, at: int
) -> None:
    admin = chat.user(ADMIN)
    await admin.says(await admin.text("/start"))
    await bot.end()
    store = bot.data_dir / "bot.db"
    damaged = bytearray(store.read_bytes())
    damaged[at : at + 3000] = b"?" * 3000
    store.write_bytes(damaged)
    await bot.start()
    told = await admin.wait_for(lambda m: "damaged" in words(m))
    (aside,) = [p for p in bot.data_dir.glob("bot.db.damaged-*") if p.suffix[-1].isdigit()]
    assert aside.read_bytes() == damaged, "what was damaged must stay as it is"
    assert aside.name in words(told)
    assert b"was damaged" in bot.log
    await one_answer_each(chat, await send_photos(chat, users=1, each=1))


async def test_a_damaged_version_is_refused_and_the_former_one_serves(
    bot: BotProcess, chat: Chat
) -> None:
    await bot.end()
    for kind in ("clean", "noisy"):
        folder = bot.data_dir / "models" / kind / "29990101-000000"
        folder.mkdir(parents=True)
        (folder / "card.json").write_text("{}")
        (folder / "model.tflite").write_bytes(b"?" * 1000)
        (folder.parent / "serving").write_text(f"{folder.name}\n")
    await bot.start()
    ann = chat.user(1)
    answer: Message = await ann.reply_to(await ann.photo(SEVEN))
    assert words(answer).startswith("7 · ")
    assert b"29990101-000000" in bot.log
