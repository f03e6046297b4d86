"""Everybody and everything in the local chat: users, messages, files, and who watches them."""

import asyncio
import contextlib
import itertools
import json
import time
from collections.abc import Iterator
from dataclasses import dataclass

from bot.local.call import Json, bad
from bot.local.files import Files
from bot.local.updates import Updates

MESSAGE_CAP = 10_000  # messages of all chats together; the oldest go first
EVENT_CAP = 10_000  # events kept for a page that does not read them
KEPT_BY_EDITS = ("message_id", "date", "chat", "from", "media_group_id", "reply_to_message")
NOT_MODIFIED = (
    "message is not modified: specified new message content and reply markup are exactly the same "
    "as a current content and reply markup of the message"
)

Watcher = asyncio.Queue[tuple[int, str]]


@dataclass(frozen=True)
class Message:
    """Where a message is, whose it is, and what the Bot API calls the Message object."""

    chat: int
    id: int
    sender: int
    body: Json


class World:
    def __init__(self, bot: Json, bot_id: int) -> None:
        self.bot, self.bot_id = bot, bot_id
        self.users: dict[int, Json] = {}
        self.messages: dict[tuple[int, int], Message] = {}
        self.queries: dict[str, int] = {}
        self.profile: dict[str, str] = {}
        self.commands: dict[str, list[Json]] = {}
        self.files, self.updates = Files(), Updates()
        self.ids = itertools.count(1)
        self.watchers: set[Watcher] = set()

    def chat(self, chat_id: int) -> Json:
        """The private chat of somebody who wrote before, or a group: its id is negative."""
        if chat_id < 0:
            return {"id": chat_id, "type": "group", "title": "Group"}
        if chat_id not in self.users:
            raise bad("chat not found")
        return {"id": chat_id, "type": "private", "first_name": self.users[chat_id]["first_name"]}

    def find(self, chat_id: int, message_id: int, purpose: str) -> Message:
        try:
            return self.messages[chat_id, message_id]
        except KeyError:
            raise bad(f"message to {purpose} not found") from None

    def post(self, chat_id: int, sender: int, content: Json, reply_to: int = 0) -> Message:
        """Add a message and show it to the pages."""
        user = self.bot if sender == self.bot_id else self.users[sender]
        number = next(self.ids)
        body: Json = {"message_id": number, "date": int(time.time())}
        body |= {"chat": self.chat(chat_id), "from": user} | content
        if reply_to:
            quoted = self.find(chat_id, reply_to, "be replied").body
            body["reply_to_message"] = {k: quoted[k] for k in quoted if k != "reply_to_message"}
        message = self.messages[chat_id, number] = Message(chat_id, number, sender, body)
        if len(self.messages) > MESSAGE_CAP:
            del self.messages[next(iter(self.messages))]
        self.show("message", chat_id, message=body)
        return message

    def edit(self, old: Message, content: Json) -> Message:
        """Put a new message in its place; the buttons go unless `content` has them."""
        body = {key: old.body[key] for key in KEPT_BY_EDITS if key in old.body} | content
        if body == {key: old.body[key] for key in old.body if key != "edit_date"}:
            raise bad(NOT_MODIFIED)
        body["edit_date"] = int(time.time())
        message = self.messages[old.chat, old.id] = Message(old.chat, old.id, old.sender, body)
        self.show("edit", old.chat, message=body)
        return message

    def show(self, kind: str, chat_id: int, **details: object) -> None:
        """Tell every page; one that stopped reading is sent away and must come back."""
        event = json.dumps({"type": kind, "chat": chat_id, **details})
        for watcher in self.watchers:
            if watcher.qsize() <= EVENT_CAP:
                watcher.put_nowait((chat_id, event if watcher.qsize() < EVENT_CAP else ""))

    @contextlib.contextmanager
    def watching(self, chat_id: int) -> Iterator[Watcher]:
        """A queue of (chat, event as JSON), a snapshot of a chat (0: all) first; "" ends it."""
        shown = [m.body for m in self.messages.values() if chat_id in (0, m.chat)]
        watcher: Watcher = asyncio.Queue()
        watcher.put_nowait((0, json.dumps({"type": "snapshot", "messages": shown})))
        self.watchers.add(watcher)
        try:
            yield watcher
        finally:
            self.watchers.discard(watcher)

    async def close(self) -> None:
        await self.updates.close()
        for watcher in self.watchers:
            watcher.put_nowait((0, ""))
