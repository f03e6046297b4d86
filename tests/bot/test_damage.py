"""Damaged files and rows are set aside and reported, and nothing else is lost."""

import asyncio
import shutil
import sqlite3
from contextlib import closing, suppress
from pathlib import Path

import pytest

from bot.damage import Damage, found_in, set_aside, watch_data_dir
from bot.settings import Settings
from bot.store.jobs import Order
from bot.store.recovery import StoreError
from bot.texts import Texts
from model.registry import Registry
from tests.conftest import ADMIN, BotProcess
from tests.end_to_end.chat import Chat, words
from tests.end_to_end.robust import SEVEN, one_answer_each, send_photos
from tests.stores import store_in, teach
from tests.versions import copy_version, rewrite_card

CHECKED_OFTEN = "import bot.damage; bot.damage.WATCH_EVERY = 0.5"


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(data_dir=tmp_path)


@pytest.mark.parametrize("is_folder", [False, True])
def test_a_damaged_pointer_is_renamed_and_the_other_networks_stays(
    is_folder: bool, settings: Settings
) -> None:
    registry = Registry(settings.models_dir)
    for kind in ("clean", "noisy"):
        copy_version(settings.models_dir, kind, "30000101-a")
        registry.promote(kind, "30000101-a")
    pointer = settings.models_dir / "clean" / "serving"
    pointer.unlink()
    if is_folder:
        pointer.mkdir()
        (pointer / "x").write_text("content")
    else:
        pointer.write_bytes(b"30000101-a\n\xff\xfe")
    assert registry.serving("clean").shipped, "a damaged pointer names no version"
    (damage,) = set_aside(settings)
    assert (damage.key, damage.values["kind"]) == ("pointer-damaged", "clean")
    aside = pointer.with_name(str(damage.values["file"]))
    assert aside.is_dir() == is_folder and not pointer.exists()
    assert registry.serving("noisy").name == "30000101-a"
    registry.promote("clean", "30000101-a")
    assert not set_aside(settings), "said twice"


def test_a_version_that_cannot_serve_is_reported(settings: Settings) -> None:
    folder = copy_version(settings.models_dir, "clean", "30000101-a")
    registry = Registry(settings.models_dir)
    registry.promote("clean", "30000101-a")
    assert not set_aside(settings)
    rewrite_card(folder, temperature=0)
    shipped = registry.serving("clean")
    assert shipped.shipped
    assert set_aside(settings) == [
        Damage(
            "version-damaged",
            {"kind": "clean", "version": "30000101-a", "serving": shipped.name},
        )
    ]


async def test_a_missing_table_is_made_anew_and_the_others_stay(tmp_path: Path) -> None:
    async with store_in(tmp_path) as store:
        await teach(store, 1, 7, 1)
        assert not found_in(store)
    with closing(sqlite3.connect(tmp_path / "bot.db")) as connection, connection:
        connection.execute("DROP TABLE jobs")
    async with store_in(tmp_path) as store:
        assert found_in(store) == [Damage("tables-missing", {"tables": "jobs"})]
        assert len(await store.corrections.taught()) == 1
        assert await store.jobs.add([Order("clean", 1, 1, 1)])


@pytest.mark.parametrize("payload", ["", "{damaged", "[1]", b'{"a": "\xff"}'])
async def test_a_damaged_update_is_skipped_and_the_next_is_kept(
    payload: str | bytes, tmp_path: Path
) -> None:
    async with store_in(tmp_path):
        pass
    with closing(sqlite3.connect(tmp_path / "bot.db")) as connection, connection:
        for row in ((1, payload), (2, "{}")):
            connection.execute("INSERT INTO updates (id, payload, received) VALUES (?, ?, 1)", row)
    async with store_in(tmp_path) as store:
        assert found_in(store) == [Damage("updates-damaged", {"count": 1})]
        assert (await store.counts())[0] == 1
    async with store_in(tmp_path) as store:
        assert not found_in(store)


async def test_a_database_of_a_newer_program_is_refused_and_stays(tmp_path: Path) -> None:
    async with store_in(tmp_path) as store:
        await teach(store, 1, 7, 1)
    with closing(sqlite3.connect(tmp_path / "bot.db")) as connection, connection:
        connection.execute("UPDATE alembic_version SET version_num = '9999_later'")
    with pytest.raises(StoreError, match="newer version of this program"):
        async with store_in(tmp_path):
            pass
    with closing(sqlite3.connect(tmp_path / "bot.db")) as connection:
        assert connection.execute("SELECT count(*) FROM corrections").fetchone() == (1,)


async def test_a_deleted_data_folder_is_restored_with_all_rows_of_the_store(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.damage.WATCH_EVERY", 0.01)
    folder, reported = tmp_path / "data", asyncio.Queue[Damage]()
    folder.mkdir()
    async with store_in(folder) as store:
        await teach(store, 1, 7, 1)
        watching = asyncio.create_task(
            watch_data_dir(Settings(data_dir=folder), store, reported.put)
        )
        await asyncio.sleep(0.05)
        assert reported.empty()
        shutil.rmtree(folder)
        assert (await asyncio.wait_for(reported.get(), 10)).key == "data-deleted"
        await teach(store, 2, 7, 1)
        watching.cancel()
        with suppress(asyncio.CancelledError):
            await watching
        assert reported.empty()
    async with store_in(folder) as again:
        assert {row.user_id for row in await again.corrections.taught()} == {1, 2}


def test_all_damage_has_a_sentence_in_every_language() -> None:
    texts, values = Texts(), {"kind": "clean", "file": "f", "version": "v", "serving": "s"}
    for language in texts.languages:
        for key in (
            "pointer-damaged",
            "version-damaged",
            "tables-missing",
            "data-deleted",
            "updates-damaged",
        ):
            assert key not in texts.say(language, key, tables="t", count=2, **values)


async def test_a_bot_with_every_kind_of_damage_starts_and_reports_each(
    bot: BotProcess, chat: Chat
) -> None:
    admin = chat.user(ADMIN)
    await admin.says(await admin.text("/start"))
    await bot.end()
    pointer = bot.data_dir / "models" / "noisy" / "serving"
    pointer.parent.mkdir(parents=True)
    pointer.write_bytes(b"30000101-a\n\xff\xfe")
    folder = copy_version(bot.data_dir / "models", "clean", "30000101-a")
    (folder.parent / "serving").write_text("30000101-a\n")
    rewrite_card(folder, temperature=0)
    with closing(sqlite3.connect(bot.data_dir / "bot.db")) as connection, connection:
        connection.execute("DROP TABLE jobs")
        connection.execute(
            "UPDATE updates SET payload = '{damaged' WHERE id = (SELECT min(id) FROM updates)"
        )
    bot.prelude = CHECKED_OFTEN
    await bot.start()
    for said in (
        "which noisy version",
        "30000101-a is damaged",
        "Tables were missing",
        "One message",
    ):
        await admin.wait_for(lambda m, said=said: said in words(m))  # type: ignore[misc]
    await one_answer_each(chat, await send_photos(chat, users=1, each=1))
    shutil.rmtree(bot.data_dir)
    await admin.wait_for(lambda m: "data folder was deleted" in words(m))
    ann = chat.user(2)
    assert words(await ann.reply_to(await ann.photo(SEVEN))).startswith("7 · ")
    await bot.end()
    with closing(sqlite3.connect(bot.data_dir / "bot.db")) as connection, connection:
        assert connection.execute("SELECT count(*) FROM readings").fetchone() == (2,)
        connection.execute("UPDATE alembic_version SET version_num = '9999_later'")
    await bot.fails_to_start("A newer version of this program wrote the database")
