"""Sending: one message arrives whichever call fails; one that arrived is found with few calls."""

import asyncio
import time
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import suppress
from datetime import timedelta
from pathlib import Path
from typing import Any, cast

import aiohttp
import pytest
import pytest_asyncio
from telegram import InlineKeyboardButton, InlineKeyboardMarkup, ReplyParameters
from telegram.error import BadRequest, ChatMigrated, InvalidToken, NetworkError, RetryAfter

from bot.delivery.inbox import Inbox
from bot.delivery.pace import ACTIONS_PER_SECOND
from bot.delivery.sender import SEARCHED, SEARCHED_AHEAD, ReliableSender
from bot.store.inbox import Arrival
from bot.store.store import Store
from bot.update_context import UpdateContext, current
from tests.updates import raw_update

PHOTO = 100  # message id
BUTTONS = InlineKeyboardMarkup([[InlineKeyboardButton("Right", callback_data="right:1")]])


class Telegram:
    """Stub of Telegram; `break_next` breaks the connection before or after the next message."""

    def __init__(self) -> None:
        self.messages: dict[int, str | None] = {PHOTO: None}
        self.quoted: dict[int, int] = {}
        self.ours: list[int] = []
        self.chats: dict[int, int] = {}  # of ours
        self.break_next: list[Callable[[bool], None]] = []
        self.knows_edits = True
        self.edits = 0

    async def __call__(self, endpoint: str, data: dict[str, Any], **_: object) -> Any:
        if endpoint == "editMessageReplyMarkup":
            return self._edit(data)
        trouble = self.break_next.pop(0) if self.break_next else lambda late: None
        trouble(False)
        number = max(self.messages) + 1
        markup = data.get("reply_markup")
        self.messages[number] = markup.to_json() if markup else None
        if "reply_parameters" in data:
            self.quoted[number] = data["reply_parameters"].message_id
        self.ours.append(number)
        self.chats[number] = data["chat_id"]
        trouble(True)
        return {"message_id": number, "date": 0, "chat": {"id": data["chat_id"]}}

    def _edit(self, data: dict[str, Any]) -> dict[str, Any]:
        self.edits += 1
        if not self.knows_edits:
            raise InvalidToken("Not Found")
        chat_id = self.chats.get(data["message_id"], data["chat_id"])
        if data["message_id"] not in self.messages or chat_id != data["chat_id"]:
            raise BadRequest("message to edit not found")
        if data["message_id"] not in self.ours:
            raise BadRequest("message can't be edited")
        if self.messages[data["message_id"]] == data.get("reply_markup"):
            raise BadRequest("Message is not modified: ...")
        self.messages[data["message_id"]] = data.get("reply_markup")
        quoted = self.quoted.get(data["message_id"])
        return {"reply_to_message": {"message_id": quoted}} if quoted else {}


class Killed(BaseException):
    """Ends the process in the middle of a call."""


def before(late: bool) -> None:
    if not late:
        raise NetworkError("Internal Server Error")


def after(late: bool) -> None:
    if late:
        raise NetworkError("ServerDisconnectedError")


def kill(late: bool) -> None:
    if late:
        raise Killed


def unsent(late: bool) -> None:
    if not late:
        raise NetworkError("Cannot connect") from aiohttp.ConnectionTimeoutError


def too_many(late: bool) -> None:
    if not late:
        raise RetryAfter(timedelta(0))


@pytest.fixture
def telegram() -> Telegram:
    return Telegram()


@pytest_asyncio.fixture
async def store(tmp_path: Path) -> AsyncIterator[Store]:
    store = await Store.open(f"sqlite:///{tmp_path / 'bot.db'}")
    yield store
    await store.close()


@pytest.fixture(autouse=True)
def work(monkeypatch: pytest.MonkeyPatch) -> Iterator[UpdateContext]:
    monkeypatch.setattr("bot.delivery.retry.PAUSE_MIN", 0.001)
    work = UpdateContext(7)
    token = current.set(work)
    yield work
    current.reset(token)


def courier(store: Store) -> ReliableSender:
    """Return the sender of a bot that has just started."""
    return ReliableSender(store)


