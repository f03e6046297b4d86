"""A bot in a group, in privacy mode as BotFather sets it up, over real HTTP; and out of it."""

from typing import Any

from bot.local.server import LocalChat
from tests.conftest import BotProcess
from tests.end_to_end.chat import Chat, words
from tests.end_to_end.looking import explained, labels, replies, settled
from tests.pictures import photo_of

GROUP, OTHER, NAME = -50, -51, "@digits_local_bot"
READ = f"/read{NAME}"


async def elsewhere(chat: Chat, text: str) -> dict[str, Any]:
    """Return the fields of a reply to a photo of another chat."""
    zoe = chat.user(9, chat=-60)
    sizes = chat.messages[-60, await zoe.photo(photo_of(text))]["photo"]
    origin = {"type": "hidden_user", "sender_user_name": "Zoe", "date": 1_700_000_000}
    return {"origin": origin, "photo": sizes}


async def test_in_privacy_mode_it_reads_all_that_telegram_delivers(
    bot: BotProcess, chat: Chat
) -> None:
    ann, ben = chat.user(1, chat=GROUP), chat.user(2, chat=GROUP)
    unasked = await ann.photo(photo_of("2"))
    asked = await ann.reply_to(await ann.photo(photo_of("7"), READ))
    assert words(asked).startswith("7 · ")
    await ben.text(READ, reply_to=unasked)
    assert words(await ben.reply_to(unasked)).startswith("2 · ")
    sent = await ben.photo(photo_of("4"), reply_to=asked["message_id"])
    assert words(await ben.reply_to(sent)).startswith("4 · ")
    her = chat.user(1, chat=OTHER)  # a group of its own, for a group's answers are slow
    hint = await her.text(READ)
    assert words(await her.says(hint)).count(READ) == 2
    unknown = await her.says(await her.text(f"/nonsense{NAME}"))
    assert "don’t know this command" in words(unknown)
    greeted = await her.says(await her.text(f"/start{NAME}"))
    assert words(greeted) == words(await her.says(hint)), "what works there comes first"
    told = await her.says(await her.text(f"/help{NAME}"))
    assert READ in words(told) and "/setprivacy" in words(told)


async def test_a_photo_of_another_chat_is_read_and_explained(bot: BotProcess, chat: Chat) -> None:
    ann, here = chat.user(1), chat.user(1, chat=GROUP)
    seven, live = await elsewhere(chat, "7"), await elsewhere(chat, "4")
    live["live_photo"] = {"photo": live.pop("photo"), "duration": 1, "width": 9, "height": 9}
    live["live_photo"] |= {"file_id": "x", "file_unique_id": "x"}
    answer = await here.reply_to(await here.text(READ, external_reply=seven))
    assert words(answer).startswith("7 · ")
    assert words(await explained(here, answer)).startswith("7 · ")
    asked = await ann.text("what does it say?", external_reply=live)
    assert words(await ann.reply_to(asked)).startswith("4 · ")
    assert "Which" in words(await ann.says(await ann.text("/language", external_reply=seven)))


async def test_out_of_privacy_mode_it_reads_mentions_and_albums_and_nothing_else(
    bot: BotProcess, server: LocalChat, chat: Chat
) -> None:
    server.world.privacy_mode = False
    ann, ben = chat.user(1, chat=GROUP), chat.user(2, chat=GROUP)
    unasked = await ann.photo(photo_of("2"))
    album = await ann.album([photo_of("0"), photo_of("1")], "no names")
    asked = await ann.photo(photo_of("7"), f"{NAME} please")
    assert words(await ann.reply_to(asked)).startswith("7 · ")
    await settled(chat.user(1))
    assert not replies(ann, unasked) and not any(replies(ann, one) for one in album)
    await ben.text(f"{NAME} and this?", reply_to=unasked)
    assert words(await ben.reply_to(unasked)).startswith("2 · ")
    album = await ben.album([photo_of("4"), photo_of("2"), photo_of("7")], NAME)
    lines = words(await ben.reply_to(album[0])).splitlines()
    assert [line[:4] for line in lines] == ["1. 4", "2. 2", "3. 7"]


async def test_an_exchanged_photo_is_read_anew_and_other_edits_are_not(
    bot: BotProcess, chat: Chat
) -> None:
    ann = chat.user(1)
    sent = await ann.photo(photo_of("7"))
    first = await ann.reply_to(sent)
    await ann.edit(sent, "look again")
    await ann.exchange(sent, photo_of("4"))
    await ann.edit(sent, "and again")
    await settled(ann)
    assert [words(m)[:4] for m in replies(ann, sent)] == ["7 · ", "4 · "]
    await ann.tap(first["message_id"], "✓ Right")
    await ann.wait_for(
        lambda m: m["message_id"] == first["message_id"] and "confirmed" in words(m)
    )
    assert words(replies(ann, sent)[0]).startswith("7 · ✓")


async def test_a_guest_is_answered_where_the_bot_is_no_member(
    bot: BotProcess, server: LocalChat, chat: Chat
) -> None:
    server.world.foreign.add(GROUP)
    ann = chat.user(1, chat=GROUP)
    unasked = await ann.photo(photo_of("2"))
    answer = await ann.reply_to(await ann.photo(photo_of("4071"), NAME))
    assert words(answer) == "4071" and labels(answer) == ["Copy"]
    asked = await ann.text(f"{NAME} and this?", reply_to=unasked)
    assert words(await ann.reply_to(asked)).startswith("2 · ")
    assert NAME in words(await ann.reply_to(await ann.text(f"hello {NAME}")))
    nothing = await ann.document(b"not a picture", "notes.jpg", NAME)
    assert "can’t open" in words(await ann.reply_to(nothing))
    for _ in range(12):
        await ann.text(f"hello {NAME}")
    await settled(chat.user(1))
    # Ten at once, as of photos; a slow machine gives time for one or two more.
    assert 10 <= sum(message["from"]["is_bot"] for message in ann.messages()) < 13
    assert not replies(ann, unasked) and b"rror" not in bot.log
