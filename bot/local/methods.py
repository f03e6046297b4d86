"""The Bot API's methods that touch messages, after https://core.telegram.org/bots/api."""

from bot.local.call import ApiError, Call, parse_json
from bot.local.content import (
    caption_content,
    downloadable,
    file_content,
    file_of,
    keyboard_content,
    text_content,
)
from bot.local.world import Message, World

ALBUM_SIZES = range(2, 11)
ACTIONS = {"typing", "upload_photo", "upload_document", "choose_sticker", "record_voice"}
REACTIONS = set(
    "👍👎❤🔥🥰👏😁🤔🤯😱🤬😢🎉🤩🤮💩🙏👌🕊🤡🥱🥴😍🐳🌚🌭💯🤣⚡🍌🏆💔🤨😐🍓🍾💋🖕😈😴😭🤓👻👀🎃🙈😇😨🤝✍🤗🫡🎅🎄☃💅🤪🗿🆒💘🙉🦄😘💊🙊😎👾🤷😡"
)
QUERY_GONE = "query is too old and response timeout expired or query ID is invalid"


async def send_message(world: World, call: Call) -> Message:
    return deliver(world, call, text_content(call))


async def send_photo(world: World, call: Call) -> Message:
    return deliver(world, call, await file_content(world.files, call, "photo", "photo"))


async def send_document(world: World, call: Call) -> Message:
    return deliver(world, call, await file_content(world.files, call, "document", "document"))


async def send_media_group(world: World, call: Call) -> list[Message]:
    media = call.items("media")
    if len(media) not in ALBUM_SIZES:
        few = len(media) < ALBUM_SIZES.start
        raise ApiError.bad(f"too {'few' if few else 'many'} messages to send as an album")
    contents = [await medium(world, call.nested(item)) for item in media]
    group = f"{call.text('chat_id')}-{world.bot['id']}-{next(world.ids)}"
    return [deliver(world, call, {"media_group_id": group, **content}) for content in contents]


async def medium(world: World, item: Call) -> Message:
    kind = item.text("type")
    if kind not in {"photo", "document"}:
        raise ApiError.bad(f'can\'t parse InputMedia: type "{kind}" is unsupported')
    return await file_content(world.files, item, kind, "media")


def deliver(world: World, call: Call, content: Message) -> Message:
    """Post in the bot's name, as a reply where asked."""
    chat = world.chat(call.integer("chat_id"))
    reply = call.mapping("reply_parameters")
    reply_to = int(str(reply.get("message_id", 0)))
    if reply.get("allow_sending_without_reply") and (chat["id"], reply_to) not in world.messages:
        reply_to = 0
    if "keyboard" in call.mapping("reply_markup") or call.mapping("reply_markup").get(
        "remove_keyboard"
    ):
        world.show("keyboard", chat["id"], markup=call.mapping("reply_markup"))
    content = {**content, **keyboard_content(call)}
    return world.post(chat, world.bot, content, reply_to)


def editable(world: World, call: Call) -> Message:
    message = world.find(call.integer("chat_id"), call.integer("message_id"), "edit")
    if message["from"] != world.bot:
        raise ApiError.bad("message can't be edited")
    return message


async def edit_message_text(world: World, call: Call) -> Message:
    message = editable(world, call)
    if "text" not in message:
        raise ApiError.bad("there is no text in the message to edit")
    return world.change(message, {**text_content(call), **keyboard_content(call)})


async def edit_message_caption(world: World, call: Call) -> Message:
    message = editable(world, call)
    if "text" in message:
        raise ApiError.bad("there is no caption in the message to edit")
    return world.change(
        message, {**file_of(message), **caption_content(call), **keyboard_content(call)}
    )


async def edit_message_media(world: World, call: Call) -> Message:
    message = editable(world, call)
    content = await medium(world, call.nested(call.mapping("media")))
    return world.change(message, {**content, **keyboard_content(call)})


async def edit_message_reply_markup(world: World, call: Call) -> Message:
    message = editable(world, call)
    said: Message = {}
    for key in ("text", "entities", "caption", "caption_entities"):
        if key in message:
            said[key] = message[key]  # type: ignore[literal-required]
    return world.change(message, {**file_of(message), **said, **keyboard_content(call)})


async def delete_message(world: World, call: Call) -> bool:
    chat_id, message_id = call.integer("chat_id"), call.integer("message_id")
    world.find(chat_id, message_id, "delete")
    del world.messages[chat_id, message_id]
    world.show("delete", chat_id, message_id=message_id)
    return True


async def send_chat_action(world: World, call: Call) -> bool:
    if call.text("action") not in ACTIONS:
        raise ApiError.bad("wrong parameter action in request")
    world.show("action", world.chat(call.integer("chat_id"))["id"], action=call.text("action"))
    return True


async def set_message_reaction(world: World, call: Call) -> bool:
    message = world.find(call.integer("chat_id"), call.integer("message_id"), "react")
    emoji = [str(item.get("emoji")) for item in call.items("reaction")]
    if not REACTIONS.issuperset(emoji):
        raise ApiError.bad("REACTION_INVALID")
    world.show("reaction", message["chat"]["id"], message_id=message["message_id"], emoji=emoji)
    return True


async def answer_callback_query(world: World, call: Call) -> bool:
    query = call.text("callback_query_id")
    chat_id = world.queries.pop(query, None)
    if chat_id is None:
        raise ApiError.bad(QUERY_GONE)
    said = {"text": call.text("text"), "alert": call.flag("show_alert")}
    world.show("answer", chat_id, query=query, **said)
    return True


async def get_file(world: World, call: Call) -> dict[str, object]:
    return downloadable(world.files, call.text("file_id"))


async def get_updates(world: World, call: Call) -> object:
    allow_updates(world, call)
    numbers = call.integer("offset", 0), call.integer("limit", 100), call.integer("timeout", 0)
    return await world.updates.poll(*numbers)


def allow_updates(world: World, call: Call) -> None:
    """The kinds of updates the bot wants; kept until it names others."""
    if kinds := call.text("allowed_updates"):
        names = parse_json(kinds, "allowed_updates")
        world.updates.allowed = set(map(str, names)) if isinstance(names, list) else None