async def answer(
    courier: ReliableSender,
    telegram: Telegram,
    chat_id: int = 1,
    *,
    photo: int = PHOTO,
    reading: int = 1,
) -> Any:
    button = InlineKeyboardButton("Right", callback_data=f"right:{reading}")
    data: dict[str, Any] = {"chat_id": chat_id, "text": "7"}
    data["reply_markup"] = InlineKeyboardMarkup([[button]])
    data["reply_parameters"] = ReplyParameters(photo)
    return await courier.process_request(telegram, (), {}, "sendMessage", data, None)


async def answer_again(store: Store, telegram: Telegram, work: UpdateContext) -> None:
    """Answer the same update by a process that has just started."""
    work.replies = 0
    await answer(courier(store), telegram)


@pytest.mark.parametrize(
    "troubles", [[before], [before, before], [after], [before, after], [unsent, after], [unsent]]
)
async def test_one_message_arrives_whichever_call_fails(
    store: Store, telegram: Telegram, troubles: list[Callable[[bool], None]]
) -> None:
    telegram.break_next = troubles
    sent = await answer(courier(store), telegram)
    assert telegram.ours == [sent["message_id"]]


@pytest.mark.parametrize("arrived", [True, False])
async def test_after_a_kill_an_answer_that_arrived_is_found(
    store: Store, telegram: Telegram, work: UpdateContext, arrived: bool
) -> None:
    def kill(late: bool) -> None:
        if late is arrived:
            raise Killed

    telegram.break_next = [kill]
    with pytest.raises(Killed):
        await answer(courier(store), telegram)
    telegram.messages[max(telegram.messages) + 1] = None  # the user wrote something meanwhile
    work.replies, begun = 0, time.monotonic()
    sent = await answer(courier(store), telegram)
    assert telegram.ours == [sent["message_id"]]
    assert time.monotonic() - begun < 5, "looked for at a chat's pace of one message a second"


