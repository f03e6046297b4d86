"""Sheets sent upside down or lying, tables, sums, and the examples, over real HTTP."""

import csv
import io

import numpy as np
from PIL import Image

from bot.pictures.examples import TO_TRY
from tests.conftest import BotProcess
from tests.end_to_end.chat import Chat, Message, Person, words
from tests.end_to_end.looking import labels, replies
from tests.pictures import encode, photo_of

TURNS = ["↺ left", "right ↻", "180°", "read it as it is"]
USES = ["Copy", "As a table", "Add up the lines"]


def sheet_of(*lines: str, quarters: int) -> bytes:
    """Return a JPEG of these lines of digits, turned by quarters anticlockwise."""
    photos = [np.asarray(Image.open(io.BytesIO(photo_of(line)))) for line in lines]
    width = max(photo.shape[1] for photo in photos)
    padded = [np.pad(photo, ((0, 0), (0, width - photo.shape[1])), "edge") for photo in photos]
    return encode(np.rot90(np.vstack(padded), quarters).astype(np.float64))


async def turned(person: Person, sheet: bytes, button: str) -> Message:
    """Send a sheet whose orientation the bot asks for, tap a turn, and return the new answer."""
    sent = await person.photo(sheet)
    question = await person.reply_to(sent)
    assert words(question).startswith("The photo looks sideways or upside down.")
    assert labels(question) == TURNS
    await person.tap(question["message_id"], button)
    answer = await person.wait_for(
        lambda m: m in replies(person, sent) and m["message_id"] > question["message_id"]
    )
    await person.wait_for(lambda m: replies(person, sent) == [answer])  # the question is gone
    return answer


async def test_a_sheet_is_read_as_its_user_turns_it(bot: BotProcess, chat: Chat) -> None:
    ann = chat.user(1)
    lying = await turned(ann, sheet_of("888", quarters=3), "↺ left")
    assert words(lying).replace("?", "").startswith("888\n"), "on one line, as it was written"
    upside_down = sheet_of("608377", "25", quarters=2)
    as_sent = await turned(ann, upside_down, "read it as it is")
    assert "608377" not in words(as_sent) and "looks" not in words(as_sent)
    answer = await turned(ann, upside_down, "180°")
    assert words(answer).replace("?", "").splitlines()[:2] == ["608377", "25"]
    assert labels(answer)[-3:] == USES

    await ann.tap(answer["message_id"], "As a table")
    table = await ann.reply_to(answer["message_id"])
    assert table["document"]["file_name"].endswith(".csv")
    async with chat._session.get(f"/chat/file/{table['document']['file_id']}") as file:
        rows = list(csv.DictReader(io.StringIO(await file.text())))
    assert [(row["line"], row["digits"]) for row in rows] == [("1", "608377"), ("2", "25")]

    await ann.tap(answer["message_id"], "Add up the lines")
    total = await ann.wait_for(lambda m: m["message_id"] > table["message_id"])
    assert words(total).splitlines()[0] == "608377 + 25 = 608402"


async def test_each_example_under_start_is_answered(bot: BotProcess, chat: Chat) -> None:
    ann = chat.user(1)
    start = await ann.says(await ann.text("/start"))
    assert labels(start)[: len(TO_TRY)] == ["One digit", "Several", "A hard one"]
    answers = []
    for label in labels(start)[: len(TO_TRY)]:
        newest = max(message["message_id"] for message in ann.messages())
        await ann.tap(start["message_id"], label)
        example = await ann.says(newest)
        assert "photo" in example
        answers.append(await ann.reply_to(example["message_id"]))
    one, several, doubt = map(words, answers)
    assert one.startswith("7 · ")
    assert several.startswith("4071")
    assert "?" in doubt and labels(answers[-1])[-1] == "Why?"
