"""An admin trains over real HTTP: the whole loop, a cancelled one, and what a kill leaves."""

import asyncio
import json
import os
import signal

import numpy as np
import pytest

from bot.store.corrections import HELD_OUT_EVERY
from model.registry import CHECKPOINT
from tests.conftest import ADMIN, BotProcess
from tests.end_to_end import quick_training
from tests.end_to_end.chat import Chat, Message, Person, words
from tests.end_to_end.looking import labels, reading_of
from tests.end_to_end.trainings import TRAINING, becomes, children, gone
from tests.odd_seven import odd_seven
from tests.stores import store_in, teach

SOON = 60.0  # s
LESSONS_EACH = 10
LESSONS = 2 * LESSONS_EACH
pytestmark = pytest.mark.timeout(2 * TRAINING)
training_long = pytest.mark.settings(RETRAIN_EPOCHS="999", RETRAIN_LIMIT="300")
# A full training has 32 epochs; with one batch each, they take 15 s of processor more than three.
THREE_EPOCHS = """
from bot import trainer
own = trainer.command
def command(*given):
    words = own(*given)
    return words if "--epochs" in words else [*words, "--epochs", "3"]
trainer.command = command
"""


async def begins(admin: Person, command: str) -> Message:
    """Order a training, wait until it shows its progress, and return that message."""
    shown = await admin.says(await admin.text(command), SOON)
    return await becomes(admin, shown, "Training the")


def left_over(bot: BotProcess, cut_off: bool = False) -> list[str]:
    """Return files of a training in `DATA_DIR`; `cut_off`: without its checkpoint."""
    models = [path.name for path in (bot.data_dir / "models").glob("*/*")]
    if cut_off:
        models = [name for name in models if not name.startswith(CHECKPOINT)]
    return models + [path.name for path in bot.data_dir.glob("*.npz")]


async def teaches(person: Person, rng: np.random.Generator) -> str:
    """Send unusual sevens and correct each; return what was read."""
    read = ""
    for _ in range(LESSONS_EACH):
        answer = await person.reply_to(await person.photo(odd_seven(rng)))
        read += words(answer)[0]
        tap = await person.tap(answer["message_id"], f"is:{reading_of(answer)}:0:7")
        assert "Thank you" in (await person.answer_to(tap))["text"]
    return read


async def latest_version(bot: BotProcess) -> str:
    """Return the version that read the latest photo."""
    async with store_in(bot.data_dir) as store:
        number = 1
        while await store.reading(number + 1):
            number += 1
        row = await store.reading(number)
        assert row
        return row.version


@pytest.mark.settings(RETRAIN_EPOCHS="5", RETRAIN_LIMIT="256", PHOTOS_PER_MINUTE="0")
async def test_an_unusual_handwriting_is_learned_served_and_rolled_back(
    bot: BotProcess, chat: Chat
) -> None:
    ann, ben, admin = chat.user(1), chat.user(2), chat.user(ADMIN)
    rng = np.random.default_rng(3)
    of_each = rng.spawn(2)  # the same lessons at each run, whoever is faster
    for person in (ann, ben):  # of one hand; to each the bot may send 20 messages at once
        await person.says(await person.text("/model clean"))
    before = "".join(await asyncio.gather(*map(teaches, (ann, ben), of_each)))
    sent = await admin.text("/retrain clean")
    shown = await admin.says(sent, SOON)
    assert f"learns from {LESSONS - LESSONS // HELD_OUT_EVERY} corrections" in words(shown)
    assert "The clean network is already being trained" in words(
        await admin.says(await admin.text("/retrain noisy"))
    )
    table = await becomes(admin, shown, "→")
    assert f"/{LESSONS // HELD_OUT_EVERY}" in words(table), "no correction was held out"
    sheet = await admin.wait_for(lambda m: "clean now reads right (green)" in words(m), SOON)
    assert "photo" in sheet
    if "is not in use" in words(table):  # so tiny a training may fail a test
        await admin.tap(table["message_id"], "Promote anyway")
        await admin.wait_for(lambda m: "Yes, promote" in str(m.get("reply_markup")))
        await admin.tap(table["message_id"], "Yes, promote it anyway")
        await admin.wait_for(lambda m: "from the next photo on" in words(m))
    taught = await ann.wait_for(lambda m: "You taught me these: " in words(m), SOON)
    assert "photo" in taught and "7" in words(taught)
    await ann.tap(taught["message_id"], "No more of these messages")
    await ann.wait_for(lambda m: m["message_id"] == taught["message_id"] and not labels(m))
    answers = [words(await ann.reply_to(await ann.photo(odd_seven(rng)))) for _ in range(8)]
    print(f"sevens read right: {before.count('7')} of {LESSONS} before, after: {answers}")
    assert sum(answer.startswith("7") for answer in answers) >= 7
    version = await latest_version(bot)
    said = await admin.says(await admin.text("/rollback clean"), SOON)
    assert "from the next photo on" in words(said)
    await ann.reply_to(await ann.photo(odd_seven(rng)))
    assert await latest_version(bot) != version, "the former version does not serve"
    async with store_in(bot.data_dir) as store:
        assert (await store.load_user(1)).muted
        assert not await store.corrections.take_announced(version), "it would be announced twice"
    assert len(left_over(bot)) == 2, "more than a version and the pointer"


