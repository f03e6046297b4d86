"""The people's side over HTTP, for the page and for tests alike.

    GET  /chat/events?chat=ID       server-sent events, one JSON object each; without `chat` all chats
    GET  /chat/profile?user=&chat=  the bot's name, descriptions and commands as that user sees them
    GET  /chat/file/FILE_ID         bytes of a photo or a document
    POST /chat/send                 user, [chat], [text | caption], [reply_to], [kind], file parts
                                    -> {"message_ids": [...]}; several files make an album
    POST /chat/edit                 user, [chat], message_id, text: a person edits her own message
    POST /chat/tap                  user, [chat], message_id, data: an inline button

`user` is a JSON object {"id", "first_name", "language_code"}; `chat` is her private chat unless it
is given: a negative id is a group. `kind` is photo (default), document, sticker, voice or video.
The first event of a stream is {"type": "snapshot", "messages": [...]}; then come, each with "chat":
"message" and "edit" with the whole "message", "delete" with "message_id", "action" (typing),
"answer" to a tap with "text" and "alert", "reaction" with "message_id" and "emoji", "keyboard",
"profile". Refusals look like the Bot API's.
"""

import asyncio
import contextlib
import json

from aiohttp import web

from bot.local.call import ApiError, Call
from bot.local.content import CAPTION_CAP, TEXT_CAP, file_of, uploaded
from bot.local.formatting import plain_entities, units
from bot.local.profile import commands_for, profile_text
from bot.local.world import Chat, Message, User, World

HEARTBEAT = 15  # seconds between two signs of life on a quiet stream
ALBUM_CAP = 10


def routes(world: World) -> list[web.RouteDef]:
    people = People(world)
    return [
        web.get("/chat/events", people.events),
        web.get("/chat/profile", people.profile),
        web.get("/chat/file/{file_id}", people.file),
        web.post("/chat/send", people.send),
        web.post("/chat/edit", people.edit),
        web.post("/chat/tap", people.tap),
    ]


class People:
    def __init__(self, world: World) -> None:
        self.world = world

    def enter(self, call: Call) -> tuple[User, Chat]:
        """Who acts, and where."""
        given = call.mapping("user")
        user = User(id=int(str(given.get("id", 0))), is_bot=False)
        if user["id"] <= 0:
            raise ApiError.bad("user needs a positive id")
        user["first_name"] = str(given.get("first_name") or f"User {user['id']}")
        if code := given.get("language_code"):
            user["language_code"] = str(code)
        self.world.users[user["id"]] = user
        return user, self.world.chat(call.integer("chat", user["id"]))

    async def send(self, request: web.Request) -> web.Response:
        call = await Call.read(request)
        user, chat = self.enter(call)
        contents = await self.contents(call)
        if len(contents) > 1:
            group = f"{user['id']}-{next(self.world.ids)}"
            contents = [{**content, "media_group_id": group} for content in contents]
        reply_to = call.integer("reply_to", 0)
        sent = [self.world.post(chat, user, content, reply_to) for content in contents]
        for message in sent:
            self.tell("message", message)
        return web.json_response({"message_ids": [message["message_id"] for message in sent]})

    async def contents(self, call: Call) -> list[Message]:
        """What one sending makes: a text, or a message for each file, the caption at the first."""
        text, files = call.text("text") or call.text("caption"), list(call.uploads.values())
        if units(text) > (CAPTION_CAP if files else TEXT_CAP) or len(files) > ALBUM_CAP:
            raise ApiError.bad("message is too long")
        if not files and not text.strip():
            raise ApiError.bad("message text is empty")
        if not files:
            return [written(text, "text")]
        kind = call.text("kind", "photo")
        contents = [await uploaded(self.world.files, kind, upload) for upload in files]
        return [{**contents[0], **written(text, "caption")}, *contents[1:]]

    async def edit(self, request: web.Request) -> web.Response:
        call = await Call.read(request)
        user, chat = self.enter(call)
        message = self.world.find(chat["id"], call.integer("message_id"), "edit")
        if message["from"]["id"] != user["id"]:
            raise ApiError.bad("message can't be edited")
        content = written(call.text("text"), "text" if "text" in message else "caption")
        self.tell("edited_message", self.world.change(message, {**file_of(message), **content}))
        return web.json_response({})

    def tell(self, kind: str, message: Message) -> None:
        """Queue it for the bot; in a group it sees commands, mentions and replies to it alone."""
        marks = [*message.get("entities", []), *message.get("caption_entities", [])]
        answered = message.get("reply_to_message", Message()).get("from")
        if message["chat"]["id"] > 0 or marks or answered == self.world.bot:
            self.world.updates.push(kind, message)

    async def tap(self, request: web.Request) -> web.Response:
        call = await Call.read(request)
        user, chat = self.enter(call)
        message = self.world.find(chat["id"], call.integer("message_id"), "tap")
        query = str(next(self.world.ids))
        self.world.queries[query] = chat["id"]
        body = {"id": query, "from": user, "message": message, "data": call.text("data")}
        self.world.updates.push("callback_query", {**body, "chat_instance": str(chat["id"])})
        return web.json_response({"query": query})

    async def profile(self, request: web.Request) -> web.Response:
        call = await Call.read(request)
        user, chat = self.enter(call)
        code = user.get("language_code", "")
        fields = ("name", "description", "short_description")
        texts: dict[str, object] = {name: profile_text(self.world, name, code) for name in fields}
        commands = commands_for(self.world, chat["id"], user["id"], code)
        return web.json_response({**texts, "commands": commands})

    async def file(self, request: web.Request) -> web.Response:
        """Photos open in the page, anything else is only ever downloaded."""
        file = self.world.files.get(request.match_info["file_id"])
        kind = "image/jpeg" if file.kind == "photo" else "application/octet-stream"
        return web.Response(body=file.data, content_type=kind)

    async def events(self, request: web.Request) -> web.StreamResponse:
        chat_id = int(request.query["chat"]) if "chat" in request.query else None
        response = web.StreamResponse(headers={"Content-Type": "text/event-stream"})
        response.headers["Cache-Control"] = "no-store"
        await response.prepare(request)
        with contextlib.suppress(ConnectionError), self.world.watching() as watcher:
            snapshot = json.dumps(self.world.snapshot(chat_id))
            await response.write(f"data: {snapshot}\n\n".encode())
            while True:
                try:
                    chat, event = await asyncio.wait_for(watcher.get(), HEARTBEAT)
                except TimeoutError:
                    await response.write(b": quiet\n\n")
                    continue
                if not event:
                    break
                if chat_id in (None, chat) or not chat:
                    await response.write(f"data: {event}\n\n".encode())
        return response


def written(text: str, name: str) -> Message:
    """What a person typed, with the commands and mentions in it marked."""
    text = text.strip()
    entities = plain_entities(text)
    if name == "text":
        return {"text": text, "entities": entities} if entities else {"text": text}
    if not text:
        return {}
    return {"caption": text, "caption_entities": entities} if entities else {"caption": text}
