"""What is not for the bot: edits, channels, service messages; and forwards, which are."""

from typing import Any

from tests.conftest import BotProcess
from tests.end_to_end.chat import Chat, words
from tests.end_to_end.looking import replies, settled
from tests.end_to_end.webhook import bring, message
from tests.pictures import photo_of

CHANNEL = {"id": -1009, "type": "channel", "title": "Numbers"}


async def test_only_a_forwarded_photo_of_all_these_is_answered(
    hooked: BotProcess, chat: Chat, hook: str
) -> None:
    ann = chat.user(1)
    own = await ann.photo(photo_of("7"), "look")
    await ann.reply_to(own)
    shown: dict[str, Any] = {"photo": chat.messages[1, own]["photo"]}
    post = {"chat": CHANNEL, "sender_chat": CHANNEL, **shown}
    del (unsigned := message())["from"]
    ignored: list[tuple[str, dict[str, Any]]] = [
        ("edited_message", message(text="look again", edit_date=1)),
        ("channel_post", unsigned | post | {"caption": "@digits_local_bot"}),
        ("edited_channel_post", unsigned | post | {"edit_date": 1}),
        ("message", message(pinned_message=message(**shown))),
        ("message", message(message_auto_delete_timer_changed={"message_auto_delete_time": 60})),
        ("message", message(group_chat_created=True)),
        ("my_chat_member", membership()),
        ("message_reaction", reaction(own)),
    ]
    for kind, content in ignored:
        await bring(hook, kind, content)
    await settled(ann)
    assert len(replies(ann, own)) == 1
    spoken = [words(m) for m in ann.messages() if m["from"]["is_bot"]]
    assert len(spoken) == 2, spoken  # the 7, and what `settled` asks for
    assert words(await ann.reply_to(await ann.forwarded(photo_of("7")))).startswith("7 · ")
    assert b"rror" not in hooked.log, hooked.log.decode()


def membership() -> dict[str, Any]:
    """A user stops the bot."""
    here = message()
    bot = {"id": 5, "first_name": "Bot", "is_bot": True}
    left = {"user": bot, "status": "kicked", "until_date": 0}
    about = {"old_chat_member": {"user": bot, "status": "member"}, "new_chat_member": left}
    return {"chat": here["chat"], "from": here["from"], "date": here["date"], **about}


def reaction(message_id: int) -> dict[str, Any]:
    here = message()
    about = {"message_id": message_id, "old_reaction": [], "new_reaction": []}
    return {"chat": here["chat"], "user": here["from"], "date": here["date"], **about}
