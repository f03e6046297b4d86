"""Several bots with one token and one database behind nginx, which balances updates over them.

Tests are skipped if PostgreSQL or nginx is not installed.
"""

import asyncio
import os
import re
import shutil
import subprocess
import time
from collections import Counter
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

import pytest

from bot.local.server import LocalChat
from tests.conftest import BotProcess
from tests.end_to_end.chat import Chat, is_bots
from tests.end_to_end.faults import Faults
from tests.end_to_end.robust import Sent, answered
from tests.end_to_end.webhook import free_hook
from tests.postgresql import Cable

NGINX = shutil.which("nginx", path=f"{os.environ.get('PATH', '')}:/usr/sbin")
LEASE = 4  # s
CONFIGURATION = """
{user}
daemon off;
pid {folder}/pid;
error_log {folder}/errors;
events {{}}
http {{
    {temporary}
    log_format upstreams '$upstream_addr $upstream_status';
    access_log {folder}/access upstreams;
    upstream bots {{
        {servers}
    }}
    server {{
        listen {front};
        location / {{
            proxy_pass http://bots;
            proxy_connect_timeout 1s;
            proxy_next_upstream error timeout http_503 non_idempotent;
        }}
    }}
}}
"""


@dataclass
class Balancer:
    """nginx, which passes requests to the bots in turn, and to the next one after an error."""

    front: str  # its address
    bots: list[str]  # theirs
    _log: Path

    def statuses(self) -> dict[str, Counter[int]]:
        """The number of answers of each bot by HTTP status."""
        found: dict[str, Counter[int]] = {bot: Counter() for bot in self.bots}
        for line in self._log.read_text().splitlines():
            addresses, codes = re.findall(r"[\d.]+:\d+", line), re.findall(r" (\d{3})\b", line)
            for address, code in zip(addresses, codes, strict=False):
                found[address][int(code)] += 1
        return found


@contextmanager
def balanced(folder: Path, count: int) -> Iterator[Balancer]:
    """Run nginx in front of `count` free addresses."""
    if not NGINX:
        pytest.skip("nginx is not installed (Debian: apt install nginx-light)")
    front, *bots = (_address() for _ in range(count + 1))
    bodies = ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    configuration = CONFIGURATION.format(
        user="user root;" if os.geteuid() == 0 else "",
        folder=folder,
        front=front,
        servers="\n".join(f"server {bot} max_fails=1 fail_timeout=2s;" for bot in bots),
        temporary="\n".join(f"{body}_temp_path {folder}/{body};" for body in bodies),
    )
    (folder / "configuration").write_text(configuration)
    command = [NGINX, "-e", str(folder / "errors"), "-c", str(folder / "configuration")]
    with subprocess.Popen(command) as process:  # noqa: S603
        try:
            yield Balancer(front, bots, folder / "access")
        finally:
            process.terminate()


@dataclass
class Replicas:
    """The bots, and the users who write to them."""

    bots: list[BotProcess]
    chat: Chat
    faults: Faults
    cable: Cable
    balancer: Balancer
    sent: Sent

    async def photo(self, user_id: int, data: bytes) -> int:
        """Send a photo, to be checked by `answered_once`; return its message's id."""
        sent = await self.chat.user(user_id).photo(data)
        self.sent.add((user_id, sent))
        return sent

    async def answered_once(self, seconds: float) -> float:
        """Wait until all photos are answered, check that none is twice, and return the seconds.

        Each user's answers must be in the order of that user's photos.
        """
        began = time.monotonic()
        try:
            await self.chat.wait_for(lambda: answered(self.chat).keys() >= self.sent, seconds)
        except TimeoutError:
            print(*(bot.log.decode() for bot in self.bots), sep="\n\n")  # pytest shows it
            pytest.fail(f"photos without an answer: {self.sent - answered(self.chat).keys()}")
        took = time.monotonic() - began
        await asyncio.sleep(0.5)
        replies = answered(self.chat)
        assert {sent: replies[sent] for sent in self.sent if replies[sent] != 1} == {}
        assert self.swapped() == 0
        return took

    def swapped(self) -> int:
        """Return the number of answers that precede the answer to an older photo of the user."""
        quoted: dict[int, list[int]] = {}
        for (chat_id, _), message in sorted(self.chat.messages.items()):
            if is_bots(message) and "reply_to_message" in message:
                quoted.setdefault(chat_id, []).append(message["reply_to_message"]["message_id"])
        return sum(after < before for ids in quoted.values() for before, after in pairwise(ids))


@asynccontextmanager
async def replicas(url: str, folder: Path, count: int, **settings: str) -> AsyncIterator[Replicas]:
    """Start bots at the same time on an empty database, connected by a `Cable`."""
    faults, cable = Faults(), Cable(url)
    server = await LocalChat.start(middleware=faults.middleware)
    with balanced(folder, count) as balancer:
        common = {
            "DATABASE_URL": await cable.plug_in(),
            "WEBHOOK_URL": f"http://{balancer.front}/in/hook",
            "LEASE_SECONDS": str(LEASE),
            **settings,
        }
        bots = [
            BotProcess(server, folder / f"data{number}", common | {"LISTEN": address})
            for number, address in enumerate(balancer.bots)
        ]
        try:
            await asyncio.gather(*(bot.start() for bot in bots))
            async with Chat(server.url) as chat:
                yield Replicas(bots, chat, faults, cable, balancer, set())
        finally:
            await asyncio.gather(*(bot.end() for bot in bots))
            cable.pull()
            await server.close()


def _address() -> str:
    return free_hook().removeprefix("http://").partition("/")[0]
