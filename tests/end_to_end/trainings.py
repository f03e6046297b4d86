"""Helpers of tests of trainings: their message and their process."""

import asyncio
from pathlib import Path

from tests.end_to_end.chat import Message, Person, words

TRAINING = 240.0  # s that a tiny training may take on a busy machine
SOON = 60.0  # s


def children(pid: int) -> list[int]:
    """Return the child processes of a process."""
    return [int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]


async def becomes(person: Person, message: Message, text: str) -> Message:
    """Wait until the message contains `text`, and return it."""
    return await person.wait_for(
        lambda m: m["message_id"] == message["message_id"] and text in words(m), TRAINING
    )


async def gone(pid: int) -> None:
    """Wait until a process has ended or is a zombie."""
    async with asyncio.timeout(SOON):
        while Path(f"/proc/{pid}").exists():
            if ") Z " in Path(f"/proc/{pid}/stat").read_text():
                return
            await asyncio.sleep(0.1)