async def test_after_two_kills_an_answer_of_the_second_try_is_found(
    store: Store, telegram: Telegram, work: UpdateContext, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Between the tries the ids have grown by more than are searched; the third says otherwise."""
    monkeypatch.setattr("bot.delivery.sender.KEEP_TRYING", 0.0)
    for reading, trouble in enumerate((before, after), start=1):
        telegram.break_next, work.replies = [trouble], 0
        with suppress(NetworkError):
            await answer(courier(store), telegram, reading=reading)
        newest = max(telegram.messages) + 2 * SEARCHED
        telegram.messages[newest] = None
        await store.updates.keep([Arrival(newest, "", 2, 2, newest)])
    work.replies = 0
    sent = await answer(courier(store), telegram, reading=3)
    assert telegram.ours == [sent["message_id"]]


@pytest.mark.parametrize("fail", [unsent, too_many])
@pytest.mark.parametrize("end", [Killed(), NetworkError("ServerDisconnectedError")])
async def test_an_answer_that_waited_while_others_wrote_is_not_doubled(
    store: Store,
    telegram: Telegram,
    work: UpdateContext,
    fail: Callable[[bool], None],
    end: BaseException,
) -> None:
    """Before its second request the ids grow by more than are searched."""
    calls = 0

    async def wait(endpoint: str, data: dict[str, Any], **_: object) -> Any:
        nonlocal calls
        calls += endpoint == "sendMessage"
        if calls == 1:
            newest = max(telegram.messages) + 2 * SEARCHED
            telegram.messages[newest] = None
            await store.updates.keep([Arrival(newest, "", 2, 2, newest)])
            fail(False)
        answered = await telegram(endpoint, data)
        if calls == 2 and endpoint == "sendMessage":
            raise end
        return answered

    with suppress(Killed):
        await answer(courier(store), cast(Telegram, wait))
    await answer_again(store, telegram, work)
    assert len(telegram.ours) == 1


async def test_an_answer_is_found_above_messages_that_came_while_it_was_sent(
    store: Store, telegram: Telegram, work: UpdateContext
) -> None:
    def overtaken(late: bool) -> None:
        if late:
            raise Killed
        theirs = [max(telegram.messages) + number for number in range(1, 2 * SEARCHED)]
        telegram.messages |= dict.fromkeys(theirs)

    telegram.break_next = [overtaken]
    with suppress(Killed):
        await answer(courier(store), telegram)
    users = set(telegram.messages) - set(telegram.ours)
    await store.updates.keep([Arrival(id, "", 2, 2, id) for id in users])
    await answer_again(store, telegram, work)
    assert len(telegram.ours) == 1


async def test_an_answer_is_found_above_messages_that_are_stored_while_it_is_searched(
    store: Store, telegram: Telegram, work: UpdateContext
) -> None:
    """More users' messages than are searched were not received yet when the process was killed."""
    theirs = range(PHOTO + 1, PHOTO + 2 * SEARCHED)

    async def call(endpoint: str, data: dict[str, Any], **_: object) -> Any:
        if endpoint == "editMessageReplyMarkup" and telegram.edits == 3:
            await store.updates.keep([Arrival(id, "", 2, 2, id) for id in theirs])
        return await telegram(endpoint, data)

    telegram.messages |= dict.fromkeys(theirs)
    telegram.break_next = [kill]
    with suppress(Killed):
        await answer(courier(store), telegram)
    await answer_again(store, cast(Telegram, call), work)
    assert len(telegram.ours) == 1


async def test_an_answer_known_to_have_arrived_is_not_sent_again(
    store: Store, telegram: Telegram, work: UpdateContext
) -> None:
    first = await answer(courier(store), telegram)
    work.replies = 0
    again = await answer(courier(store), telegram)
    assert again["message_id"] == first["message_id"]
    assert len(telegram.ours) == 1


async def test_probing_for_an_answer_changes_no_other_message(
    store: Store, telegram: Telegram
) -> None:
    """The busy message was sent while the answer was in doubt."""
    one = courier(store)
    busy = {"chat_id": 1, "text": "busy"}

    async def say_busy(endpoint: str, data: dict[str, Any], **_: object) -> Any:
        if data is not busy and len(telegram.ours) == 0:
            await one.process_request(telegram, (), {}, "sendMessage", busy, None)
            raise NetworkError("ServerDisconnectedError")
        return await telegram(endpoint, data)

    data = {"chat_id": 1, "reply_markup": BUTTONS, "reply_parameters": ReplyParameters(PHOTO)}
    await one.process_request(say_busy, (), {}, "sendMessage", data, None)
    said, answered = telegram.ours
    assert telegram.messages[said] is None
    assert telegram.messages[answered] == BUTTONS.to_json()


async def test_an_answer_is_found_above_the_ids_of_all_photos(
    store: Store, telegram: Telegram, work: UpdateContext
) -> None:
    """Fifty photos arrived before the first was answered."""
    await Inbox(store).receive([raw_update(PHOTO + number) for number in range(50)])
    telegram.messages |= {PHOTO + number: None for number in range(50)}
    telegram.break_next = [after]
    await answer(courier(store), telegram)
    assert len(telegram.ours) == 1


async def test_a_lost_answer_is_searched_with_few_calls(store: Store, telegram: Telegram) -> None:
    """Ten answers fail at once: ids that one search excludes are not probed by the others."""
    one, lost = courier(store), [False, True] * 5

    async def answer_to(number: int, *, arrives: bool) -> None:
        current.set(UpdateContext(number))
        telegram.break_next.append(after if arrives else before)
        await answer(one, telegram, number, reading=number)

    await asyncio.gather(*(answer_to(n, arrives=a) for n, a in enumerate(lost, start=1)))
    assert len(telegram.ours) == 10
    assert telegram.edits <= 25, "it asks about ids that other searches have ruled out"


async def test_an_answer_that_was_never_sent_costs_few_probes(
    store: Store, telegram: Telegram
) -> None:
    telegram.break_next = [before]
    await answer(courier(store), telegram)
    assert telegram.edits <= SEARCHED_AHEAD


async def test_where_a_group_forbids_photos_the_answer_comes_as_text(
    store: Store, telegram: Telegram
) -> None:
    said: list[tuple[str, dict[str, Any]]] = []

    async def forbid(endpoint: str, data: dict[str, Any], **_: object) -> Any:
        said.append((endpoint, data))
        if endpoint == "sendPhoto":
            raise BadRequest("Not enough rights to send photos to the chat")
        return await telegram(endpoint, data)

    data = {"chat_id": -5, "photo": b"...", "caption": "4071", "reply_markup": BUTTONS}
    await courier(store).process_request(forbid, (), {}, "sendPhoto", data, None)
    assert said[-1] == (
        "sendMessage",
        {"chat_id": -5, "text": "4071", "reply_markup": BUTTONS},
    )


async def test_a_group_that_became_a_supergroup_gets_its_answer_there(
    store: Store, telegram: Telegram
) -> None:
    asked: list[int] = []

    async def move(endpoint: str, data: dict[str, Any], **_: object) -> Any:
        asked.append(data["chat_id"])
        if data["chat_id"] == -5:
            raise ChatMigrated(-1005)
        assert "reply_parameters" not in data, "a message of another chat"
        return await telegram(endpoint, data)

    await answer(courier(store), cast(Telegram, move), -5)
    assert asked == [-5, -1005]


async def test_after_a_kill_each_answer_in_a_group_is_found_by_its_reply(
    store: Store, telegram: Telegram
) -> None:
    """One answer was finished; of three others two had arrived when the bot was killed."""

    def kill(late: bool) -> None:
        if late is arrived:
            raise Killed

    telegram.messages |= {PHOTO + number: None for number in range(1, 5)}
    for number, fate in enumerate(([], [kill], [kill], [kill]), start=1):
        arrived = number < 4
        current.set(UpdateContext(number))
        telegram.break_next = list(fate)
        with suppress(Killed):
            await answer(courier(store), telegram, -5, photo=PHOTO + number, reading=number)
    await store.updates.keep([Arrival(1, "...", turn=1)])
    await store.updates.claim("owner")
    await store.updates.finish("owner", [1])
    buttons = dict(telegram.messages)
    again = courier(store)
    for number in (3, 2, 4):  # the search for the second comes upon the first
        current.set(UpdateContext(number))
        await answer(again, telegram, -5, photo=PHOTO + number, reading=10 + number)
    assert sorted(telegram.quoted.values()) == [PHOTO + number for number in range(1, 5)]
    assert buttons.items() <= telegram.messages.items()


async def test_a_message_is_sent_again_where_edits_are_unknown(
    store: Store, telegram: Telegram
) -> None:
    """Without edits nothing can be found out: an answer twice is better than none."""
    telegram.knows_edits = False
    telegram.break_next = [after]
    await answer(courier(store), telegram)
    assert len(telegram.ours) == 2


async def test_what_telegram_refuses_is_not_tried_again(store: Store, telegram: Telegram) -> None:
    def refuse(late: bool) -> None:
        raise BadRequest("chat not found")

    telegram.break_next = [refuse, refuse]
    with pytest.raises(BadRequest):
        await answer(courier(store), telegram)
    assert len(telegram.break_next) == 1


@pytest.mark.parametrize("error", [NetworkError("away"), BadRequest("Query is too old and ...")])
async def test_a_tap_that_cannot_be_answered_has_its_effect(
    store: Store, telegram: Telegram, error: NetworkError
) -> None:
    def fail(late: bool) -> None:
        raise error

    telegram.break_next = [fail]
    data = {"callback_query_id": "1"}
    assert await courier(store).process_request(
        telegram, (), {}, "answerCallbackQuery", data, None
    )


async def test_after_five_minutes_the_log_names_the_update(
    store: Store,
    telegram: Telegram,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    monkeypatch.setattr("bot.delivery.sender.KEEP_TRYING", 0.05)
    telegram.break_next = [unsent] * 1000
    with pytest.raises(NetworkError):
        await answer(courier(store), telegram)
    assert "update 7 stays unanswered" in caplog.text


async def test_chat_actions_do_not_delay_answers(store: Store, telegram: Telegram) -> None:
    one, actions = courier(store), 0

    async def count(endpoint: str, data: dict[str, Any], **_: object) -> bool:
        nonlocal actions
        actions += 1
        return True

    for _ in range(100):
        await one.process_request(count, (), {}, "sendChatAction", {"chat_id": 1}, None)
    assert 1 <= actions <= ACTIONS_PER_SECOND
