"""A training started by another program ends when that program does."""

import os
import select
import signal
import threading

STDOUT = 1  # file descriptor


def end_when_unheard(descriptor: int) -> None:
    """Send this process SIGTERM once nobody can read the pipe `descriptor` any more.

    A killed bot cannot end its training; but its end of the pipe closes, however it went.
    """
    threading.Thread(target=_wait_and_end, args=(descriptor,), daemon=True).start()


def _wait_and_end(descriptor: int) -> None:
    closing = select.poll()
    closing.register(descriptor, 0)  # errors and hang-ups are told unasked
    closing.poll()
    os.kill(os.getpid(), signal.SIGTERM)
