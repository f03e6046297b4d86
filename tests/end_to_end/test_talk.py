"""Everything around the photos, over real HTTP: texts, languages, groups, menus, drawing."""

import asyncio
import re
from collections.abc import Iterable
from itertools import pairwise
from pathlib import Path
from typing import Any

import aiohttp
import numpy as np

from bot.local.server import LocalChat
from tests.conftest import ADMIN, BotProcess
from tests.end_to_end.chat import Chat, words
from tests.end_to_end.faults import Faults
from tests.end_to_end.looking import labels, picture, reading_of, replies, settled
from tests.end_to_end.webhook import settings_of
from tests.pictures import encode, photo_of
from tests.stores import store_in

GROUP, READ = -50, "/read@digits_local_bot"


async def test_the_language_is_telegrams_until_another_is_chosen(
    bot: BotProcess, chat: Chat
) -> None:
    ann = chat.user(1, language="de-AT")
    answer = await ann.reply_to(await ann.photo(photo_of("7")))
    assert re.fullmatch(r"7 · 9\d,\d\xa0%", words(answer))
    assert labels(answer) == ["✓ Richtig", "✗ Falsch", "Warum?"]
    offer = await ann.says(await ann.text("/language"))
    assert labels(offer) == ["● Deutsch", "English", "Español", "Magyar", "Русский"]
    await ann.tap(offer["message_id"], "Magyar")
    await ann.wait_for(lambda m: words(m) == "Mostantól magyarul beszélek.")
    await bot.end()
    await bot.start()
    assert words(await ann.says(await ann.text("/start"))).startswith("Szia!")


async def test_answers_name_the_network_only_if_the_user_chose_one(
    bot: BotProcess, chat: Chat
) -> None:
    ann, seven = chat.user(1), photo_of("7")
    await ann.says(await ann.text("/model noisy"))
    answer = words(await ann.reply_to(await ann.photo(seven)))
    assert answer.endswith("\nnoisy network"), "a version is for admins"
    await ann.says(await ann.text("/model auto"))
    assert "network" not in words(await ann.reply_to(await ann.photo(seven)))


async def test_texts_get_a_short_hint(bot: BotProcess, chat: Chat) -> None:
    expected = [
        ("en", "Hello there!", "Hello! Send me a photo"),
        ("de", "Guten Tag", "Hallo! Schick mir"),
        ("ru", "Привет", "Здравствуйте!"),
        ("en", "7", "That’s typed, and I read only handwriting. Write 7 by hand"),
        ("en", "what can you do?", "Send me handwritten digits"),
        ("en", "/unknown", "I don’t know this command"),
        ("en", "/privacy", "I never keep your photo"),
    ]
    for number, (language, text, start) in enumerate(expected, start=1):
        person = chat.user(number, language=language)
        assert words(await person.says(await person.text(text))).startswith(start)


async def test_edited_captions_are_ignored_and_forwarded_photos_are_read(
    bot: BotProcess, chat: Chat
) -> None:
    ann = chat.user(1)
    sent = await ann.photo(photo_of("7"), "look")
    await ann.reply_to(sent)
    await ann.edit(sent, "look again")
    text = await ann.text("7")
    await ann.edit(text, "8")
    await settled(ann)
    assert len(replies(ann, sent)) == 1
    (hint,) = [words(m) for m in ann.messages() if "typed" in words(m)]
    assert "Write 7 by hand, take a photo" in hint


async def test_in_a_group_it_answers_only_who_asks(bot: BotProcess, chat: Chat) -> None:
    ann, ben = chat.user(1, chat=GROUP), chat.user(2, chat=GROUP)
    ignored = await ann.photo(photo_of("7"))
    other = await ann.photo(photo_of("7"), "@somebody_else look")
    asked = await ann.photo(photo_of("4"), f"{READ} please")
    answer = await ann.reply_to(asked)
    assert words(answer).startswith("4 · ")
    said = await ben.answer_to(await ben.tap(answer["message_id"], "Why?"))
    assert said["text"] == "These buttons are for the person who asked."
    await ben.text(READ, reply_to=ignored)
    answer = await ben.reply_to(ignored)
    assert words(answer).startswith("7 · ")
    await ben.tap(answer["message_id"], "Why?")
    await ben.wait_for(lambda m: "photo" in m and m["message_id"] > answer["message_id"])
    hint = await ben.text("/read")
    assert "reply to a photo" in words(await ben.says(hint))
    await ann.text("thank you", reply_to=answer["message_id"])
    await settled(chat.user(1))
    assert not replies(ann, other)
    assert sum(m["from"]["is_bot"] for m in ann.messages()) == 4


async def test_in_a_group_only_the_user_who_asked_can_tap_the_buttons(
    bot: BotProcess, chat: Chat
) -> None:
    ann, ben = chat.user(1, chat=GROUP), chat.user(2, chat=GROUP)
    await ben.reply_to(await ben.photo(photo_of("4"), READ))
    for command, button in (
        ("/forget", "Yes, delete everything"),
        ("/model", "noisy"),
        ("/language", "Deutsch"),
    ):
        asked = await ann.says(await ann.text(f"{command}@digits_local_bot"))
        said = await ben.answer_to(await ben.tap(asked["message_id"], button))
        assert said["alert"] and "for the person" in said["text"]
        assert "edit_date" not in chat.messages[GROUP, asked["message_id"]]
    async with store_in(bot.data_dir) as store:
        assert await store.reading(1), "his reading is gone"
        chosen = await store.load_user(2)
        assert (chosen.model, chosen.language) == (None, None)


