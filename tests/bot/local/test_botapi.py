"""The Bot API of the local chat, called by python-telegram-bot."""

from collections.abc import AsyncIterator

import aiohttp
import pytest
import pytest_asyncio
from telegram import (
    Bot,
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    InputMediaDocument,
    InputMediaPhoto,
    ReactionTypeEmoji,
    ReplyParameters,
)
from telegram.error import BadRequest

from bot.local.server import LocalChat
from tests.end_to_end.chat import Chat, Person, call
from tests.pictures import photo_of

BUTTONS = InlineKeyboardMarkup([[InlineKeyboardButton("Wrong", callback_data="w")]])


@pytest_asyncio.fixture
async def api(server: LocalChat) -> AsyncIterator[Bot]:
    async with Bot(server.token, f"{server.url}/bot", f"{server.url}/file/bot") as bot:
        yield bot


@pytest_asyncio.fixture
async def ann(chat: Chat) -> Person:
    """Return a user who has written, so that the bot may write to that user."""
    person = chat.user(1)
    await person.text("/start")
    return person


async def test_bot_knows_itself_and_a_wrong_token_is_refused(api: Bot, server: LocalChat) -> None:
    assert (await api.get_me()).username == "digits_local_bot"
    async with aiohttp.request("GET", f"{server.url}/bot1000:wrong/getMe") as answer:
        assert (await answer.json())["description"] == "Unauthorized"


async def test_unknown_method_is_404_and_names_ignore_case(server: LocalChat) -> None:
    answer = await call(server, "sendPigeon")
    assert (answer["error_code"], answer["description"]) == (404, "Not Found: method not found")
    assert (await call(server, "GETME"))["ok"]


async def test_helpers_of_the_server_are_no_methods(server: LocalChat) -> None:
    for name in (
        "post",
        "edit",
        "edit_words",
        "file",
        "send",
        "push",
        "set_own",
        "tap",
        "__init__",
    ):
        assert (await call(server, name))["error_code"] == 404


async def test_text_is_formatted_and_quotes_what_it_answers(api: Bot, ann: Person) -> None:
    asked = await ann.text("which?")
    reply = ReplyParameters(asked)
    await api.send_message(1, "it is <b>7</b>", "HTML", reply_parameters=reply)
    answer = await ann.reply_to(asked)
    assert answer["text"] == "it is 7"
    assert answer["entities"] == [{"type": "bold", "offset": 6, "length": 1}]


@pytest.mark.parametrize(
    ("fields", "description"),
    [
        ({"text": "hi"}, "wrong chat id"),
        ({"chat_id": 99, "text": "hi"}, "chat not found"),
        ({"chat_id": 1}, "message text is empty"),
        ({"chat_id": 1, "text": " \n"}, "message text is empty"),
        ({"chat_id": 1, "text": "x" * 4097}, "message text is too long"),
        ({"chat_id": 1, "text": "<b>x", "parse_mode": "HTML"}, "can't parse entities"),
        ({"chat_id": 1, "text": "x", "parse_mode": "Morse"}, "unsupported parse_mode"),
        ({"chat_id": 1, "text": "x", "reply_markup": "{"}, "wrong reply markup: Invalid JSON"),
        (
            {"chat_id": 1, "text": "x", "reply_parameters": {"message_id": 404}},
            "message to be replied not found",
        ),
    ],
)
async def test_wrong_messages_are_refused(
    server: LocalChat, ann: Person, fields: dict[str, object], description: str
) -> None:
    answer = await call(server, "sendMessage", **fields)
    assert answer["error_code"] == 400
    assert answer["description"].startswith(f"Bad Request: {description}")
    assert len(ann.messages()) == 1


async def test_markup_does_not_count_towards_the_limit(api: Bot, ann: Person) -> None:
    await api.send_message(1, f"<b>{'x' * 4096}</b>", "HTML")


@pytest.mark.parametrize(
    ("button", "description"),
    [
        ({"text": "7", "callback_data": "x" * 65}, "BUTTON_DATA_INVALID"),
        ({"text": "7", "callback_data": "ж" * 33}, "BUTTON_DATA_INVALID"),
    ],
)
async def test_wrong_buttons_are_refused(
    server: LocalChat, ann: Person, button: dict[str, str], description: str
) -> None:
    markup = {"inline_keyboard": [[button]]}
    answer = await call(server, "sendMessage", chat_id=1, text="x", reply_markup=markup)
    assert answer["description"].endswith(description)


async def test_photo_can_be_sent_again_by_its_id(api: Bot, ann: Person) -> None:
    first = await api.send_photo(
        1, photo_of("7"), "<i>one</i>", parse_mode="HTML", reply_markup=BUTTONS
    )
    again = await api.send_photo(1, first.photo[-1].file_id)
    assert again.photo == first.photo
    assert first.caption == "one"
    with pytest.raises(BadRequest, match="type photo as document"):
        await api.send_document(1, first.photo[-1].file_id)
    with pytest.raises(BadRequest, match="Wrong file_id"):
        await api.send_photo(1, "AgAC-never-sent")
    with pytest.raises(BadRequest, match="caption is too long"):
        await api.send_photo(1, photo_of("7"), "x" * 1025)


