"""Actions of users in the local chat, and the updates and events they cause."""

from typing import Any

import aiohttp
import pytest

from bot.local import world
from bot.local.server import LocalChat
from tests.end_to_end.chat import Chat, call
from tests.pictures import photo_of

GROUP = -7
CHANNEL = -(10**12) - 7


async def updates(server: LocalChat) -> list[dict[str, Any]]:
    return list((await call(server, "getUpdates"))["result"])


async def test_album_is_one_group_with_one_caption(server: LocalChat, chat: Chat) -> None:
    sent = await chat.user(1).album([photo_of("7"), photo_of("7"), photo_of("7")], "three")
    messages = [update["message"] for update in await updates(server)]
    assert [message["message_id"] for message in messages] == sent
    assert len({message["media_group_id"] for message in messages}) == 1
    assert [message.get("caption") for message in messages] == ["three", None, None]


async def test_user_comes_with_name_and_language(server: LocalChat, chat: Chat) -> None:
    await chat.user(2, language="hu").text("szia")
    (update,) = await updates(server)
    assert update["message"]["from"]["language_code"] == "hu"
    assert update["message"]["chat"]["type"] == "private"


async def test_files_of_every_kind_arrive(server: LocalChat, chat: Chat) -> None:
    for kind in ("document", "sticker", "voice", "video", "animation"):
        await chat.user(1).file(kind, b"bytes", f"a.{kind}")
        assert (await updates(server))[-1]["message"][kind]["file_size"] == 5


async def test_invalid_messages_of_users_are_refused(chat: Chat) -> None:
    ann = chat.user(1)
    for text in ("", "  ", "x" * 4097):
        with pytest.raises(AssertionError, match="Bad Request"):
            await ann.text(text)
    with pytest.raises(AssertionError, match="too long"):
        await ann.photo(photo_of("7"), "x" * 1025)
    with pytest.raises(AssertionError, match="too many"):
        await ann.album([photo_of("7")] * 11)
    with pytest.raises(AssertionError, match="non-empty"):
        await ann.document(b"", "empty.txt")
    with pytest.raises(AssertionError, match="Not Found"):
        await ann.file("pigeon", b"x", "a")
    assert ann.messages() == []


async def test_edited_caption_is_an_edited_message(server: LocalChat, chat: Chat) -> None:
    ann = chat.user(1)
    sent = await ann.photo(photo_of("7"), "old")
    await ann.edit(sent, "new")
    edited = (await updates(server))[-1]["edited_message"]
    assert (edited["caption"], bool(edited["photo"])) == ("new", True)
    with pytest.raises(AssertionError, match="can't be edited"):
        await chat.user(2, chat=1).edit(sent, "not mine")


async def test_update_in_the_queue_does_not_change_with_its_message(
    server: LocalChat, chat: Chat
) -> None:
    sent = await chat.user(1).text("first")
    await chat.user(1).edit(sent, "second")
    assert (await updates(server))[0]["message"]["text"] == "first"


async def test_bot_in_privacy_mode_gets_only_what_telegram_delivers(
    server: LocalChat, chat: Chat
) -> None:
    ann, command = chat.user(1, chat=GROUP), "/read@digits_local_bot"
    withheld = [
        await ann.text("hello everybody"),
        await ann.photo(photo_of("7"), "@digits_local_bot please"),
        await ann.text("/read"),
        await ann.text("/read@another_bot"),
    ]
    meant = [await ann.photo(photo_of("7"), command), await ann.text(command)]
    answer = (await call(server, "sendMessage", chat_id=GROUP, text="7"))["result"]
    meant.append(await ann.text("really?", reply_to=answer["message_id"]))
    meant.append(await ann.text("/read"))  # the bot was the last to write
    meant.append(await ann.text("thank you", reply_to=meant[0]))
    assert await ann.text("no", reply_to=withheld[0])
    seen = [update["message"] for update in await updates(server)]
    assert [message["message_id"] for message in seen] == meant
    assert {message["chat"]["type"] for message in seen} == {"group"}


