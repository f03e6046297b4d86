"""The state of the local chat: users, messages, files, and the pages that show them."""

import asyncio
import contextlib
import itertools
import json
import time
from collections.abc import Awaitable, Callable, Iterator
from typing import Any

from bot.local.call import BOT, Call, Json, bad
from bot.local.files import Files
from bot.local.privacy_mode import is_delivered
from bot.local.updates import Updates

OWN: dict[str, Any] = {"commands": list[Json]}  # fields of the bot's profile, and their types
OWN |= {"name": str, "description": str, "short_description": str}
MESSAGES_MAX = 10_000  # messages of all chats together; the oldest are deleted first
EVENTS_MAX = 10_000  # events queued for a page that does not read them
# Telegram's senders of messages in the name of a group, and of a channel.
ANONYMOUS_ADMIN = {"id": 1087968824, "is_bot": True, "first_name": "Group"}
CHANNEL = {"id": 136817688, "is_bot": True, "first_name": "Channel"}
TOPIC = {"message_thread_id", "is_topic_message"}  # fields of a message in a group's topic
FIRST_CHANNEL = -(10**12)  # channels have ids from here down, groups the other negative ones


class World:
    def __init__(self) -> None:
        self.users: dict[int, Json] = {BOT["id"]: BOT}
        self.messages: dict[tuple[int, int], Json] = {}
        self.queries: dict[str, int] = {}
        self.privacy_mode = True
        self.menu_button: Json = {"type": "commands"}
        self.admins: dict[int, dict[int, Json]] = {}  # by group: users who wrote in its name
        self.topics: set[tuple[int, int]] = set()  # group and message_thread_id
        self.foreign: set[int] = set()  # groups of which the bot is not a member
        self.guest_queries: dict[str, tuple[int, int]] = {}  # by query id: chat and message
        self.unseen: set[tuple[int, int]] = set()  # messages that the bot cannot access
        self.own: dict[tuple[str, str, str], Any] = {("name", "default", ""): BOT["first_name"]}
        self.files, self.updates = Files(), Updates()
        self.ids = itertools.count(1)
        self.watchers: dict[asyncio.Queue[str], int] = {}
        # Reads an unfinished drawing of the page's canvas: user id, picture -> reading.
        self.read_live: Callable[[int, bytes], Awaitable[Json]] | None = None

    def chat(self, chat_id: int) -> Json:
        """Return a private chat (if its user wrote before), a group or a channel."""
        if chat_id < 0:
            kind = "channel" if chat_id <= FIRST_CHANNEL else "group"
            return {"id": chat_id, "type": kind, "title": kind.title()}
        if chat_id not in self.users:
            raise bad("chat not found")
        return {"id": chat_id, "type": "private", "first_name": self.users[chat_id]["first_name"]}

    def find(self, call: Call, purpose: str) -> tuple[int, int]:
        key = call.get("chat_id", int), call.get("message_id", int)
        if key not in self.messages:
            raise bad(f"message to {purpose} not found")
        if call.sender == BOT and key in self.unseen:
            raise bad(f"message can't be {purpose.removesuffix('e')}ed")
        return key

    def post(self, chat_id: int, sender: int, content: Json, reply_to: int = 0) -> Json:
        """Add a message, send it to the pages and deliver it to the bot."""
        number, chat = next(self.ids), self.chat(chat_id)
        message: Json = {"message_id": number, "date": int(time.time()), "chat": chat} | content
        kind = "channel_post" if chat["type"] == "channel" else "message"
        if kind == "channel_post":
            message["sender_chat"] = chat
        else:
            message["from"] = self._shown(sender, message)
        if "message_thread_id" in message:
            self.topics.add((chat_id, message["message_thread_id"]))
        if reply_to:
            asked = Call({"chat_id": chat_id, "message_id": reply_to})
            quoted = self.messages[self.find(asked, "be replied")]
            message |= {name: quoted[name] for name in TOPIC & quoted.keys()}
            message["reply_to_message"] = {k: quoted[k] for k in quoted if k != "reply_to_message"}
        return self.put("message", message, kind if sender != BOT["id"] else "")

    def _shown(self, sender: int, message: Json) -> Json:
        """Return the sender that a group shows: the user, or the chat in whose name it is."""
        if "sender_chat" not in message:
            return self.users[sender]
        chat_id = message["chat"]["id"]
        if message["sender_chat"]["id"] != chat_id:
            return CHANNEL
        self.admins.setdefault(chat_id, {})[sender] = self.users[sender]
        return ANONYMOUS_ADMIN

    def put(self, event: str, message: Json, update: str) -> Json:
        """Store a message; send `event` to the pages and, if allowed, `update` to the bot."""
        self.messages[message["chat"]["id"], message["message_id"]] = message
        if len(self.messages) > MESSAGES_MAX:
            del self.messages[next(iter(self.messages))]
        self.show(event, message["chat"]["id"], message=message)
        if message["chat"]["id"] in self.foreign:
            self._put_as_guest(message, update)
            return message
        is_open = message["chat"]["type"] != "group" or not self.privacy_mode
        if update and (is_open or is_delivered(message, self.messages)):
            self.updates.push(update, message)
        return message

    def _put_as_guest(self, message: Json, update: str) -> None:
        """Deliver a message that mentions the bot in a chat of which it is not a member."""
        text = str(message.get("text", message.get("caption", "")))
        if update == "message" and f"@{BOT['username']}" in text:
            query = str(next(self.ids))
            self.guest_queries[query] = message["chat"]["id"], message["message_id"]
            self.updates.push("guest_message", message | {"guest_query_id": query})

    def show(self, kind: str, chat_id: int, **details: object) -> None:
        """Send an event to the pages of a chat (0: of all); disconnect one that does not read."""
        event = json.dumps({"type": kind, "chat": chat_id, **details})
        for watcher, wanted in self.watchers.items():
            if watcher.qsize() <= EVENTS_MAX and (0 in (chat_id, wanted) or chat_id == wanted):
                watcher.put_nowait(event if watcher.qsize() < EVENTS_MAX else "")

    async def set_own(self, call: Call, field: str) -> None:
        """Set a field of the bot's profile (setMyName, ...); delete it if no value is given."""
        self.own[field, *place_of(call)] = call.get(field, OWN[field], OWN[field]())
        self.show("profile", 0)

    async def get_own(self, call: Call, field: str) -> Json | list[Json]:
        scope, language = place_of(call)
        if field == "commands":
            return list(self.own.get((field, scope, language), []))
        return {field: self.best(field, [scope], language)}

    async def profile(self, call: Call) -> Json:
        """Return the bot's profile as a user sees it in a chat."""
        chat_id, language = call.get("chat_id", int), call.sender.get("language_code", "")
        kind, user_id = "private" if chat_id > 0 else "group", call.sender["id"]
        scopes = [f"chat_member {chat_id} {user_id}", f"chat {chat_id}", f"all_{kind}_chats"]
        return {field: self.best(field, [*scopes, "default"], language) for field in OWN}

    def best(self, field: str, scopes: list[str], language: str) -> Any:
        """Return the value for the narrowest scope that has one, if possible in the language."""
        keys = [(field, scope, code) for scope in scopes for code in (language, "")]
        return next(filter(None, map(self.own.get, keys)), OWN[field]())

    @contextlib.contextmanager
    def watching(self, chat_id: int) -> Iterator[asyncio.Queue[str]]:
        """Yield a queue of JSON events, first a snapshot of the chat (0: of all); "" ends it."""
        shown = [m for m in self.messages.values() if chat_id in (0, m["chat"]["id"])]
        watcher = asyncio.Queue[str]()
        watcher.put_nowait(json.dumps({"type": "snapshot", "messages": shown}))
        self.watchers[watcher] = chat_id
        try:
            yield watcher
        finally:
            del self.watchers[watcher]

    async def close(self) -> None:
        await self.updates.setWebhook(Call({}))
        for watcher in self.watchers:
            watcher.put_nowait("")


def place_of(call: Call) -> tuple[str, str]:
    scope = call.get("scope", Json, {"type": "default"})
    names = [str(scope[key]) for key in ("type", "chat_id", "user_id") if key in scope]
    return " ".join(names), call.get("language_code", str, "")
