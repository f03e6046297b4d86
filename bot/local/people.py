"""The HTTP interface of the chat's users, for the page and for tests.

    GET  /chat/events?chat=ID   server-sent events, one JSON object each; all chats without ID
    GET  /chat/file/FILE_ID     the bytes of a photo or a document
    POST /chat/METHOD           user, [chat_id], ...: a method of the Bot API, called by the user
    POST /chat/tap              user, [chat_id], message_id, data: tap a button -> {"query": id}
    POST /chat/live             user, file0: a drawing -> {"digits": [...]}, see bot.web.live
    POST /chat/profile          user, [chat_id] -> the bot's texts and commands for that user

`user` is {"id", "first_name", "language_code"}. `more` adds fields of a Message to what is sent,
such as "forward_origin". A stream of events begins with a "snapshot"; `World.show` has the others.
"""

import contextlib

from aiohttp import web

from bot.local.botapi import BotApi
from bot.local.call import ApiError, Call, Json, User, bad
from bot.local.world import World
from bot.web.live import BusyError


class People:
    def __init__(self, world: World, api: BotApi) -> None:
        self.world = world
        acting = ("send", "editmessage")
        self.acts = {name: api.methods[name] for name in api.methods if name.startswith(acting)}
        self.acts |= {"tap": self.tap, "profile": world.profile, "live": self.live}

    async def act(self, request: web.Request) -> web.Response:
        act = self.acts.get(request.match_info["act"].lower())
        if not act:
            raise ApiError(404, "Not Found")
        call = await Call.read(request)
        user: Json = {"is_bot": False, **call.get("user", User)}
        self.world.users[user["id"]] = user
        fields = {"chat_id": call.fields.get("chat", user["id"])} | call.fields
        return web.json_response(await act(Call(fields, call.uploads, user)))

    async def tap(self, call: Call) -> Json:
        key = self.world.find(call, "tap")
        message = self.world.messages[key]
        if key in self.world.unseen:
            message = {"message_id": key[1], "date": 0, "chat": message["chat"]}
        query = str(next(self.world.ids))
        self.world.queries[query] = message["chat"]["id"]
        about = {"id": query, "from": call.sender, "message": message, "chat_instance": query}
        self.world.updates.push("callback_query", about | {"data": call.get("data", str)})
        return {"query": query}

    async def live(self, call: Call) -> Json:
        """Return the reading of an unfinished drawing."""
        drawing = call.uploads.get("file0")
        if self.world.read_live is None or drawing is None:
            raise bad("no drawing, or nobody who reads it")
        try:
            return await self.world.read_live(call.sender["id"], drawing.file.read())
        except BusyError:
            raise ApiError(429, "Too Many Requests: a drawing is in work") from None

    async def events(self, request: web.Request) -> web.StreamResponse:
        wanted = (await Call.read(request)).get("chat", int, 0)
        response = web.StreamResponse(headers={"Content-Type": "text/event-stream"})
        await response.prepare(request)
        line = "retry: 1000"  # ms after which a page reconnects
        with contextlib.suppress(ConnectionError), self.world.watching(wanted) as watcher:
            while line:
                await response.write(f"{line}\n\n".encode())
                event = await watcher.get()
                line = event and f"data: {event}"
        return response
