"""The methods of the Bot API, called by the bot and some of them by the page.

https://core.telegram.org/bots/api
Each coroutine with a capital letter in its name is a method; one that returns None answers True.
"""

import time
from functools import partial
from inspect import getmembers
from itertools import chain

from aiohttp import web
from telegram import constants as limits

from bot.local.call import BOT, ApiError, Call, Json, bad
from bot.local.formatting import ENTITIES, written
from bot.local.world import OWN, World

CALL = web.RequestKey("call", Call)  # the parsed call of a request, for middlewares
FOR_EVER = {"Cache-Control": "private, max-age=86400, immutable"}  # a file id's bytes are fixed
SERVERS_OWN = {"message_id", "date", "chat", "from"}  # fields of a Message that the server sets
ADMINS_MAY = (  # the permissions in a ChatMemberAdministrator
    "can_manage_chat",
    "can_delete_messages",
    "can_manage_video_chats",
    "can_restrict_members",
    "can_promote_members",
    "can_change_info",
    "can_invite_users",
    "can_post_stories",
    "can_edit_stories",
    "can_delete_stories",
)
FILES = ("photo", "document", "sticker", "voice", "video", "animation")


class BotApi:
    def __init__(self, world: World) -> None:
        self.world = world
        members = [*getmembers(self), *getmembers(world.updates)]
        self.methods = {name.lower(): each for name, each in members if name != name.lower()}
        for kind in ("message", *FILES):
            self.methods[f"send{kind}"] = partial(self.send, kind=kind)
        for what in ENTITIES:
            self.methods[f"editmessage{what}"] = partial(self.edit_words, what=what)
        for field in OWN:
            name = f"my{field.replace('_', '')}"
            self.methods[f"get{name}"] = partial(world.get_own, field=field)
            self.methods[f"set{name}"] = partial(world.set_own, field=field)
        for name in ("mycommands", "webhook"):  # sets nothing, where nothing is given
            self.methods[f"delete{name}"] = self.methods[f"set{name}"]

    async def answer(self, request: web.Request) -> web.Response:
        method = self.methods.get(request.match_info["method"].lower())
        if not method:
            raise ApiError(404, "Not Found: method not found")
        request[CALL] = call = await Call.read(request)
        result = await method(call)
        return web.json_response({"ok": True, "result": True if result is None else result})

    async def download(self, request: web.Request) -> web.Response:
        """Serve a file: photos to be shown by the page, anything else as a download."""
        content, data = self.world.files.get(request.match_info["file_id"])
        kind = "image/jpeg" if "photo" in content else "application/octet-stream"
        return web.Response(body=data, content_type=kind, headers=FOR_EVER)

    async def getMe(self, call: Call) -> Json:
        reads_all = not self.world.privacy_mode
        return BOT | {"can_read_all_group_messages": reads_all, "supports_guest_queries": True}

    async def getFile(self, call: Call) -> Json:
        file_id = call.get("file_id", str)
        if len(self.world.files.get(file_id)[1]) > limits.FileSizeLimit.FILESIZE_DOWNLOAD:
            raise bad("file is too big")
        return {"file_id": file_id, "file_unique_id": file_id, "file_path": f"files/{file_id}"}

    async def send(self, call: Call, kind: str) -> Json:
        content = written(call, "text") if kind == "message" else await self.file(call, kind)
        return self.post(call, content)

    async def sendMediaGroup(self, call: Call) -> list[Json]:
        media = call.get("media", list[Json])
        if not 0 < len(media) <= limits.MediaGroupLimit.MAX_MEDIA_LENGTH:
            raise bad("no messages to send, or too many for an album")
        group = {"media_group_id": str(next(self.world.ids))}
        contents = [await self.file(Call(item, call.uploads), "media") for item in media]
        return [self.post(call, content | group) for content in contents]

    async def edit_words(self, call: Call, what: str) -> Json:
        lacks = FILES if what == "text" else ("text",)
        return self.edit(call, written(call, what), what, ENTITIES[what], lacks=lacks)

    async def editMessageMedia(self, call: Call) -> Json:
        content = await self.file(Call(call.get("media", Json), call.uploads), "media")
        return self.edit(call, content, *FILES, *ENTITIES, *ENTITIES.values())

    async def editMessageReplyMarkup(self, call: Call) -> Json:
        return self.edit(call, {})

    async def deleteMessage(self, call: Call) -> None:
        chat_id, message_id = self.world.find(call, "delete")
        del self.world.messages[chat_id, message_id]
        self.world.show("delete", chat_id, message_id=message_id)

    async def setMessageReaction(self, call: Call) -> None:
        chat_id, message_id = self.world.find(call, "react")
        emoji = [each.get("emoji") for each in call.get("reaction", list[Json], [])]
        self.world.show("reaction", chat_id, message_id=message_id, emoji=emoji)

    async def sendChatAction(self, call: Call) -> None:
        chat = self.world.chat(call.get("chat_id", int))
        self.world.show("action", chat["id"], action=call.get("action", limits.ChatAction))

    async def getChatAdministrators(self, call: Call) -> list[Json]:
        """Return the users who wrote in the group's name: no other admins are known."""
        about = {"status": "administrator", "is_anonymous": True, "can_be_edited": False}
        about |= dict.fromkeys(ADMINS_MAY, False)
        admins = self.world.admins.get(call.get("chat_id", int), {})
        return [about | {"user": user} for user in admins.values()]

    async def getChatMenuButton(self, call: Call) -> Json:
        return self.world.menu_button

    async def setChatMenuButton(self, call: Call) -> None:
        """Store the button; the page does not show it."""
        self.world.menu_button = call.get("menu_button", Json, {"type": "default"})

    async def answerGuestQuery(self, call: Call) -> Json:
        """Post the text of an inline result; other results need files at public addresses."""
        asked = self.world.guest_queries.pop(call.get("guest_query_id", str), None)
        if asked is None:
            raise bad("query is too old and response timeout expired or query ID is invalid")
        result = call.get("result", Json)
        said = result["input_message_content"]
        text = written(Call(said | {"text": said["message_text"]}), "text")
        self.world.post(asked[0], BOT["id"], text | self.keyboard(Call(result)), asked[1])
        return {"inline_message_id": str(next(self.world.ids))}

    async def answerCallbackQuery(self, call: Call) -> None:
        query = call.get("callback_query_id", str)
        if query not in self.world.queries:
            raise bad("query is too old and response timeout expired or query ID is invalid")
        answer = {"text": call.get("text", str, ""), "alert": call.get("show_alert", bool, False)}
        self.world.show("answer", self.world.queries.pop(query), query=query, **answer)

    def post(self, call: Call, content: Json) -> Json:
        """Post a message in the caller's name, as a reply if `reply_parameters` says so."""
        reply_to = call.get("reply_parameters", Json, {}).get("message_id", 0)
        more = call.get("more", Json, {})
        if not more.keys().isdisjoint(SERVERS_OWN):
            raise bad("these fields of a message are the server's own")
        chat_id, topic = call.get("chat_id", int), call.get("message_thread_id", int, 0)
        if call.sender == BOT and chat_id in self.world.foreign:
            raise ApiError(403, "Forbidden: bot is not a member of the group chat")
        if topic:
            if (chat_id, topic) not in self.world.topics:
                raise bad("message thread not found")
            more = more | {"message_thread_id": topic, "is_topic_message": True}
        content = content | self.keyboard(call) | more
        return self.world.post(chat_id, call.sender["id"], content, reply_to)

    def edit(self, call: Call, content: Json, *replaced: str, lacks: tuple[str, ...] = ()) -> Json:
        """Replace the fields `replaced` of a message by `content`; old buttons are removed."""
        former = self.world.messages[self.world.find(call, "edit")]
        old = {name: former[name] for name in former if name != "edit_date"}
        if old.get("from", {}).get("id") != call.sender["id"]:
            raise bad("message can't be edited")
        if not old.keys().isdisjoint(lacks):
            raise bad(f"there is no {replaced[0]} in the message to edit")
        gone = {*replaced, "reply_markup"}
        new = {name: old[name] for name in old if name not in gone} | content | self.keyboard(call)
        if new == old:
            raise bad("message is not modified: new content and reply markup are the same")
        update = "" if call.sender == BOT else "edited_message"
        return self.world.put("edit", new | {"edit_date": int(time.time())}, update)

    def keyboard(self, call: Call) -> Json:
        """Return the inline buttons; other keyboards are not part of a message."""
        markup = Call(call.get("reply_markup", Json, {}))
        rows = markup.get("inline_keyboard", list[list[Json]], [])
        for button in chain(*rows):
            data = button.get("callback_data", "").encode()
            if len(data) > limits.InlineKeyboardButtonLimit.MAX_CALLBACK_DATA:
                raise bad("BUTTON_DATA_INVALID")
        return {"reply_markup": {"inline_keyboard": rows}} if any(rows) else {}

    async def file(self, call: Call, name: str) -> Json:
        """Return the content of a message with an uploaded file or a known one, and its caption.

        `name`: the field with a file id, an upload, or `attach://` and the upload's part.
        """
        kind = call.get("type", str) if name == "media" else name
        caption, given = written(call, "caption"), call.get(name, str, "")
        if upload := call.uploads.get(given.removeprefix("attach://") or name):
            return await self.world.files.keep(kind, upload) | caption
        content, _ = self.world.files.get(given)
        if kind not in content:
            raise bad(f"can't use file of type {', '.join(content)} as {kind}")
        return content | caption
