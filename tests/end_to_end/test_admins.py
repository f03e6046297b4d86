"""Admins' commands and buttons over real HTTP: theirs alone, whatever is forged."""

import re

from tests.conftest import ADMIN, BotProcess
from tests.end_to_end.chat import Chat, Message, Person, words
from tests.stores import store_in, teach

COMMANDS = ("/retrain clean", "/versions", "/rollback clean", "/samples", "/stats")
FORGED = (
    "retrain:cancel",
    "list:clean",
    "serve:clean:x",
    "delete?:clean:x",
    "delete:clean:x",
    "promote?:clean:x",
    "promote:clean:x",
    "samples:5",
)


def buttons(message: Message) -> list[str]:
    rows = message.get("reply_markup", {}).get("inline_keyboard", [])
    return [button["callback_data"] for row in rows for button in row]


async def answer(person: Person, text: str) -> Message:
    return await person.says(await person.text(text))


async def test_a_stranger_gets_nothing_by_command_or_forged_tap(
    bot: BotProcess, chat: Chat
) -> None:
    ann = chat.user(1)
    for command in COMMANDS:
        assert words(await answer(ann, command)) == "Only an admin can do this."
    hers = await answer(ann, "/start")
    for data in FORGED:
        said = await ann.answer_to(await ann.tap(hers["message_id"], data))
        assert (said["text"], said["alert"]) == ("Only an admin can do this.", True), data


async def test_an_admin_sees_versions_and_cannot_serve_or_delete_what_is_not_there(
    bot: BotProcess, chat: Chat
) -> None:
    admin = chat.user(ADMIN)
    listed = await answer(admin, "/versions")
    assert re.search(r"● \S+, in use\n.*MNIST test 99\.", words(listed))
    shipped = re.findall(r"● (\S+),", words(listed))[0]
    await admin.tap(listed["message_id"], "delete:clean:../../x")  # no handler knows it
    for data in ("serve:clean:x", "delete:clean:..", f"delete:clean:{shipped}"):
        said = await admin.answer_to(await admin.tap(listed["message_id"], data))
        assert said["alert"] and "can’t be done" in said["text"]
    broken = bot.data_dir / "models" / "clean" / "29990101"
    broken.mkdir(parents=True)
    (broken / "card.json").write_text("{")
    listed = await answer(admin, "/versions")
    assert "✗ 29990101: cannot be loaded" in words(listed)
    said = await admin.answer_to(await admin.tap(listed["message_id"], "Use 29990101"))
    assert said["alert"] and "can’t be done" in said["text"]
    await admin.tap(listed["message_id"], "Delete")
    await admin.wait_for(lambda m: "Yes, delete" in str(m.get("reply_markup")))
    await admin.tap(listed["message_id"], "Yes, delete 29990101")
    await admin.wait_for(
        lambda m: m["message_id"] == listed["message_id"] and "2999" not in words(m)
    )
    assert not broken.exists()
    listed = await answer(admin, "/versions")
    assert f"● {shipped}" in words(listed)
    await admin.wait_for(  # the other network's list
        lambda m: m["message_id"] > listed["message_id"] and "noisy" in words(m)
    )
    assert words(await answer(admin, "/rollback")).startswith("Which network should go back")
    assert words(await answer(admin, "/rollback clean")).startswith("There was no clean version")
    assert words(await answer(admin, "/retrain blurry")).startswith("Which network")


async def test_samples_are_shown_by_fifty_and_excluded_by_number_or_user(
    bot: BotProcess, chat: Chat
) -> None:
    admin = chat.user(ADMIN)
    assert words(await answer(admin, "/samples")) == "There are no corrections."
    async with store_in(bot.data_dir) as store:
        for user in [1] * 40 + [2] * 10:
            await teach(store, user, 7, 1)
        assert not buttons(await answer(admin, "/samples")), "there is nothing older"
        for _ in range(2):
            await teach(store, 2, 7, 1)
        sheet = await answer(admin, "/samples")
        assert "photo" in sheet and words(sheet).startswith("Corrections #3 to #52")
        assert buttons(sheet) == ["samples:3"]
        await admin.tap(sheet["message_id"], "Older")
        older = await admin.wait_for(lambda m: words(m).startswith("Corrections #1 to #2"))
        assert not buttons(older)
        assert "One correction" in words(await answer(admin, "/samples exclude #5"))
        assert words(await answer(admin, "/samples exclude user 2")).startswith("12 corrections")
        assert words(await answer(admin, "/samples include 52")).startswith(
            "One correction is used for training, whatever"
        )
        assert words(await answer(admin, "/samples exclude all")).startswith("For example")
        taught = [row.id for row in await store.corrections.taught()]
    assert taught == [n for n in range(1, 41) if n != 5] + [52]


async def test_stats_are_a_picture_and_two_sentences(bot: BotProcess, chat: Chat) -> None:
    admin = chat.user(ADMIN)
    assert "0 photos" in words(await answer(admin, "/stats"))
    async with store_in(bot.data_dir) as store:
        for should_be in (1, 7, 7, 7):
            await teach(store, 8, 7, should_be)
    said = await answer(admin, "/stats")
    assert "photo" in said
    assert words(said) == (
        "In the last 30 days one user sent 4 photos. Marked as wrong: 1 of 4 digits. "
        "Most often wrong is the 7: 1 of 4."
    )
