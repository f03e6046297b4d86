"""Conversations as people have them, over real HTTP: who sends what, and what the bot says."""

import asyncio
import io
import re
import signal
from collections.abc import Iterable
from itertools import pairwise
from typing import Any

import numpy as np
import pypdfium2
import pytest
from PIL import Image
from pillow_heif import register_heif_opener

from tests.chat import Chat, Message, Person, words
from tests.conftest import ADMIN, BotProcess
from tests.pictures import encode, photo_of

PAPER = encode(np.full((480, 640), 225.0))
GROUP = -50


def labels(message: Message) -> list[str]:
    rows = message.get("reply_markup", {}).get("inline_keyboard", [])
    return [button["text"] for row in rows for button in row]


def replies(person: Person, message_id: int) -> list[Message]:
    return [
        message
        for message in person.messages()
        if message.get("reply_to_message", {}).get("message_id") == message_id
    ]


async def picture(chat: Chat, message: Message) -> Image.Image:
    """The picture of an answer, as the user's phone fetches it."""
    path = f"/chat/file/{message['photo'][-1]['file_id']}"
    async with chat._session.get(path) as answer:
        return Image.open(io.BytesIO(await answer.read()))


async def settled(person: Person) -> None:
    """Until the bot has answered a last text, and so all that came before it."""
    await person.says(await person.text("hm?"))


async def test_one_digit_its_buttons_and_why(bot: BotProcess, chat: Chat) -> None:
    ann = chat.user(1)
    sent = await ann.photo(photo_of("7"))
    answer = await ann.reply_to(sent)
    assert re.fullmatch(r"7 · 9\d\.\d %", words(answer))
    assert labels(answer) == ["✓ Right", "✗ Wrong", "Why?"]
    await ann.tap(answer["message_id"], "Why?")
    why = await ann.reply_to(answer["message_id"])
    assert words(why).startswith("7 · ") and "Noisy network: 7" in words(why)
    assert (await picture(chat, why)).size == (800, 866)
    assert len(replies(ann, sent)) == 1


async def test_nobody_else_learns_what_was_read(bot: BotProcess, chat: Chat) -> None:
    ann, ben = chat.user(1), chat.user(2, language="de")
    answer = await ann.reply_to(await ann.photo(photo_of("7")))
    reading = answer["reply_markup"]["inline_keyboard"][0][2]["callback_data"].split(":")[1]
    own = await ben.reply_to(await ben.photo(photo_of("4")))
    for forged in (f"why:{reading}", f"show:{reading}:{own['message_id']}"):
        said = await ben.answer_to(await ben.tap(own["message_id"], forged))
        assert said["text"] == "Diese Knöpfe gehören dem, der das Foto geschickt hat."
    said = await ben.answer_to(await ben.tap(own["message_id"], "why:999"))
    assert said["text"] == "Diese Antwort habe ich nicht mehr. Bitte schick das Foto noch einmal."


async def test_several_digits_come_back_marked_on_the_photo(bot: BotProcess, chat: Chat) -> None:
    ann = chat.user(1)
    answer = await ann.reply_to(await ann.photo(photo_of("4071")))
    assert words(answer).startswith("4071")
    marked = np.asarray((await picture(chat, answer)).convert("RGB"), np.int16)
    red, _, blue = np.moveaxis(marked, 2, 0)
    assert (abs(blue - red) > 100).sum() > 1000, "no coloured frames on the grey photo"
    await ann.tap(answer["message_id"], "Why?")
    assert "photo" in await ann.reply_to(answer["message_id"])


async def test_an_album_gets_one_answer_numbered_as_its_photos(
    bot: BotProcess, chat: Chat
) -> None:
    ann = chat.user(1)
    sent = await ann.album([photo_of("7"), PAPER, photo_of("40"), photo_of("2")])
    answer = await ann.reply_to(sent[0])
    lines = words(answer).splitlines()
    assert [line[:2] for line in lines] == ["1.", "2.", "3.", "4."]
    assert lines[0].startswith("1. 7 · ") and lines[2].startswith("3. 40")
    assert "no ink" in lines[1] or "no digit" in lines[1]
    assert labels(answer) == ["1 …", "3 …", "4 …"]
    await ann.tap(answer["message_id"], "3 …")
    one = await ann.reply_to(sent[2])
    assert words(one) == "40"
    await ann.tap(one["message_id"], "Why?")
    assert "photo" in await ann.reply_to(one["message_id"])
    assert [len(replies(ann, message)) for message in sent] == [1, 0, 1, 0]


async def test_an_album_that_met_a_crash_has_one_whole_answer(bot: BotProcess, chat: Chat) -> None:
    ann, digits = chat.user(1), "0123467890"
    sent = await ann.album([photo_of(digit) for digit in digits])
    await bot.end(signal.SIGKILL)
    await bot.start()
    answer = await ann.reply_to(sent[0])
    assert [line.split()[1][0] for line in words(answer).splitlines()] == list(digits)
    await settled(ann)
    assert sum(len(replies(ann, message)) for message in sent) == 1


async def test_nothing_found_is_explained_with_an_example(bot: BotProcess, chat: Chat) -> None:
    ann = chat.user(1)
    answer = await ann.reply_to(await ann.photo(PAPER))
    assert words(answer).startswith("I see no ink in this picture. Please write large")
    assert "photo" in answer


