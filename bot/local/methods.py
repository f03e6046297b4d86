"""The Bot API's methods that touch messages, after https://core.telegram.org/bots/api.

Every coroutine of this module and of `profile.py` is a method of the same name.
"""

from telegram.constants import ChatAction, MediaGroupLimit, ReactionEmoji

from bot.local.call import Call, Json, bad
from bot.local.content import FILES, file_content, keyboard_content, medium, said_content
from bot.local.world import Message, World

QUERY_GONE = "query is too old and response timeout expired or query ID is invalid"


async def send_message(world: World, call: Call) -> Json:
    return deliver(world, call, said_content(call, "text"))


async def send_photo(world: World, call: Call) -> Json:
    return deliver(world, call, await file_content(world.files, call, "photo", "photo"))


async def send_document(world: World, call: Call) -> Json:
    return deliver(world, call, await file_content(world.files, call, "document", "document"))


async def send_media_group(world: World, call: Call) -> list[Json]:
    media = call.items("media")
    if not media:
        raise bad("there are no messages to send")
    if len(media) > MediaGroupLimit.MAX_MEDIA_LENGTH:
        raise bad("too many messages to send as an album")
    if len({item.get("type") for item in media}) > 1:
        raise bad("document can't be mixed with other media types")
    contents = [await medium(world.files, call.nested(item)) for item in media]
    group: Json = {"media_group_id": str(next(world.ids))}
    return [deliver(world, call, group | content) for content in contents]


def deliver(world: World, call: Call, content: Json) -> Json:
    """Post in the bot's name, as a reply where asked."""
    chat_id = call.integer("chat_id")
    world.chat(chat_id)
    reply = call.nested(call.mapping("reply_parameters"))
    reply_to = reply.integer("message_id", 0)
    if reply.flag("allow_sending_without_reply") and (chat_id, reply_to) not in world.messages:
        reply_to = 0
    content = content | keyboard_content(call)
    return world.post(chat_id, world.bot_id, content, reply_to).body


def editable(world: World, call: Call) -> Message:
    message = world.find(call.integer("chat_id"), call.integer("message_id"), "edit")
    if message.sender != world.bot_id:
        raise bad("message can't be edited")
    return message


def parts(message: Message, *names: str) -> Json:
    return {name: message.body[name] for name in names if name in message.body}


async def edit_message_text(world: World, call: Call) -> Json:
    message = editable(world, call)
    if "text" not in message.body:
        raise bad("there is no text in the message to edit")
    return world.edit(message, said_content(call, "text") | keyboard_content(call)).body


async def edit_message_caption(world: World, call: Call) -> Json:
    message = editable(world, call)
    if "text" in message.body:
        raise bad("there is no caption in the message to edit")
    caption = said_content(call, "caption")
    return world.edit(message, parts(message, *FILES) | caption | keyboard_content(call)).body


async def edit_message_media(world: World, call: Call) -> Json:
    message = editable(world, call)
    content = await medium(world.files, call.nested(call.mapping("media")))
    return world.edit(message, content | keyboard_content(call)).body


async def edit_message_reply_markup(world: World, call: Call) -> Json:
    message = editable(world, call)
    kept = parts(message, *FILES, "text", "entities", "caption", "caption_entities")
    return world.edit(message, kept | keyboard_content(call)).body


async def delete_message(world: World, call: Call) -> bool:
    message = world.find(call.integer("chat_id"), call.integer("message_id"), "delete")
    del world.messages[message.chat, message.id]
    world.show("delete", message.chat, message_id=message.id)
    return True


async def send_chat_action(world: World, call: Call) -> bool:
    if call.text("action") not in set(ChatAction):
        raise bad("wrong parameter action in request")
    world.chat(call.integer("chat_id"))
    world.show("action", call.integer("chat_id"), action=call.text("action"))
    return True


async def set_message_reaction(world: World, call: Call) -> bool:
    message = world.find(call.integer("chat_id"), call.integer("message_id"), "react")
    emoji = [str(item.get("emoji")) for item in call.items("reaction")]
    if not set(emoji) <= set(ReactionEmoji):
        raise bad("REACTION_INVALID")
    world.show("reaction", message.chat, message_id=message.id, emoji=emoji)
    return True


async def answer_callback_query(world: World, call: Call) -> bool:
    query = call.text("callback_query_id")
    if query not in world.queries:
        raise bad(QUERY_GONE)
    answer: Json = {"text": call.text("text"), "alert": call.flag("show_alert")}
    world.show("answer", world.queries.pop(query), query=query, **answer)
    return True


async def get_file(world: World, call: Call) -> Json:
    return world.files.path(call.text("file_id"))
