"""Queries of a chat for tests: buttons, replies, pictures."""

import io

from PIL import Image

from tests.end_to_end.chat import Chat, Message, Person, words


def labels(message: Message) -> list[str]:
    rows = message.get("reply_markup", {}).get("inline_keyboard", [])
    return [button["text"] for row in rows for button in row]


def replies(person: Person, message_id: int) -> list[Message]:
    """Return the bot's replies to a message."""
    return [
        message
        for message in person.messages()
        if message["from"]["is_bot"]
        and message.get("reply_to_message", {}).get("message_id") == message_id
    ]


async def picture(chat: Chat, message: Message) -> Image.Image:
    """Download the picture of an answer."""
    path = f"/chat/file/{message['photo'][-1]['file_id']}"
    async with chat._session.get(path) as answer:
        return Image.open(io.BytesIO(await answer.read()))


async def settled(person: Person) -> None:
    """Wait until the bot has answered a last text, and so all messages before it."""
    last = await person.text("/language")
    await person.wait_for(lambda m: m["message_id"] > last and "Deutsch" in labels(m))


async def explained(person: Person, answer: Message) -> Message:
    """Tap Why? and return the message with the explanation, a reply to the photo."""
    await person.tap(answer["message_id"], "Why?")
    return await person.wait_for(
        lambda m: "Version: " in words(m) and m["message_id"] > answer["message_id"]
    )


def reading_of(answer: Message) -> str:
    """Return the id of the reading in the data of an answer's buttons."""
    rows = answer["reply_markup"]["inline_keyboard"]
    return str(rows[0][0]["callback_data"]).split(":")[1]
