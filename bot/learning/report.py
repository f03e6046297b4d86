"""Progress and result of a training: a bar and a table of scores as text, a sheet of digits."""

from collections import Counter
from collections.abc import Sequence
from html import escape

from bot.learning.corrections import HeldOut, Learned
from bot.pictures.drawing import TEAL
from bot.pictures.sheet import LEFT_OUT, RED, SHOWN, Cell, _label, in_rows, sheet
from bot.texts import Say, number
from model.datasets.corrections import Use
from model.events import Progress
from model.registry import Scores

BAR_LENGTH = 12  # blocks
NAME_WIDTH = 13  # characters: a row of at most 28 fits a phone 360 px wide
ESTIMATE_FROM = 0.05  # share of a training done: before it, the time taken is mostly set-up


def progress(say: Say, event: Progress) -> str:
    """Return bar, epoch, loss, validation accuracy and the minutes left."""
    full = round(BAR_LENGTH * event["done"])
    accuracy = event["val_accuracy"]
    return say(
        "retrain-progress",
        bar="█" * full + "░" * (BAR_LENGTH - full),
        percent=int(100 * event["done"]),
        epoch=event["epoch"],
        epochs=event["epochs"],
        loss=number(event["loss"], 3),
        accuracy="–" if accuracy is None else say("percent", percent=number(100 * accuracy, 2)),
        minutes=round(event["seconds_left"] / 60) if event["done"] >= ESTIMATE_FROM else -1,
    )


def table(say: Say, before: Scores, after: Scores, held_out: HeldOut) -> str:
    """Return the scores before and after as Telegram's HTML."""
    rows = [
        _percent(say, say("retrain-mnist"), before["mnist_test"], after["mnist_test"]),
        _percent(
            say,
            say("retrain-validation"),
            before["mnist_validation"],
            after["mnist_validation"],
        ),
    ]
    for level, accuracy in after["noise"].items():
        name = say("retrain-noise", level=number(float(level), 2))
        rows.append(_percent(say, name, before["noise"][level], accuracy))
    rows.append(_percent(say, say("retrain-own-noise"), before["own_noise"], after["own_noise"]))
    if held_out.count:
        was, is_now = (
            say("of", part=right, whole=held_out.count)
            for right in (held_out.before, held_out.after)
        )
        rows.append(_line(say("retrain-held-out"), was, is_now))
    rows.append(_row(say, say("retrain-doubt"), before["unsure_below"], after["unsure_below"]))
    rows.append(_row(say, say("retrain-speed"), before["ms_per_glyph"], after["ms_per_glyph"]))
    return f"<pre>{escape(chr(10).join(rows))}</pre>"


def _percent(say: Say, name: str, before: float, after: float) -> str:
    return _row(say, name, 100 * before, 100 * after)


def _row(say: Say, name: str, before: float, after: float) -> str:
    was, is_now = (say("number", number=number(value, 2)) for value in (before, after))
    return _line(name, was, is_now)


def _line(name: str, was: str, is_now: str) -> str:
    return f"{name:<{NAME_WIDTH}} {was:>6}→{is_now}"


def left_out_lines(say: Say, uses: Sequence[int]) -> str:
    """Return for each reason to leave corrections out a line with its sign and their number."""
    count = Counter(uses)
    return "\n".join(
        say("left-out", reason=Use(use).name.lower(), sign=sign, count=count[use])
        for use, sign in LEFT_OUT.items()
        if count[use]
    )


def learned_sheet(learned: Learned) -> bytes:
    """Draw the corrections that only the new version reads right, and those it misses; a PNG."""
    gained, missed = (
        [
            Cell(learned.corrections.x[i], _label(int(learned.corrections.y[i])), frame=colour)
            for i in indices[-SHOWN:]
        ]
        for indices, colour in ((learned.gained, TEAL), (learned.missed, RED))
    )
    return sheet(in_rows(gained + missed))