@pytest.mark.prelude(THREE_EPOCHS)
@pytest.mark.settings(RETRAIN_EPOCHS="1", RETRAIN_LIMIT="90")  # one batch
async def test_a_network_is_trained_from_scratch(bot: BotProcess, chat: Chat) -> None:
    admin = chat.user(ADMIN)
    shown = await begins(admin, "/retrain noisy full")
    table = await becomes(admin, shown, "→")
    # A network trained on so few glyphs fails the promotion test, and the bot says so.
    assert "is not in use" in words(table) and "validation digits worse" in words(table)
    (version,) = (bot.data_dir / "models" / "noisy").iterdir()
    card = json.loads((version / "card.json").read_text())
    assert (card["training"]["finetune"], card["training"]["began_from"]) == (False, "")
    assert card["training"]["epochs"] == 3, "those of a fine-tuning"
    await admin.text("/versions")
    answer = await admin.wait_for(lambda m: "Versions of the noisy" in words(m))
    assert version.name in words(answer)
    assert f"Use {version.name}" in labels(answer) and "Delete" in labels(answer)


@pytest.mark.settings(RETRAIN_EPOCHS="999")
@pytest.mark.prelude(quick_training.PRELUDE)
async def test_a_pattern_is_named_and_decided_on_and_a_cancelled_training_leaves_nothing(
    bot: BotProcess, chat: Chat
) -> None:
    admin, ann = chat.user(ADMIN), chat.user(1)
    start = await ann.says(await ann.text("/start"))

    async def is_refused(data: str) -> None:
        said = await ann.answer_to(await ann.tap(start["message_id"], data))
        assert said["text"] == "Only an admin can do this."

    async with store_in(bot.data_dir) as store:
        for user in (11, 12, 13):
            for _ in range(5):
                await teach(store, user, 7, 1)
        await teach(store, 14, 2, 3)
        asked = await admin.says(await admin.text("/retrain"), SOON)
        assert words(asked).startswith("Which network should I train?")
        await admin.tap(asked["message_id"], "both")
        shown = await admin.wait_for(lambda m: "from the version in use" in words(m), SOON)
        named = "15 of 16 corrections, from 3 users, say of a 7 that it is a 1"
        assert named in words(shown)
        await admin.tap(shown["message_id"], "Show them")
        sheet = await admin.wait_for(lambda m: words(m).startswith("Corrections #1 to #15"))
        for data in ("retrain:aside:7:1", "retrain:show:7:1", "approve:7:1:1:15"):
            await is_refused(data)
        taught = await store.corrections.taught()
        assert len(taught) == 16 and not any(row.approved for row in taught)
        said = await admin.answer_to(await admin.tap(sheet["message_id"], "They are right"))
        assert said["text"].startswith("15 corrections are used for training, whatever")
        taught = await store.corrections.taught()
        assert [row.user_id for row in taught if not row.approved] == [14]
        said = await admin.answer_to(await admin.tap(shown["message_id"], "Set these aside"))
        assert "15 corrections are set aside" in said["text"]
        assert [row.user_id for row in await store.corrections.taught()] == [14]
    shown = await becomes(admin, shown, "Training the")
    assert named in words(shown), "progress hides it"
    (child,) = children(bot.pid)
    await is_refused("retrain:cancel")
    await admin.tap(shown["message_id"], "Cancel")
    await becomes(admin, shown, "was cancelled")
    await gone(child)
    assert not left_over(bot)
    tap = await admin.tap(shown["message_id"], "retrain:cancel")
    assert (await admin.answer_to(tap))["text"] == "This training is already over."


@training_long
async def test_a_cancelled_child_a_killed_one_and_a_killed_bot_leave_no_files(
    bot: BotProcess, chat: Chat
) -> None:
    admin = chat.user(ADMIN)
    shown = await begins(admin, "/retrain clean")
    (child,) = children(bot.pid)
    await admin.tap(shown["message_id"], "Cancel")
    await becomes(admin, shown, "was cancelled")
    await gone(child)
    assert not left_over(bot)
    shown = await begins(admin, "/retrain clean")
    (child,) = children(bot.pid)
    os.kill(child, signal.SIGKILL)
    await becomes(admin, shown, "was stopped by the system")
    assert not left_over(bot, cut_off=True)
    shown = await begins(admin, "/retrain noisy")
    (child,) = children(bot.pid)
    await bot.end(signal.SIGKILL)
    await gone(child)
    await bot.start()
    await becomes(admin, shown, "A restart interrupted the training of the noisy network")
    assert not left_over(bot, cut_off=True)
    async with store_in(bot.data_dir) as store:
        assert not await store.jobs.claim_unreported("another")
