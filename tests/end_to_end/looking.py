"""What tests look at in a chat: buttons, replies, pictures."""

import io

from PIL import Image

from tests.end_to_end.chat import Chat, Message, Person, words


def labels(message: Message) -> list[str]:
    rows = message.get("reply_markup", {}).get("inline_keyboard", [])
    return [button["text"] for row in rows for button in row]


def replies(person: Person, message_id: int) -> list[Message]:
    """All that the bot replied to a message."""
    return [
        message
        for message in person.messages()
        if message["from"]["is_bot"]
        and message.get("reply_to_message", {}).get("message_id") == message_id
    ]


async def picture(chat: Chat, message: Message) -> Image.Image:
    """The picture of an answer, as the user's phone fetches it."""
    path = f"/chat/file/{message['photo'][-1]['file_id']}"
    async with chat._session.get(path) as answer:
        return Image.open(io.BytesIO(await answer.read()))


async def settled(person: Person) -> None:
    """Until the bot has answered a last text, and so all that came before it."""
    last = await person.text("/language")
    await person.wait_for(lambda m: m["message_id"] > last and "Deutsch" in labels(m))


async def explained(person: Person, answer: Message) -> Message:
    """Tap Why? and return the picture that explains, which replies to the photo."""
    await person.tap(answer["message_id"], "Why?")
    return await person.wait_for(
        lambda m: "Version: " in words(m) and m["message_id"] > answer["message_id"]
    )


def reading_of(answer: Message) -> str:
    """The id of the reading that an answer's buttons name."""
    rows = answer["reply_markup"]["inline_keyboard"]
    return str(rows[0][0]["callback_data"]).split(":")[1]
