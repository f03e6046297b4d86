"""The people's side over HTTP, for the page and for tests alike.

    GET  /chat/events?chat=ID        server-sent events, one JSON object each; all chats without ID
    GET  /chat/file/FILE_ID          the bytes of a photo or a document
    POST /chat/profile               user, [chat] -> the bot's texts and commands for that user
    POST /chat/send                  user, [chat], [text | caption], [reply_to], [kind], file parts
                                     -> {"message_ids": [...]}; several files make an album
    POST /chat/edit                  user, [chat], message_id, text: her own message
    POST /chat/tap                   user, [chat], message_id, data -> {"query": id}

`user` is a JSON object {"id", "first_name", "language_code"}; `chat` is her private chat unless
given; a negative one is a group. `kind` is photo (default), document, sticker, voice or video.
A stream begins with {"type": "snapshot", "messages": [...]}. Then come, each with its "chat":
"message" and "edit" with the whole "message", "delete" with "message_id", "action" (typing),
"answer" to a tap's "query" with "text" and "alert", "reaction" with "message_id" and "emoji",
"profile". Refusals look like the Bot API's.
"""

import asyncio
import contextlib

from aiohttp import web

from bot.local.call import Call, Json, bad
from bot.local.content import FILES, LIMITS, uploaded
from bot.local.formatting import said, units
from bot.local.methods import parts
from bot.local.profile import profile_for
from bot.local.world import Message, World

HEARTBEAT = 15  # seconds between two signs of life on a quiet stream
RETRY = b"retry: 1000\n\n"  # milliseconds after which a page that lost the line comes back
ALBUM_CAP = 10


class People:
    def __init__(self, world: World) -> None:
        self.world = world

    def routes(self) -> list[web.RouteDef]:
        return [
            web.get("/chat/events", self.events),
            web.post("/chat/profile", self.profile),
            web.get("/chat/file/{file_id}", self.file),
            web.post("/chat/send", self.send),
            web.post("/chat/edit", self.edit),
            web.post("/chat/tap", self.tap),
        ]

    async def enter(self, request: web.Request) -> tuple[Call, int, int]:
        """What is asked, by which user, in which chat."""
        call = await Call.read(request)
        given = call.nested(call.mapping("user"))
        number = given.integer("id")
        if number <= 0:
            raise bad("a user has a positive id")
        user: Json = {"id": number, "is_bot": False}
        user["first_name"] = given.text("first_name") or f"User {number}"
        if given.text("language_code"):
            user["language_code"] = given.text("language_code")
        self.world.users[number] = user
        return call, number, call.integer("chat", number)

    async def send(self, request: web.Request) -> web.Response:
        call, user, chat = await self.enter(request)
        contents = await self.contents(call)
        if len(contents) > 1:
            group: Json = {"media_group_id": str(next(self.world.ids))}
            contents = [content | group for content in contents]
        reply_to = call.integer("reply_to", 0)
        sent = [self.world.post(chat, user, content, reply_to) for content in contents]
        for message in sent:
            self.tell("message", message)
        return web.json_response({"message_ids": [message.id for message in sent]})

    async def contents(self, call: Call) -> list[Json]:
        """What one sending makes: a text, or a message for each file, the caption at the first."""
        name = "caption" if call.uploads else "text"
        if units(call.text(name)) > LIMITS[name] or len(call.uploads) > ALBUM_CAP:
            raise bad("message is too long")
        words = said(name, call.text(name).strip(), [])
        if not call.uploads and not words:
            raise bad("message text is empty")
        kind = call.text("kind", "photo")
        files = [await uploaded(self.world.files, kind, each) for each in call.uploads.values()]
        return [{**words, **files[0]}, *files[1:]] if files else [words]

    def tell(self, kind: str, message: Message) -> None:
        """Queue it for the bot; in a group it sees commands, mentions and replies to it alone."""
        quoted = message.body.get("reply_to_message")
        meant = isinstance(quoted, dict) and quoted["from"] == self.world.bot
        if message.chat > 0 or meant or parts(message, "entities", "caption_entities"):
            self.world.updates.push(kind, message.body)

    async def edit(self, request: web.Request) -> web.Response:
        call, user, chat = await self.enter(request)
        message = self.world.find(chat, call.integer("message_id"), "edit")
        if message.sender != user:
            raise bad("message can't be edited")
        name = "text" if "text" in message.body else "caption"
        words = said(name, call.text("text").strip(), [])
        self.tell("edited_message", self.world.edit(message, parts(message, *FILES) | words))
        return web.json_response({})

    async def tap(self, request: web.Request) -> web.Response:
        call, user, chat = await self.enter(request)
        message = self.world.find(chat, call.integer("message_id"), "tap")
        query = str(next(self.world.ids))
        self.world.queries[query] = chat
        body: Json = {"id": query, "from": self.world.users[user], "message": message.body}
        body |= {"chat_instance": str(chat), "data": call.text("data")}
        self.world.updates.push("callback_query", body)
        return web.json_response({"query": query})

    async def profile(self, request: web.Request) -> web.Response:
        _, user, chat = await self.enter(request)
        code = self.world.users[user].get("language_code", "")
        return web.json_response(profile_for(self.world, chat, user, str(code)))

    async def file(self, request: web.Request) -> web.Response:
        """Photos show in the page; anything else can only be downloaded."""
        file = self.world.files.get(request.match_info["file_id"])
        kind = "image/jpeg" if file.kind == "photo" else "application/octet-stream"
        headers = {"Cache-Control": "private, max-age=86400, immutable"}  # an id names its bytes
        return web.Response(body=file.data, content_type=kind, headers=headers)

    async def events(self, request: web.Request) -> web.StreamResponse:
        wanted = (await Call.read(request)).integer("chat", 0)
        headers = {"Content-Type": "text/event-stream", "Cache-Control": "no-store"}
        response = web.StreamResponse(headers=headers)
        await response.prepare(request)
        await response.write(RETRY)
        with contextlib.suppress(ConnectionError), self.world.watching(wanted) as watcher:
            while True:
                chat, event = 0, ": quiet"
                with contextlib.suppress(TimeoutError):
                    chat, event = await asyncio.wait_for(watcher.get(), HEARTBEAT)
                    event = event and f"data: {event}"
                if not event:
                    break
                if not wanted or chat in (0, wanted):
                    await response.write(f"{event}\n\n".encode())
        return response