async def test_bot_out_of_privacy_mode_gets_all(server: LocalChat, chat: Chat) -> None:
    server.world.privacy_mode = False
    sent = await chat.user(1, chat=GROUP).text("hello everybody")
    assert [u["message"]["message_id"] for u in await updates(server)] == [sent]


async def test_forwarded_photo_says_where_it_comes_from(server: LocalChat, chat: Chat) -> None:
    await chat.user(1).forwarded(photo_of("7"), "look")
    (update,) = await updates(server)
    assert update["message"]["forward_origin"]["sender_user_name"] == "Zoe"
    assert (update["message"]["from"]["id"], update["message"]["caption"]) == (1, "look")
    assert update["message"]["photo"]


async def test_channel_post_is_from_nobody_and_no_message(server: LocalChat, chat: Chat) -> None:
    channel = chat.user(1, chat=CHANNEL)
    await channel.photo(photo_of("7"))
    await call(server, "sendMessage", chat_id=CHANNEL, text="the bot's own")
    (update,) = await updates(server)
    assert update["channel_post"]["sender_chat"]["type"] == "channel"
    assert "from" not in update["channel_post"]
    assert len(channel.messages()) == 2


async def test_users_may_not_call_methods_of_the_bot(chat: Chat) -> None:
    for method in ("getUpdates", "setWebhook", "deleteMessage", "setMyName"):
        with pytest.raises(AssertionError, match="Not Found"):
            await chat.post(f"/chat/{method}", {"user": chat.user(1).about})


async def test_page_that_connects_late_or_again_gets_the_same_messages(
    server: LocalChat, chat: Chat
) -> None:
    await chat.user(1).text("hello")
    await chat.user(2).text("not for her")
    async with Chat(server.url) as late:
        assert late.user(1).messages() == chat.user(1).messages()
        assert len(late.messages) == 2


async def test_oldest_messages_go_when_the_cap_is_reached(
    chat: Chat, server: LocalChat, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(world, "MESSAGES_MAX", 3)
    for number in range(5):
        await chat.user(1).text(str(number))
    kept = [message["text"] for message in server.world.messages.values()]
    assert kept == ["2", "3", "4"]


async def test_page_that_does_not_read_is_disconnected(
    server: LocalChat, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(world, "EVENTS_MAX", 3)
    with server.world.watching(0) as watcher:
        for _ in range(10):
            server.world.show("profile", 0)
        events = [watcher.get_nowait() for _ in range(watcher.qsize())]
    assert len(events) == 4
    assert events[-1] == ""


DEEP = "[" * 100_000
ANN = '{"id": 1, "first_name": "Ann"}'


@pytest.mark.parametrize(
    "fields",
    [
        {"user": "{}"},
        {"user": "[]"},
        {"user": DEEP},
        {"user": '{"id": 0, "first_name": "Ann"}'},
        {"user": '{"id": %d, "first_name": "Ann"}'.replace("%d", str(2**63))},
        {"user": ANN, "chat_id": str(2**63)},
        {"user": ANN, "chat_id": str(-(2**63) - 1)},
        {"user": ANN, "reply_parameters": DEEP},
        {"user": ANN, "reply_parameters": '{"message_id": "x"}'},
        {"user": ANN, "reply_markup": '{"inline_keyboard": [[{"callback_data": 1}]]}'},
        {"user": ANN, "more": '{"a":' * 20_000},
        {"user": ANN, "more": '{"chat": {}}'},
        {"user": ANN, "more": '{"message_id": 1e999}'},
    ],
)
async def test_a_malformed_call_is_refused_without_a_trace(
    server: LocalChat, caplog: pytest.LogCaptureFixture, fields: dict[str, str]
) -> None:
    form = {"text": "hello", **fields}
    async with aiohttp.request("POST", f"{server.url}/chat/sendMessage", data=form) as answer:
        assert (answer.status, (await answer.json())["ok"]) == (400, False)
    assert not caplog.records
    assert await updates(server) == []