async def test_the_language_is_telegrams_until_another_is_chosen(
    bot: BotProcess, chat: Chat
) -> None:
    ann = chat.user(1, language="de-AT")
    answer = await ann.reply_to(await ann.photo(photo_of("7")))
    assert re.fullmatch(r"7 · 9\d,\d %", words(answer))
    assert labels(answer) == ["✓ Richtig", "✗ Falsch", "Warum?"]
    offer = await ann.says(await ann.text("/language"))
    assert labels(offer) == ["Deutsch", "English", "Español", "Magyar", "Русский"]
    await ann.tap(offer["message_id"], "Magyar")
    await ann.wait_for(lambda m: words(m) == "Mostantól magyarul beszélek.")
    await bot.end()
    await bot.start()
    assert words(await ann.says(await ann.text("/start"))).startswith("Szia!")


@pytest.fixture
def formats() -> dict[str, bytes]:
    """The same picture as every kind of file that the bot reads."""
    register_heif_opener()
    seven = Image.open(io.BytesIO(photo_of("7")))
    kinds = ("JPEG", "PNG", "WEBP", "HEIF", "BMP", "TIFF", "GIF", "PDF")
    files = {}
    for kind in kinds:
        with io.BytesIO() as file:
            seven.save(file, kind)
            files[f"seven.{kind.lower()}"] = file.getvalue()
    return files


async def test_every_kind_of_file_is_read(
    bot: BotProcess, chat: Chat, formats: dict[str, bytes]
) -> None:
    async def ask(number: int, name: str, data: bytes) -> str:
        person = chat.user(100 + number)
        return words(await person.reply_to(await person.document(data, name)))[:3]

    asked = [ask(number, *file) for number, file in enumerate(formats.items())]
    answers = await asyncio.gather(*asked)
    assert dict(zip(formats, answers, strict=True)) == dict.fromkeys(formats, "7 ·")
    ann = chat.user(1)
    sticker = await ann.file("sticker", formats["seven.webp"], "seven.webp")
    assert words(await ann.reply_to(sticker)).startswith("7 · ")


async def test_what_is_no_picture_gets_one_sentence(bot: BotProcess, chat: Chat) -> None:
    ann = chat.user(1)
    empty = pypdfium2.PdfDocument.new()
    with io.BytesIO() as file:
        empty.save(file)
        pages = file.getvalue()
    for name, data in {"a.pdf": pages, "b.pdf": b"%PDF-1.7 cut", "c.txt": b"hello"}.items():
        answer = words(await ann.reply_to(await ann.document(data, name)))
        assert answer.startswith("I can't open this file as a picture.")
    for kind in ("voice", "video"):
        sent = await ann.file(kind, b"\0" * 64, kind)
        assert words(await ann.says(sent)).startswith("Please send me a photo")


async def test_texts_get_a_short_hint(bot: BotProcess, chat: Chat) -> None:
    expected = [
        ("en", "Hello there!", "Hello! Send me a photo"),
        ("de", "Guten Tag", "Hallo! Schick mir"),
        ("ru", "Привет", "Здравствуйте!"),
        ("en", "7", "That is typed. Write 7 by hand"),
        ("en", "what can you do?", "Please send me a photo"),
        ("en", "/unknown", "Please send me a photo"),
        ("en", "/privacy", "I never keep your photo"),
    ]
    for language, text, start in expected:
        person = chat.user(1, language=language)
        assert words(await person.says(await person.text(text))).startswith(start)


async def test_edited_captions_and_forwarded_photos_do_not_confuse_it(
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
    assert [words(m) for m in ann.messages() if "typed" in words(m)] == [
        "That is typed. Write 7 by hand, take a photo and send it to me."
    ]


async def test_in_a_group_it_answers_only_who_asks(bot: BotProcess, chat: Chat) -> None:
    ann, ben = chat.user(1, chat=GROUP), chat.user(2, chat=GROUP)
    ignored = await ann.photo(photo_of("7"))
    other = await ann.photo(photo_of("7"), "@somebody_else look")
    asked = await ann.photo(photo_of("4"), "@digits_local_bot please")
    answer = await ann.reply_to(asked)
    assert words(answer).startswith("4 · ")
    said = await ben.answer_to(await ben.tap(answer["message_id"], "Why?"))
    assert said["text"] == "These buttons belong to the one who sent the photo."
    await ben.text("/read", reply_to=ignored)
    answer = await ben.reply_to(ignored)
    assert words(answer).startswith("7 · ")
    await ben.tap(answer["message_id"], "Why?")
    assert "photo" in await ben.reply_to(answer["message_id"])
    hint = await ben.text("/read")
    assert "reply to a photo" in words(await ben.says(hint))
    await ann.text("thank you", reply_to=answer["message_id"])
    await settled(chat.user(1))
    assert not replies(ann, other)
    assert sum(m["from"]["is_bot"] for m in ann.messages()) == 4


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


async def test_menus_and_texts_of_the_bot_are_set_by_language(bot: BotProcess, chat: Chat) -> None:
    async def profile(user_id: int, language: str, chat_id: int) -> dict[str, Any]:
        about = {"id": user_id, "language_code": language}
        found: dict[str, Any] = await chat.post("/chat/profile", {"user": about, "chat": chat_id})
        return found

    def names(commands: Iterable[dict[str, str]]) -> set[str]:
        return {command["command"] for command in commands}

    everybody = {"help", "draw", "model", "language", "privacy", "forget"}
    async with asyncio.timeout(20):
        while (await profile(1, "ru", 1))["name"] != "Чтец цифр":
            await asyncio.sleep(0.1)
        while "retrain" not in names((await profile(ADMIN, "ru", ADMIN))["commands"]):
            await asyncio.sleep(0.1)
    russian = await profile(1, "ru", 1)
    assert names(russian["commands"]) == everybody
    assert {"command": "draw", "description": "Рисовать вместо письма"} in russian["commands"]
    assert (await profile(1, "fr", 1))["name"] == "Digit Reader"
    assert names((await profile(1, "de", GROUP))["commands"]) == {"read"}
