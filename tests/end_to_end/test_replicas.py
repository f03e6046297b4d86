"""Bots that share one token and one PostgreSQL database behind nginx: nothing is lost or doubled.

They are started once, at the same time and on an empty database, without a `WEBHOOK_SECRET`.
"""

import asyncio
import signal
import time
from collections import Counter
from collections.abc import AsyncIterator
from pathlib import Path

import aiohttp
import pytest
import pytest_asyncio

from bot.rate_limit import BURST
from bot.store.store import Store
from model.registry import CARD, Registry
from tests.conftest import ADMIN, BotProcess
from tests.end_to_end.chat import Message, Person, is_bots, words
from tests.end_to_end.faults import Fault, Made
from tests.end_to_end.replicas import LEASE, Replicas, replicas
from tests.end_to_end.robust import PATIENT, SEVEN
from tests.end_to_end.trainings import becomes, children, gone
from tests.postgresql import Server
from tests.versions import copy_version

# A busy machine takes half a minute to start a bot.
pytestmark = [pytest.mark.asyncio(loop_scope="module"), pytest.mark.timeout(300)]
VERSION = "29990101-000000-001"
SEEN = 5.0  # s on a busy machine, and far below the 30 s between looks
HEALED = LEASE + 10.0  # s from a kill to the last answer
AWAY = 3.0 * LEASE  # s without the database


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


async def test_a_photo_is_read_with_the_latest_choice_of_network(three: Replicas) -> None:
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


async def test_together_they_keep_telegrams_rate_limit(three: Replicas) -> None:
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


async def test_answers_whose_connection_breaks_come_once(three: Replicas) -> None:
    """Of most of them Telegram has posted the message."""
    for late in (True, True, False, True, True, True, False, True):
        three.faults.order(Fault("sendMessage", "reset", late=late))
    await asyncio.gather(*(three.photo(user_id, SEVEN) for user_id in (*range(901, 931), 901)))
    await three.answered_once(PATIENT)


async def test_a_killed_bots_photos_are_answered_by_the_others(three: Replicas) -> None:
    await asyncio.gather(*(three.photo(user_id, SEVEN) for user_id in range(401, 425)))
    await three.bots[0].end(signal.SIGKILL)
    assert await three.answered_once(PATIENT) < HEALED
    await three.bots[0].start()


async def test_all_are_restarted_one_by_one_while_photos_come(three: Replicas) -> None:
    restarted = asyncio.Event()

    async def send(first: int) -> None:
        for user_id in range(first, first + 1000):  # one photo each: a user's photos are limited
            if restarted.is_set():
                return
            sent = await three.photo(user_id, SEVEN)
            await three.chat.user(user_id).reply_to(sent, PATIENT)

    senders = [asyncio.create_task(send(first)) for first in range(5000, 9000, 1000)]
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


async def test_all_serve_at_once_what_an_admin_promotes_and_takes_back(
    three: Replicas, tmp_path: Path
) -> None:
    copy_version(tmp_path, "clean", VERSION)
    store = await Store.open(three.bots[0].settings["DATABASE_URL"])
    await store.versions.sync(Registry(tmp_path))
    await store.close()
    disks = [bot.data_dir / "models" / "clean" / VERSION / CARD for bot in three.bots]
    async with asyncio.timeout(PATIENT):
        while not all(card.exists() for card in disks):
            await asyncio.sleep(0.05)
    admin = three.chat.user(ADMIN)
    await admin.text("/versions")
    shown = await admin.wait_for(lambda m: VERSION in words(m), PATIENT)
    await admin.tap(shown["message_id"], f"Use {VERSION}")
    await becomes(admin, shown, f"● {VERSION}, in use")
    assert await _all_serve(three, VERSION) < SEEN
    said = await admin.says(await admin.text("/rollback clean"), PATIENT)
    assert "from the next photo on" in words(said)
    (shipped,) = (version.name for version in Registry(tmp_path).list("clean") if version.shipped)
    assert await _all_serve(three, shipped) < SEEN


async def test_a_worker_trains_any_bot_cancels_and_its_death_is_reported_once(
    three: Replicas, tmp_path: Path
) -> None:
    tiny = {"RETRAIN_EPOCHS": "99", "RETRAIN_LIMIT": "5000"}
    settings = three.bots[0].settings | tiny
    worker = BotProcess(three.bots[0].server, tmp_path, settings, module="bot.worker")
    await worker.start()
    admin = three.chat.user(ADMIN)
    shown = await admin.says(await admin.text("/retrain clean"), PATIENT)
    child = await _child(worker)
    assert not any(children(bot.pid) for bot in three.bots)
    await admin.tap(shown["message_id"], "Cancel")
    await becomes(admin, shown, "was cancelled")
    await gone(child)
    shown = await admin.says(await admin.text("/retrain noisy"), PATIENT)
    await _child(worker)
    await worker.end(signal.SIGKILL)
    killed = time.monotonic()
    await becomes(admin, shown, "A restart interrupted the training of the noisy network")
    assert time.monotonic() - killed < HEALED
    await asyncio.sleep(0.5)
    ends = [call for call in three.faults.called("editMessageText") if _is_end(call, shown)]
    assert len(ends) == 1, "told twice"


def _is_end(call: Made, shown: Message) -> bool:
    is_same = str(call.fields["message_id"]) == str(shown["message_id"])
    return is_same and "A restart interrupted" in str(call.fields["text"])


async def _child(worker: BotProcess) -> int:
    """Wait until a worker trains, and return the id of the training's process."""
    async with asyncio.timeout(PATIENT):
        while not (found := children(worker.pid)):
            await asyncio.sleep(0.05)
    return found[0]


async def _all_serve(three: Replicas, version: str) -> float:
    """Wait until the clean network of all bots is this version; return the s it took."""
    began = time.monotonic()
    line = f'digits_serving{{kind="clean",version="{version}"}} 1.0'
    async with aiohttp.ClientSession() as session, asyncio.timeout(PATIENT):
        for bot in three.bots:
            numbers = ""
            while line not in numbers:
                address = f"http://{bot.settings['LISTEN']}/metrics"
                async with session.get(address) as response:
                    numbers = await response.text()
    return time.monotonic() - began


def _replies(user: Person) -> int:
    return sum(map(is_bots, user.messages()))
