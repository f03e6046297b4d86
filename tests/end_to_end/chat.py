"""Users of the local chat, for tests: they send photos, tap buttons and wait for answers.

    server = await LocalChat.start()
    async with Chat(server.url) as chat:
        ann = chat.user(1, language="de")
        sent = await ann.photo(jpeg, caption="which?")
        answer = await ann.reply_to(sent)
        await ann.tap(answer["message_id"], "Wrong")
        await ann.wait_for(lambda m: m["message_id"] == answer["message_id"] and "edit_date" in m)

Messages are the Bot API's own objects as dictionaries.
"""

import asyncio
import contextlib
import json
from collections.abc import Callable
from dataclasses import dataclass
from types import TracebackType
from typing import Any

import aiohttp

from bot.local.server import LocalChat

Message = dict[str, Any]
WAIT = 20.0  # s that a test waits for an answer


async def call(server: LocalChat, method: str, **fields: object) -> Any:
    """Call a method as the bot: {"ok", "result"} or {"ok", "error_code", "description"}."""
    url = f"{server.url}/bot{server.token}/{method}"
    form = {k: v if isinstance(v, str) else json.dumps(v) for k, v in fields.items()}
    async with aiohttp.ClientSession() as session, session.post(url, data=form) as answer:
        return await answer.json()


def words(message: Message) -> str:
    """Return a message's text or caption."""
    return str(message.get("text", message.get("caption", "")))


def is_bots(message: Message) -> bool:
    """Whether the bot wrote a message; a channel's posts have no sender."""
    return bool(message.get("from", {}).get("is_bot"))


