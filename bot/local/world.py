"""Everybody and everything in the local chat: users, messages, files, and who watches them."""

import asyncio
import contextlib
import itertools
import json
import time
from collections.abc import Iterator, Mapping
from typing import TypedDict

from bot.local.call import ApiError
from bot.local.files import FileInfo, Files
from bot.local.formatting import Entity
from bot.local.updates import Updates

MESSAGE_CAP = 10_000  # messages of all chats together; the oldest go first
EVENT_CAP = 10_000  # events kept for a page that does not read them
NOT_MODIFIED = (
    "message is not modified: specified new message content and reply markup are exactly the same "
    "as a current content and reply markup of the message"
)

Watcher = asyncio.Queue[tuple[int, str]]


class User(TypedDict, total=False):
    id: int
    is_bot: bool
    first_name: str
    username: str
    language_code: str


class Chat(TypedDict, total=False):
    id: int
    type: str
    title: str
    first_name: str


class Button(TypedDict, total=False):
    text: str
    callback_data: str
    url: str


class Keyboard(TypedDict, total=False):
    inline_keyboard: list[list[Button]]


_Quoted = TypedDict(
    "_Quoted",
    {
        "message_id": int,
        "date": int,
        "edit_date": int,
        "chat": Chat,
        "from": User,
        "media_group_id": str,
        "text": str,
        "entities": list[Entity],
        "caption": str,
        "caption_entities": list[Entity],
        "photo": list[FileInfo],
        "document": FileInfo,
        "sticker": FileInfo,
        "voice": FileInfo,
        "video": FileInfo,
        "reply_markup": Keyboard,
    },
    total=False,
)


class Message(_Quoted, total=False):
    """A message as the Bot API describes it; both sides get this very object."""

    reply_to_message: _Quoted


class World:
    def __init__(self, bot: User) -> None:
        self.bot = bot
        self.users: dict[int, User] = {}
        self.messages: dict[tuple[int, int], Message] = {}
        self.queries: dict[str, int] = {}
        self.profile: dict[str, str] = {}
        self.commands: dict[str, list[dict[str, object]]] = {}
        self.files, self.updates = Files(), Updates()
        self.ids = itertools.count(1)
        self.watchers: set[Watcher] = set()

    def chat(self, chat_id: int) -> Chat:
        """A private chat with somebody who wrote before, or a group: its id is negative."""
        if chat_id < 0:
            return Chat(id=chat_id, type="group", title="Group")
        if chat_id not in self.users:
            raise ApiError.bad("chat not found")
        return Chat(id=chat_id, type="private", first_name=self.users[chat_id]["first_name"])

    def find(self, chat_id: int, message_id: int, purpose: str) -> Message:
        try:
            return self.messages[chat_id, message_id]
        except KeyError:
            raise ApiError.bad(f"message to {purpose} not found") from None

    def post(self, chat: Chat, sender: User, content: Message, reply_to: int = 0) -> Message:
        """Add a message and show it to the pages."""
        message: Message = {"message_id": next(self.ids), "date": int(time.time())}
        message.update({"chat": chat, "from": sender})
        message.update(content)
        if reply_to:
            quoted = dict(self.find(chat["id"], reply_to, "be replied"))
            quoted.pop("reply_to_message", None)
            message["reply_to_message"] = quoted  # type: ignore[typeddict-item]
        self.messages[chat["id"], message["message_id"]] = message
        if len(self.messages) > MESSAGE_CAP:
            del self.messages[next(iter(self.messages))]
        self.show("message", chat["id"], message=message)
        return message

    def change(self, message: Message, content: Message) -> Message:
        """Put a new message in its place; the buttons go unless `content` has them."""
        edited: Message = {"message_id": message["message_id"], "date": message["date"]}
        edited.update({"chat": message["chat"], "from": message["from"]})
        if "reply_to_message" in message:
            edited["reply_to_message"] = message["reply_to_message"]
        if "media_group_id" in message:
            edited["media_group_id"] = message["media_group_id"]
        edited.update(content)
        if "edit_date" in message:
            edited["edit_date"] = message["edit_date"]
        if edited == message:
            raise ApiError.bad(NOT_MODIFIED)
        edited["edit_date"] = int(time.time())
        self.messages[message["chat"]["id"], message["message_id"]] = edited
        self.show("edit", message["chat"]["id"], message=edited)
        return edited

    def show(self, kind: str, chat_id: int, **details: object) -> None:
        """Tell every page; one that stopped reading is sent away and must come back."""
        event = json.dumps({"type": kind, "chat": chat_id} | details)
        for watcher in self.watchers:
            if watcher.qsize() < EVENT_CAP:
                watcher.put_nowait((chat_id, event))
            else:
                watcher.put_nowait((0, ""))

    @contextlib.contextmanager
    def watching(self) -> Iterator[Watcher]:
        """A queue of (chat, event as JSON); an empty event ends it."""
        watcher: Watcher = asyncio.Queue()
        self.watchers.add(watcher)
        try:
            yield watcher
        finally:
            self.watchers.discard(watcher)

    def snapshot(self, chat_id: int | None) -> Mapping[str, object]:
        """All messages of a chat, or of all chats, as the first event of a stream."""
        shown = [m for (chat, _), m in self.messages.items() if chat_id in (None, chat)]
        return {"type": "snapshot", "messages": shown}

    async def close(self) -> None:
        await self.updates.close()
        for watcher in self.watchers:
            watcher.put_nowait((0, ""))
