"""Strangers: forged taps, buttons of others, markup in names, floods; and the token's secrecy."""

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from tests.conftest import BotProcess
from tests.end_to_end.chat import Chat, words
from tests.pictures import photo_of

FORGED = [
    "right:1",
    "wrong:1",
    "is:1:0:5",
    "pick:1:0",
    "why:1",
    "show:1:1",
    "right:0",
    "right:-1",
    f"right:{10**17}",
    f"right:{2**63}",
    f"why:{10**40}",
    "is:1:0:11",
    "is:1:99:5",
    "is:1:0",
    "right:1; DROP TABLE readings",
    "right:1'--",
    "model:evil",
    "language:xx",
    "language:../../en",
    "cancel",
    "promote:clean:x",
    "promote?:clean:x",
    "serve:clean:../../../etc",
    "delete:clean:..",
    "samples:1",
    "list:clean",
    "\N{RIGHT-TO-LEFT OVERRIDE}\N{NULL}",
    "x" * 64,
]


def rows(bot: BotProcess, table: str) -> list[tuple[object, ...]]:
    with closing(sqlite3.connect(bot.data_dir / "bot.db")) as store:
        return store.execute(f"SELECT * FROM {table}").fetchall()  # noqa: S608 - a test's own


async def test_forged_and_foreign_taps_are_answered_and_change_nothing(
    bot: BotProcess, chat: Chat
) -> None:
    ann, eve = chat.user(1), chat.user(2)
    await ann.reply_to(await ann.photo(photo_of("7")))
    hers = await eve.reply_to(await eve.document(b"no picture", "a.jpg"))
    before = rows(bot, "readings"), rows(bot, "users")
    for data in FORGED:
        query = await eve.tap(hers["message_id"], data)
        await eve.answer_to(query)
    assert (rows(bot, "readings"), rows(bot, "users")) == before
    assert not rows(bot, "corrections")
    assert not rows(bot, "jobs")
    assert b" error " not in bot.log, "a forged tap must not even be an error"


async def test_a_replayed_tap_counts_once(bot: BotProcess, chat: Chat) -> None:
    ann = chat.user(1)
    answer = await ann.reply_to(await ann.photo(photo_of("7")))
    for _ in range(3):
        await ann.answer_to(await ann.tap(answer["message_id"], "is:1:0:4"))
    assert len(rows(bot, "corrections")) == 1


async def test_markup_in_names_and_captions_stays_text(bot: BotProcess, chat: Chat) -> None:
    eve = chat.user(5)
    eve.about["first_name"] = "<b>Eve</b> & <script>\N{RIGHT-TO-LEFT OVERRIDE}"
    captions = ["<b>", "</i>&amp;<a href='x'>", "\N{NULL}\x1b[31m", "ß" * 1024, "%s {0} {x}"]
    for caption in captions:
        answer = await eve.reply_to(await eve.photo(photo_of("7"), caption))
        assert words(answer).startswith("7 · ")
    for name in ("<b>.jpg", "..\\..\\x.png", "a\N{RIGHT-TO-LEFT OVERRIDE}gpj.exe", "x" * 200):
        answer = await eve.reply_to(await eve.document(photo_of("7"), name))
        assert words(answer).startswith("7 · ")
    await eve.says(await eve.text("/model <b>&"))
    await eve.says(await eve.text("/retrain <b>&"))
    assert b" error " not in bot.log


async def test_fifty_photos_of_one_user_get_ten_answers_and_one_message_about_the_limit(
    bot: BotProcess, chat: Chat
) -> None:
    ann, ben = chat.user(1), chat.user(2)
    sent = [await ann.photo(photo_of("7")) for _ in range(20)]
    his = await ben.photo(photo_of("4"))
    assert words(await ben.reply_to(his)).startswith("4 · ")
    await ann.reply_to(sent[9])
    told = await ann.wait_for(lambda m: "didn’t read this photo" in words(m))
    last = await ann.text("/model")
    await ann.says(max(last, told["message_id"]))
    said = [words(m) for m in ann.messages() if m["from"]["is_bot"]]
    assert sum("7 · " in text for text in said) == 10
    assert sum("didn’t read this photo" in text for text in said) == 1


@pytest.mark.settings(LOG_LEVEL="DEBUG", LOG_FORMAT="json")
async def test_no_message_shows_the_token_and_no_log_names_users(
    bot: BotProcess, chat: Chat
) -> None:
    ann = chat.user(7)
    ann.about["first_name"] = "Annabella"
    await ann.reply_to(await ann.photo(photo_of("7"), "my private caption"))
    await ann.reply_to(await ann.document(b"no picture", "secret-plans.jpg"))
    command_line = Path(f"/proc/{bot.pid}/cmdline").read_bytes()
    await bot.end()
    token = bot.server.token.encode()
    said = " ".join(words(m) for m in chat.messages.values()).encode()
    for place in (bot.log, command_line, said):
        assert token not in place and token.partition(b":")[2] not in place
    for private in (b"Annabella", b"private caption", b"secret-plans"):
        assert private not in bot.log
    assert b"photo answered after" in bot.log and b"photo unreadable after" in bot.log
