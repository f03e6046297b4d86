"""What is written in the name of a group or a channel, and in a topic, over real HTTP."""

from typing import Any

from bot.local.world import ANONYMOUS_ADMIN
from tests.conftest import ADMIN, BotProcess
from tests.end_to_end.chat import Chat, Message, words
from tests.end_to_end.looking import explained, reading_of
from tests.pictures import photo_of
from tests.stores import store_in

READ = "/read@digits_local_bot"
FIRST, SECOND, FORUM, CHANNEL = -50, -51, -52, -(10**12) - 5
TOPIC = 7


def named(chat_id: int) -> dict[str, Any]:
    """Return the fields of a message in a chat's name."""
    return {"sender_chat": {"id": chat_id, "type": "supergroup", "title": "A group"}}


async def test_what_an_anonymous_admin_asks_belongs_to_that_group_alone(
    bot: BotProcess, chat: Chat
) -> None:
    ann, ben, zoe = (chat.user(1, chat=FIRST), chat.user(2, chat=FIRST), chat.user(4, chat=SECOND))
    asked = await ann.says(await ann.text("/model@digits_local_bot noisy", **named(FIRST)))
    assert "noisy" in words(asked)
    assert chat.messages[FIRST, asked["message_id"] - 1]["from"] == ANONYMOUS_ADMIN
    await zoe.says(await zoe.text("/language@digits_local_bot", **named(SECOND)))
    asked = await ann.says(await ann.text("/forget@digits_local_bot", **named(FIRST)))
    said = await ben.answer_to(await ben.tap(asked["message_id"], "Yes, delete everything"))
    assert said["alert"] and "for the person" in said["text"]
    async with store_in(bot.data_dir) as store:
        assert (await store.load_user(FIRST)).model == "noisy"
        assert (await store.load_user(SECOND)).model is None
    await ann.tap(asked["message_id"], "Yes, delete everything")
    await ann.wait_for(lambda m: words(m).startswith("Done, everything"))
    async with store_in(bot.data_dir) as store:
        assert (await store.load_user(FIRST)).model is None


async def test_taps_under_what_a_chat_asked_work_for_those_in_it(
    bot: BotProcess, chat: Chat
) -> None:
    ann, ben, zoe = chat.user(1, chat=FIRST), chat.user(2, chat=SECOND), chat.user(4, chat=FIRST)
    answer = await ann.reply_to(await ann.photo(photo_of("7"), READ, **named(FIRST)))
    await explained(ann, answer)
    await ann.tap(answer["message_id"], "✓ Right")
    await ann.wait_for(lambda m: "confirmed" in words(m))
    other = await ben.reply_to(await ben.photo(photo_of("4"), READ, **named(SECOND)))
    said = await ben.answer_to(await ben.tap(other["message_id"], f"is:{reading_of(answer)}:0:3"))
    assert "for the person" in said["text"], "a forged tap in another group"
    by_channel = await zoe.reply_to(await zoe.photo(photo_of("2"), READ, **named(CHANNEL)))
    await zoe.tap(by_channel["message_id"], f"is:{reading_of(by_channel)}:0:3")
    await zoe.wait_for(lambda m: m["message_id"] == by_channel["message_id"] and "3" in words(m))
    async with store_in(bot.data_dir) as store:
        rows = [await store.reading(number) for number in (1, 2, 3)]
        assert {row.user_id for row in rows if row} == {FIRST, SECOND, CHANNEL}
        assert [row.should_be for row in await store.corrections.taught()] == [3]


async def test_what_is_asked_in_a_topic_is_answered_there(bot: BotProcess, chat: Chat) -> None:
    there: dict[str, Any] = {"message_thread_id": TOPIC, "is_topic_message": True}
    ann, admin = chat.user(1, chat=FORUM), chat.user(ADMIN, chat=FORUM)

    def is_there(message: Message) -> bool:
        return there.items() <= message.items()

    answer = await ann.reply_to(await ann.photo(photo_of("7"), READ, **there))
    assert is_there(answer)
    assert is_there(await explained(ann, answer))
    offered = await admin.says(await admin.text("/retrain@digits_local_bot", **there))
    assert is_there(offered)
    await admin.tap(offered["message_id"], "clean")
    begun = await admin.wait_for(lambda m: words(m).startswith("I’m training"))
    assert is_there(begun)
    await admin.tap(begun["message_id"], "Cancel")
    ended = await admin.wait_for(lambda m: "was cancelled" in words(m))
    assert is_there(ended)
