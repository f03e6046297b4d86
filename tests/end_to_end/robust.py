"""For tests of faults: many photos at once, and how often each was answered."""

import asyncio
from collections import Counter

from tests.end_to_end.chat import Chat
from tests.pictures import photo_of

PATIENT = 60.0  # s; a bot that tries again waits a little longer each time
SETTLE = 1.0  # s after which a second answer would have come
SEVEN = photo_of("7")
Sent = set[tuple[int, int]]  # chats and messages


def answered(chat: Chat) -> Counter[tuple[int, int]]:
    """How often the bot replied to each message, by chat and message."""
    replies = (m for m in chat.messages.values() if m["from"]["is_bot"])
    return Counter(
        (m["chat"]["id"], m["reply_to_message"]["message_id"])
        for m in replies
        if "reply_to_message" in m
    )


async def one_answer_each(chat: Chat, sent: Sent) -> None:
    """Wait until all have an answer and a moment longer: none may have a second one."""
    await chat.wait_for(lambda: answered(chat).keys() >= sent, PATIENT)
    await asyncio.sleep(SETTLE)
    assert answered(chat) == Counter(sent)


def in_order(chat: Chat) -> bool:
    """Whether in each chat the bot's replies come in the order of what they answer."""
    asked: dict[int, list[int]] = {}
    for (chat_id, _), message in sorted(chat.messages.items()):
        if message["from"]["is_bot"] and "reply_to_message" in message:
            asked.setdefault(chat_id, []).append(message["reply_to_message"]["message_id"])
    return all(ids == sorted(ids) for ids in asked.values())


async def send_photos(chat: Chat, users: int, each: int) -> Sent:
    """Several users send several photos at once; return what they sent."""

    async def send(user_id: int) -> tuple[int, int]:
        return user_id, await chat.user(user_id).photo(SEVEN)

    return set(await asyncio.gather(*(send(u) for u in range(1, users + 1) for _ in range(each))))
