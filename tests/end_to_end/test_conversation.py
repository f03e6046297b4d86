"""Photos and what the bot answers, over real HTTP: one digit, several, albums, files."""

import asyncio
import io
import re
import signal

import numpy as np
import pypdfium2
import pytest
from PIL import Image
from pillow_heif import register_heif_opener

from tests.conftest import BotProcess
from tests.end_to_end.chat import Chat, words
from tests.end_to_end.looking import explained, labels, picture, replies, settled
from tests.pictures import encode, photo_of

PAPER = encode(np.full((480, 640), 225.0))


async def test_one_digit_its_buttons_and_why(bot: BotProcess, chat: Chat) -> None:
    ann = chat.user(1)
    sent = await ann.photo(photo_of("7"))
    answer = await ann.reply_to(sent)
    assert re.fullmatch(r"7 · 9\d(\.\d)?%", words(answer))
    assert labels(answer) == ["✓ Right", "✗ Wrong", "Why?"]
    why = await explained(ann, answer)
    assert words(why).startswith("7 · ") and "Noisy network: 7" in words(why)
    assert (await picture(chat, why)).size == (800, 866)
    assert len(replies(ann, sent)) == 2


async def test_why_needs_the_photo_that_was_never_kept(bot: BotProcess, chat: Chat) -> None:
    ann = chat.user(1)
    answer = await ann.reply_to(await ann.photo(photo_of("7")))
    bot.server.world.files.by_id.clear()
    said = await ann.answer_to(await ann.tap(answer["message_id"], "Why?"))
    assert said["text"] == "The photo is no longer in this chat. Please send it again."
    kept = b"".join(path.read_bytes() for path in bot.data_dir.rglob("*") if path.is_file())
    assert b"\xff\xd8\xff" not in kept, "a JPEG was kept"


async def test_nobody_else_learns_what_was_read(bot: BotProcess, chat: Chat) -> None:
    ann, ben = chat.user(1), chat.user(2, language="de")
    answer = await ann.reply_to(await ann.photo(photo_of("7")))
    reading = answer["reply_markup"]["inline_keyboard"][0][2]["callback_data"].split(":")[1]
    own = await ben.reply_to(await ben.photo(photo_of("4")))
    for forged in (f"why:{reading}", f"show:{reading}:{own['message_id']}"):
        said = await ben.answer_to(await ben.tap(own["message_id"], forged))
        assert said["text"] == "Diese Knöpfe sind für die Person, die gefragt hat."
    said = await ben.answer_to(await ben.tap(own["message_id"], "why:999"))
    assert said["text"] == "Diese Antwort habe ich nicht mehr. Bitte schick das Foto noch einmal."


async def test_a_sheet_on_its_side_is_read_and_shown_upright(bot: BotProcess, chat: Chat) -> None:
    ann = chat.user(1)
    upright = Image.open(io.BytesIO(photo_of("407347")))
    lying = upright.transpose(Image.Transpose.ROTATE_90)
    answer = await ann.reply_to(await ann.photo(encode(np.asarray(lying))))
    assert words(answer).startswith("407347")
    assert "I turned the photo to read it." in words(answer)
    shown = await picture(chat, answer)
    assert shown.width > 2 * shown.height
    assert words(await explained(ann, answer))[0] in "407347"


async def test_several_digits_come_back_marked_on_the_photo(bot: BotProcess, chat: Chat) -> None:
    ann = chat.user(1)
    answer = await ann.reply_to(await ann.photo(photo_of("4071")))
    assert words(answer).startswith("4071")
    marked = np.asarray((await picture(chat, answer)).convert("RGB"), np.int16)
    red, _, blue = np.moveaxis(marked, 2, 0)
    assert (abs(blue - red) > 100).sum() > 1000, "no coloured frames on the grey photo"
    why = await explained(ann, answer)
    assert labels(why) == list("4071")
    await ann.tap(why["message_id"], "0")
    await ann.wait_for(
        lambda m: m["message_id"] == why["message_id"] and words(m).startswith("0 (2nd digit)")
    )


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
    assert labels(answer) == ["Check photo 1", "Check photo 3", "Check photo 4"]
    assert (await picture(chat, answer)).width == 1200, "not all photos are shown, side by side"
    await ann.tap(answer["message_id"], "Check photo 3")
    one = await ann.reply_to(sent[2])
    assert words(one) == "40"
    assert "photo" in await explained(ann, one)
    assert [len(replies(ann, message)) for message in sent] == [1, 0, 2, 0]


async def test_an_album_gets_one_whole_answer_after_a_crash(bot: BotProcess, chat: Chat) -> None:
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
        assert answer.startswith("I can’t open this file as a picture.")
    for kind in ("voice", "video"):
        sent = await ann.file(kind, b"\0" * 64, kind)
        assert words(await ann.says(sent)).startswith("Send me handwritten digits")