async def test_document_keeps_its_bytes_and_name(api: Bot, ann: Person) -> None:
    sent = await api.send_document(1, b"1,2,3", filename="digits.csv")
    assert sent.document
    file = await sent.document.get_file()
    assert bytes(await file.download_as_bytearray()) == b"1,2,3"
    assert sent.document.file_name == "digits.csv"


async def test_files_over_20_mb_cannot_be_downloaded(server: LocalChat) -> None:
    sizes = server.world.files.keep_photo([(bytes(20_000_000 + extra), 1, 1) for extra in (0, 1)])
    largest, larger = [
        await call(server, "getFile", file_id=size["file_id"]) for size in sizes["photo"]
    ]
    assert largest["ok"]
    assert larger["description"] == "Bad Request: file is too big"


async def test_album_arrives_as_one_group(api: Bot, ann: Person) -> None:
    sent = await api.send_media_group(
        1, [InputMediaPhoto(photo_of("7"), "a"), InputMediaPhoto(photo_of("7"))]
    )
    assert sent[0].media_group_id == sent[1].media_group_id
    assert [message.caption for message in sent] == ["a", None]
    with pytest.raises(BadRequest, match="too many for an album"):
        await api.send_media_group(1, [InputMediaPhoto(photo_of("7"))] * 11)


async def test_edits_happen_in_place(api: Bot, ann: Person) -> None:
    text = await api.send_message(1, "7?", reply_markup=BUTTONS)
    await api.edit_message_text("<b>7</b>", 1, text.message_id, parse_mode="HTML")
    photo = await api.send_photo(1, photo_of("7"), "old")
    await api.edit_message_caption(1, photo.message_id, caption="new", reply_markup=BUTTONS)
    await api.edit_message_reply_markup(1, photo.message_id)
    await api.edit_message_media(InputMediaDocument(b"x", "file"), 1, photo.message_id)
    await ann.wait_for(lambda m: "document" in m)
    _, first, second = ann.messages()
    assert first["text"] == "7"
    assert "reply_markup" not in first
    assert "photo" not in second
    assert second["caption"] == "file"


async def test_wrong_edits_are_refused(api: Bot, ann: Person) -> None:
    text = await api.send_message(1, "7", reply_markup=BUTTONS)
    photo = await api.send_photo(1, photo_of("7"), "7")
    with pytest.raises(BadRequest, match="Message is not modified"):
        await api.edit_message_text("7", 1, text.message_id, reply_markup=BUTTONS)
    with pytest.raises(BadRequest, match="Message to edit not found"):
        await api.edit_message_text("7", 1, 404)
    with pytest.raises(BadRequest, match="no text in the message"):
        await api.edit_message_text("7", 1, photo.message_id)
    with pytest.raises(BadRequest, match="no caption in the message"):
        await api.edit_message_caption(1, text.message_id, caption="7")
    with pytest.raises(BadRequest, match="Message can't be edited"):
        await api.edit_message_text("7", 1, ann.messages()[0]["message_id"])


async def test_deleted_message_is_gone(api: Bot, ann: Person) -> None:
    sent = await api.send_message(1, "oops")
    await api.delete_message(1, sent.message_id)
    with pytest.raises(BadRequest, match="Message to delete not found"):
        await api.delete_message(1, sent.message_id)
    await ann.chat.wait_for(lambda: len(ann.messages()) == 1)


async def test_tap_is_answered_once(api: Bot, server: LocalChat, ann: Person) -> None:
    sent = await api.send_message(1, "7", reply_markup=BUTTONS)
    await ann.wait_for(lambda m: m["message_id"] == sent.message_id)
    query = await ann.tap(sent.message_id, "Wrong")
    update = (await api.get_updates())[-1]
    assert update.callback_query
    assert (update.callback_query.id, update.callback_query.data) == (query, "w")
    await api.answer_callback_query(query, "Thanks", show_alert=True)
    assert (await ann.answer_to(query))["text"] == "Thanks"
    with pytest.raises(BadRequest, match="Query is too old"):
        await api.answer_callback_query(query)


async def test_reactions_and_actions_are_shown(api: Bot, ann: Person) -> None:
    await api.set_message_reaction(1, 1, [ReactionTypeEmoji("👍")])
    await api.send_chat_action(1, "typing")
    await ann.chat.wait_for(lambda: ann.chat.events[-1]["type"] == "action")
    assert ann.chat.events[-2]["emoji"] == ["👍"]
    with pytest.raises(BadRequest, match="Message to react not found"):
        await api.set_message_reaction(1, 99, [ReactionTypeEmoji("👍")])
    with pytest.raises(BadRequest, match="Wrong action"):
        await api.send_chat_action(1, "singing")
