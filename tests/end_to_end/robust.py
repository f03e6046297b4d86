"""Helpers of tests with faults: many photos at once, and the number of answers to each."""

import asyncio
from collections import Counter

from tests.end_to_end.chat import Chat
from tests.pictures import photo_of

PATIENT = 60.0  # s to wait for an answer after retries, whose pauses grow
SETTLE = 1.0  # s within which a second answer would arrive
SEVEN = photo_of("7")
Sent = set[tuple[int, int]]  # chats and messages


def answered(chat: Chat) -> Counter[tuple[int, int]]:
    """Return the number of the bot's replies by chat and message."""
    replies = (m for m in chat.messages.values() if m["from"]["is_bot"])
    return Counter(
        (m["chat"]["id"], m["reply_to_message"]["message_id"])
        for m in replies
        if "reply_to_message" in m
    )


async def one_answer_each(chat: Chat, sent: Sent) -> None:
    """Wait until all have an answer, then SETTLE; assert that none has a second one."""
    await chat.wait_for(lambda: answered(chat).keys() >= sent, PATIENT)
    await asyncio.sleep(SETTLE)
    assert answered(chat) == Counter(sent)


def in_order(chat: Chat) -> bool:
    """Whether in each chat the bot's replies are in the order of the answered messages."""
    asked: dict[int, list[int]] = {}
    for (chat_id, _), message in sorted(chat.messages.items()):
        if message["from"]["is_bot"] and "reply_to_message" in message:
            asked.setdefault(chat_id, []).append(message["reply_to_message"]["message_id"])
    return all(ids == sorted(ids) for ids in asked.values())


async def send_photos(chat: Chat, users: int, each: int) -> Sent:
    """Let several users send several photos at once; return chats and messages."""

    async def send(user_id: int) -> tuple[int, int]:
        return user_id, await chat.user(user_id).photo(SEVEN)

    return set(await asyncio.gather(*(send(u) for u in range(1, users + 1) for _ in range(each))))
