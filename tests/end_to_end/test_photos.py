"""The running bot over real HTTP: every photo gets one answer, its own."""

import asyncio
import os
import sys
from contextlib import AsyncExitStack
from pathlib import Path

import pytest

from bot.local.server import LocalChat
from tests.conftest import ADMIN, BotProcess
from tests.end_to_end import quick_training
from tests.end_to_end.chat import Chat, words
from tests.end_to_end.looking import reading_of
from tests.end_to_end.webhook import free_hook
from tests.pictures import photo_of

TRAINING = 60.0  # s that no training may take on a busy machine


async def test_a_photo_is_answered_with_its_digit(bot: BotProcess, chat: Chat) -> None:
    ann = chat.user(1)
    answer = await ann.reply_to(await ann.photo(photo_of("7")))
    assert words(answer).startswith("7 · ")


async def test_a_picture_file_is_answered_too(bot: BotProcess, chat: Chat) -> None:
    ann = chat.user(1)
    answer = await ann.reply_to(await ann.document(photo_of("4"), "four.jpg"))
    assert words(answer).startswith("4 · ")


async def test_a_file_that_is_no_picture_gets_a_plain_sentence(
    bot: BotProcess, chat: Chat
) -> None:
    ann = chat.user(1)
    answer = await ann.reply_to(await ann.document(b"not a picture", "notes.jpg"))
    assert "can’t open" in words(answer)


async def test_a_bot_with_the_store_of_another_local_chat_answers_in_a_new_one(
    bot: BotProcess, chat: Chat
) -> None:
    ann = chat.user(1)
    await ann.says(await ann.text("/start"))
    await bot.end()
    async with AsyncExitStack() as opened:
        bot.server = await LocalChat.start()
        opened.push_async_callback(bot.server.close)
        opened.push_async_callback(bot.end)
        await bot.start()
        ann = (await opened.enter_async_context(Chat(bot.server.url))).user(1)
        assert "photo" in words(await ann.says(await ann.text("/start")))


async def test_without_a_token_it_answers_in_the_local_chat_past_any_proxy(
    tmp_path: Path,
) -> None:
    listen = free_hook().split("/")[2]
    settings = {"BOT_TOKEN": "", "LISTEN": listen, "DATA_DIR": str(tmp_path)}
    settings |= {"http_proxy": "http://127.0.0.1:1", "no_proxy": "", "NO_PROXY": ""}
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "bot"),
        env={**os.environ, **settings},
        stdout=asyncio.subprocess.PIPE,
    )
    try:
        assert process.stdout
        assert listen in (await process.stdout.readline()).decode()
        async with Chat(f"http://{listen}") as chat:
            ann = chat.user(1)
            assert "photo" in words(await ann.says(await ann.text("/start")))
    finally:
        process.terminate()
        await process.wait()


async def test_two_users_at_once_each_get_their_own_digits(bot: BotProcess, chat: Chat) -> None:
    async def ask(user_id: int, text: str) -> str:
        person = chat.user(user_id)
        return words(await person.reply_to(await person.photo(photo_of(text))))

    texts = {11: "7", 12: "4", 13: "2", 14: "0", 15: "1"}
    answers = await asyncio.gather(*(ask(user, text) for user, text in texts.items()))
    assert [answer[0] for answer in answers] == list(texts.values())


async def test_start_greets_and_help_explains(bot: BotProcess, chat: Chat) -> None:
    ann = chat.user(1)
    assert "photo" in words(await ann.says(await ann.text("/start")))
    assert "/model" in words(await ann.says(await ann.text("/help")))


async def test_the_choice_of_a_network_is_the_users_own_and_survives_a_restart(
    bot: BotProcess, chat: Chat
) -> None:
    ann, ben = chat.user(1), chat.user(2)
    assert "noisy" in words(await ann.says(await ann.text("/model noisy")))
    assert "clean, noisy or auto" in words(await ann.says(await ann.text("/model blurry")))
    assert await bot.end() == 0
    await bot.start()
    assert words(await ann.says(await ann.text("/model"))).startswith("The noisy network")
    assert words(await ben.says(await ben.text("/model"))).startswith("auto")
    tapped = await ben.says(await ben.text("/model"))
    await ben.tap(tapped["message_id"], "clean")
    await ben.wait_for(lambda m: "From now on the clean" in words(m))
    answer = await ben.reply_to(await ben.photo(photo_of("7")))
    assert "clean" in words(answer)


async def test_a_stranger_cannot_retrain(bot: BotProcess, chat: Chat) -> None:
    ann = chat.user(1)
    assert words(await ann.says(await ann.text("/retrain noisy"))) == "Only an admin can do this."


@pytest.mark.settings(RETRAIN_EPOCHS="1")
@pytest.mark.prelude(quick_training.PRELUDE)
async def test_an_admin_retrains_and_the_new_version_reads_the_next_photo(
    bot: BotProcess, chat: Chat
) -> None:
    admin = chat.user(ADMIN)
    await admin.text("/model noisy")
    seven = await admin.reply_to(await admin.photo(photo_of("7")))
    await admin.tap(seven["message_id"], f"is:{reading_of(seven)}:0:7")
    former = words(seven)
    await admin.text("/retrain noisy")
    ended = await admin.wait_for(lambda m: "→" in words(m) or "failed" in words(m), TRAINING)
    assert "has learned nothing" in words(ended), "it read the only correction right before"
    await admin.tap(ended["message_id"], "Promote anyway")
    await admin.wait_for(lambda m: "Yes, promote" in str(m.get("reply_markup")))
    await admin.tap(ended["message_id"], "Yes, promote it anyway")
    await admin.wait_for(lambda m: "from the next photo on" in words(m))
    answer = words(await admin.reply_to(await admin.photo(photo_of("7"))))
    assert answer.startswith("7 · ")
    assert answer.splitlines()[-1] != former.splitlines()[-1], "the version has not changed"