async def test_an_answer_that_is_read_itself_stays_what_it_is(bot: BotProcess, chat: Chat) -> None:
    ann, ben = chat.user(1, chat=GROUP), chat.user(2, chat=GROUP)
    his = await ben.reply_to(await ben.photo(photo_of("25"), READ))
    await ann.text("/read", reply_to=his["message_id"])
    hers = await ann.reply_to(his["message_id"])
    reading = reading_of(hers)
    await ann.tap(hers["message_id"], f"is:{reading}:0:3")
    await ann.wait_for(
        lambda m: m["message_id"] == hers["message_id"] and words(m).startswith("3")
    )
    assert words(chat.messages[GROUP, his["message_id"]]) == words(his)


async def test_reading_by_command_counts_as_a_photo(bot: BotProcess, chat: Chat) -> None:
    ann = chat.user(1)
    sent = await ann.photo(photo_of("7"))
    for _ in range(6):
        await ann.text("/read", reply_to=sent)
        await ann.text("/READ", reply_to=sent)
    await settled(ann)
    # Ten at once; a slow machine gives time for one or two more.
    assert 10 <= len(replies(ann, sent)) < 13
    assert any("didn’t read this photo" in words(message) for message in ann.messages())


async def test_the_canvas_comes_back_with_digits_drawn_on_it(bot: BotProcess, chat: Chat) -> None:
    ann = chat.user(1)
    offer = await ann.says(await ann.text("/draw"))
    canvas = await picture(chat, offer)
    assert canvas.size == (1024, 1024) and np.asarray(canvas).min() > 250
    drawn = np.array(canvas.convert("L"), np.float64)
    for (x, y), (to_x, to_y) in pairwise([(300, 200), (700, 220), (450, 850)]):
        for step in np.linspace(0, 1, 400):
            row, column = round(y + step * (to_y - y)), round(x + step * (to_x - x))
            drawn[row - 20 : row + 20, column - 20 : column + 20] = 0
    answer = await ann.reply_to(await ann.photo(encode(drawn)))
    assert words(answer).startswith("7")


async def test_help_shows_a_good_and_a_bad_photo(bot: BotProcess, chat: Chat) -> None:
    ann, admin = chat.user(1), chat.user(ADMIN)
    assert "photo" in await ann.says(await ann.text("/help"))
    sent = await admin.text("/help")
    await admin.wait_for(lambda m: m["message_id"] > sent and "/retrain" in words(m))
    assert not any("/retrain" in words(message) for message in ann.messages())


async def test_menus_and_texts_of_the_bot_are_set_by_language(
    bot: BotProcess, chat: Chat, faults: Faults
) -> None:
    async def profile(user_id: int, language: str, chat_id: int) -> dict[str, Any]:
        about = {"id": user_id, "first_name": "Ann", "language_code": language}
        found: dict[str, Any] = await chat.post("/chat/profile", {"user": about, "chat": chat_id})
        return found

    def names(commands: Iterable[dict[str, str]]) -> set[str]:
        return {command["command"] for command in commands}

    everybody = {"help", "draw", "model", "language", "privacy", "forget"}
    async with asyncio.timeout(20):
        while "Читаю" not in (await profile(1, "ru", 1))["short_description"]:
            await asyncio.sleep(0.1)
        while "retrain" not in names((await profile(ADMIN, "ru", ADMIN))["commands"]):
            await asyncio.sleep(0.1)
    russian = await profile(1, "ru", 1)
    assert names(russian["commands"]) == everybody
    assert {"command": "draw", "description": "Нарисовать, если нет бумаги"} in russian["commands"]
    assert (await profile(1, "ru", 1))["name"] == "Digits", "the owner's"
    assert names((await profile(1, "de", GROUP))["commands"]) == {"read"}
    admin = chat.user(ADMIN)
    await admin.says(await admin.text("/start"))
    await settled(admin)
    asked = len(faults.called("getMyCommands"))
    await admin.says(await admin.text("/start"))
    await settled(admin)
    assert len(faults.called("getMyCommands")) == asked, "once is enough"


async def test_the_menu_button_opens_the_page_where_it_is_served(
    server: LocalChat, tmp_path: Path, hook: str
) -> None:
    served = settings_of(hook) | {"WEBHOOK_URL": hook.replace("http:", "https:")}
    process = BotProcess(server, tmp_path / "data", served)
    await process.start()
    async with asyncio.timeout(20):
        while server.world.menu_button["type"] != "web_app":
            await asyncio.sleep(0.1)
    url = server.world.menu_button["web_app"]["url"]
    async with aiohttp.request(
        "GET", url.replace("https:", "http:"), headers={"Accept-Language": "de-AT,en;q=0.5"}
    ) as page:
        assert 'lang="de"' in await page.text()
    await process.end()
