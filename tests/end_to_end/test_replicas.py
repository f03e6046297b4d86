"""Bots that share one token and one PostgreSQL database behind nginx: nothing is lost or doubled.

They are started once, at the same time and on an empty database, without a `WEBHOOK_SECRET`.
"""

import asyncio
import signal
from collections import Counter
from collections.abc import AsyncIterator

import pytest
import pytest_asyncio

from bot.rate_limit import BURST
from tests.end_to_end.chat import Person, is_bots, words
from tests.end_to_end.replicas import LEASE, Replicas, replicas
from tests.end_to_end.robust import PATIENT, SEVEN
from tests.postgresql import Server

# A busy machine takes half a minute to start a bot.
pytestmark = [pytest.mark.asyncio(loop_scope="module"), pytest.mark.timeout(300)]
HEALED = LEASE + 10.0  # s from a kill to the last answer
AWAY = 20.0  # s without the database


@pytest_asyncio.fixture(loop_scope="module", scope="module")
async def three(
    postgresql: Server, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[Replicas]:
    """Three running bots; each test has users of its own."""
    folder = tmp_path_factory.mktemp("replicas")
    async with replicas(await postgresql.database(), folder, 3) as all_three:
        yield all_three


async def test_all_start_on_an_empty_database_and_share_one_webhook(three: Replicas) -> None:
    for user_id in range(1, 7):
        await three.photo(user_id, SEVEN)
    await three.answered_once(PATIENT)
    statuses = three.balancer.statuses()
    assert all(bot.keys() == {200} for bot in statuses.values()), statuses
    secrets = {call.fields["secret_token"] for call in three.faults.called("setWebhook")}
    assert len(secrets) == 1 and all(secrets)


async def test_no_photo_is_read_by_a_choice_of_before(three: Replicas) -> None:
    async def choose(user_id: int) -> tuple[bool, bool]:
        user = three.chat.user(user_id)
        await user.text("/model noisy")
        chosen = await user.reply_to(await user.photo(SEVEN), PATIENT)
        asked = await user.says(await user.text("/forget"))
        await user.tap(asked["message_id"], f"forget:yes:{user_id}")
        forgotten = await user.reply_to(await user.photo(SEVEN), PATIENT)
        return "noisy" in words(chosen), "noisy" in words(forgotten)

    seen = await asyncio.gather(*(choose(user_id) for user_id in range(101, 113)))
    assert Counter(seen) == {(True, False): 12}


async def test_an_album_is_answered_once(three: Replicas) -> None:
    users = [three.chat.user(user_id) for user_id in range(201, 206)]
    for user, album in zip(
        users, await asyncio.gather(*(user.album([SEVEN] * 3) for user in users)), strict=True
    ):
        answer = await user.reply_to(album[0], PATIENT)
        assert words(answer).count("7 · ") == 3
        assert sum(map(is_bots, user.messages())) == 1


async def test_a_users_order_is_kept(three: Replicas) -> None:
    chosen = ["clean", "noisy"] * 3

    async def choose(user_id: int) -> list[str]:
        user = three.chat.user(user_id)
        for model in chosen:
            await user.text(f"/model {model}")
        await three.chat.wait_for(lambda: sum(map(is_bots, user.messages())) == 6, PATIENT)
        said = [words(message) for message in user.messages() if is_bots(message)]
        return ["noisy" if "noisy" in text else "clean" for text in said]

    assert await asyncio.gather(*(choose(user_id) for user_id in range(301, 313))) == [chosen] * 12


async def test_together_they_keep_telegrams_pace(three: Replicas) -> None:
    users = [three.chat.user(user_id) for user_id in range(701, 771)]
    asked = await asyncio.gather(*(user.text("/privacy") for user in users))
    for user, question in zip(users, asked, strict=True):
        await user.says(question, PATIENT)
    statuses = Counter(call.status for call in three.faults.called("sendMessage"))
    assert statuses.keys() == {200}, statuses


async def test_a_users_photos_are_limited_by_all_together(three: Replicas) -> None:
    user = three.chat.user(801)
    sent = await asyncio.gather(*(user.photo(SEVEN) for _ in range(BURST + 6)))
    await three.chat.wait_for(lambda: _replies(user) > BURST, PATIENT)
    refused = [m for m in user.messages() if is_bots(m) and "12" in words(m)]
    assert len(refused) == 1
    assert _replies(user) < len(sent), "the rest is not read"


async def test_a_killed_bots_photos_are_answered_by_the_others(three: Replicas) -> None:
    await asyncio.gather(*(three.photo(user_id, SEVEN) for user_id in range(401, 425)))
    await three.bots[0].end(signal.SIGKILL)
    assert await three.answered_once(PATIENT) < HEALED
    await three.bots[0].start()


async def test_all_are_restarted_one_by_one_while_photos_come(three: Replicas) -> None:
    restarted = asyncio.Event()

    async def send(user_id: int) -> None:
        while not restarted.is_set():
            sent = await three.photo(user_id, SEVEN)
            await three.chat.user(user_id).reply_to(sent, PATIENT)

    senders = [asyncio.create_task(send(user_id)) for user_id in range(501, 505)]
    for bot in three.bots:
        await bot.end()
        await bot.start()
    restarted.set()
    await asyncio.gather(*senders)
    await three.answered_once(PATIENT)


async def test_photos_wait_for_a_database_that_is_away(three: Replicas) -> None:
    async def send(first: int) -> None:
        await asyncio.gather(*(three.photo(first + number, SEVEN) for number in range(8)))

    await send(601)
    three.cable.pull()
    await send(621)
    await asyncio.sleep(AWAY)
    await three.cable.plug_in(three.cable.port)
    await send(641)
    await three.answered_once(PATIENT)


def _replies(user: Person) -> int:
    return sum(map(is_bots, user.messages()))