class Chat:
    """A client of a chat's event stream: `events` in order, `messages` in their last state."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.events: list[dict[str, Any]] = []
        self.messages: dict[tuple[int, int], Message] = {}
        self._news = asyncio.Condition()

    async def __aenter__(self) -> "Chat":
        quiet = aiohttp.ClientTimeout(total=None)
        self._session = aiohttp.ClientSession(self.url, timeout=quiet)
        self._reader = asyncio.create_task(self._read())
        await self.wait_for(lambda: bool(self.events))
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._reader.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await self._reader
        await self._session.close()

    def user(self, user_id: int, *, language: str = "en", chat: int | None = None) -> "Person":
        """Return a user who writes in a private chat, or in a group (a negative id)."""
        about = {"id": user_id, "first_name": f"User {user_id}", "language_code": language}
        return Person(self, about, chat or user_id)

    async def post(
        self,
        path: str,
        fields: dict[str, Any],
        files: dict[str, tuple[str, bytes]] | None = None,
    ) -> Any:
        form = aiohttp.FormData(quote_fields=False)
        for name, value in fields.items():
            form.add_field(name, value if isinstance(value, str) else json.dumps(value))
        for part, (name, data) in (files or {}).items():
            form.add_field(part, data, filename=name)
        async with self._session.post(path, data=form) as answer:
            body = await answer.json()
            assert answer.status == 200, body
            return body

    async def wait_for(self, happened: Callable[[], bool], timeout: float = WAIT) -> None:
        """Wait until `happened()` is true; raises TimeoutError."""
        async with asyncio.timeout(timeout), self._news:
            await self._news.wait_for(happened)

    async def _read(self) -> None:
        async with self._session.get("/chat/events") as stream:
            async for line in stream.content:
                if line.startswith(b"data: "):
                    self._take(json.loads(line[6:]))
                    async with self._news:
                        self._news.notify_all()

    def _take(self, event: dict[str, Any]) -> None:
        self.events.append(event)
        for message in event.get("messages", [event["message"]] if "message" in event else []):
            self.messages[message["chat"]["id"], message["message_id"]] = message
        if event["type"] == "delete":
            self.messages.pop((event["chat"], event["message_id"]), None)


@dataclass
class Person:
    chat: Chat
    about: dict[str, Any]
    chat_id: int

    async def text(self, text: str, *, reply_to: int = 0, **more: Any) -> int:
        """`more`: other fields of the message, such as `external_reply`."""
        reply = {"message_id": reply_to}
        return (await self._send("sendMessage", text=text, reply_parameters=reply, more=more))[0]

    async def photo(
        self, data: bytes, caption: str = "", *, reply_to: int = 0, **more: Any
    ) -> int:
        fields = {"caption": caption, "reply_parameters": {"message_id": reply_to}, "more": more}
        return (await self._send("sendPhoto", {"photo": ("photo.jpg", data)}, **fields))[0]

    async def forwarded(self, data: bytes, caption: str = "") -> int:
        """Forward a photo of another user."""
        origin = {"type": "hidden_user", "sender_user_name": "Zoe", "date": 1_700_000_000}
        more = {"forward_origin": origin}
        files = {"photo": ("photo.jpg", data)}
        return (await self._send("sendPhoto", files, caption=caption, more=more))[0]

    async def album(self, photos: list[bytes], caption: str = "") -> list[int]:
        names = [f"file{number}" for number in range(len(photos))]
        media = [{"type": "photo", "media": f"attach://{name}"} for name in names]
        media[0]["caption"] = caption
        files = {name: (f"{name}.jpg", data) for name, data in zip(names, photos, strict=True)}
        return await self._send("sendMediaGroup", files, media=media)

    async def document(self, data: bytes, name: str, caption: str = "") -> int:
        return await self.file("document", data, name, caption)

    async def file(self, kind: str, data: bytes, name: str, caption: str = "") -> int:
        """A document, sticker, voice, video or animation."""
        return (await self._send(f"send{kind.title()}", {kind: (name, data)}, caption=caption))[0]

    async def edit(self, message_id: int, text: str) -> None:
        """Edit the text or the caption of one of the user's messages."""
        what = "text" if "text" in self.chat.messages[self.chat_id, message_id] else "caption"
        fields: dict[str, Any] = {"message_id": message_id, what: text}
        await self._post(f"/chat/editMessage{what.title()}", **fields)

    async def exchange(self, message_id: int, data: bytes, caption: str = "") -> None:
        """Replace the photo of one of the user's messages."""
        media = {"type": "photo", "media": "attach://file", "caption": caption}
        files = {"file": ("photo.jpg", data)}
        await self._post("/chat/editMessageMedia", files, message_id=message_id, media=media)

    async def tap(self, message_id: int, button: str) -> str:
        """Tap the button with this label or else this data; return the id of the query."""
        rows = self.chat.messages[self.chat_id, message_id].get("reply_markup", {})
        buttons = [b for row in rows.get("inline_keyboard", []) for b in row]
        data = next((b["callback_data"] for b in buttons if b["text"] == button), button)
        answer = await self._post("/chat/tap", message_id=message_id, data=data)
        return str(answer["query"])

    async def answer_to(self, query: str, timeout: float = WAIT) -> dict[str, Any]:
        """Return the bot's answer to a tap: {"text", "alert"}."""

        def found() -> list[dict[str, Any]]:
            return [e for e in self.chat.events if e.get("query") == query]

        await self.chat.wait_for(lambda: bool(found()), timeout)
        return found()[0]

    def messages(self) -> list[Message]:
        """All messages of the chat as they are now, oldest first."""
        return [m for (chat_id, _), m in self.chat.messages.items() if chat_id == self.chat_id]

    async def wait_for(self, wanted: Callable[[Message], bool], timeout: float = WAIT) -> Message:
        """Wait for the first message of the chat that meets the condition, and return it."""
        found: list[Message] = []

        def look() -> bool:
            found[:] = filter(wanted, self.messages())
            return bool(found)

        await self.chat.wait_for(look, timeout)
        return found[0]

    async def reply_to(self, message_id: int, timeout: float = WAIT) -> Message:
        """Wait for the bot's first reply to a message, and return it."""

        def answers(message: Message) -> bool:
            quoted = message.get("reply_to_message", {}).get("message_id")
            return is_bots(message) and quoted == message_id

        return await self.wait_for(answers, timeout)

    async def says(self, after: int, timeout: float = WAIT) -> Message:
        """Wait for the bot's first message after a given one, and return it."""
        return await self.wait_for(lambda m: is_bots(m) and m["message_id"] > after, timeout)

    async def _send(
        self, method: str, files: dict[str, tuple[str, bytes]] | None = None, **fields: Any
    ) -> list[int]:
        answer = await self._post(f"/chat/{method}", files, **fields)
        sent = [message["message_id"] for message in answer] if isinstance(answer, list) else []
        sent = sent or [answer["message_id"]]
        await self.chat.wait_for(lambda: (self.chat_id, sent[-1]) in self.chat.messages)
        return sent

    async def _post(
        self, path: str, files: dict[str, tuple[str, bytes]] | None = None, **fields: Any
    ) -> Any:
        given = {"user": self.about, "chat_id": self.chat_id} | fields
        return await self.chat.post(path, given, files)
