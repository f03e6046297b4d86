"""How a training goes and how it ended, as text."""

from html import escape

from bot.learning.corrections import HeldOut, Learned
from bot.learning.promotion_test import Scores
from bot.pictures.drawing import TEAL
from bot.pictures.sheet import RED, SHOWN, Cell, _label, sheet
from bot.texts import Say, number
from bot.trainer import Event

BAR_LENGTH = 12  # blocks
NAME_WIDTH = 20  # characters


def progress(say: Say, event: Event) -> str:
    """Return bar, round, loss, validation accuracy and the minutes left."""
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
        minutes=round(event["seconds_left"] / 60),
    )


def table(say: Say, before: Scores, after: Scores, held_out: HeldOut) -> str:
    """Return the scores before and after as Telegram's HTML."""
    rows = [
        _percent(say, say(f"retrain-{name}"), before[key], after[key])
        for name, key in (("mnist", "mnist_test"), ("validation", "mnist_validation"))
    ]
    for level, accuracy in after["noise"].items():
        name = say("retrain-noise", level=number(float(level), 2))
        rows.append(_percent(say, name, before["noise"][level], accuracy))
    rows.append(_percent(say, say("retrain-own-noise"), before["own_noise"], after["own_noise"]))
    if held_out.count:
        name = say("retrain-held-out", count=held_out.count)
        shares = (right / held_out.count for right in (held_out.before, held_out.after))
        rows.append(_percent(say, name, *shares))
    for name, key in (("doubt", "unsure_below"), ("speed", "ms_per_glyph")):
        rows.append(_row(say, say(f"retrain-{name}"), before[key], after[key]))
    return f"<pre>{escape(chr(10).join(rows))}</pre>"


def _percent(say: Say, name: str, before: float, after: float) -> str:
    return _row(say, name, 100 * before, 100 * after)


def _row(say: Say, name: str, before: float, after: float) -> str:
    was, is_now = (say("number", number=number(value, 2)) for value in (before, after))
    return f"{name:<{NAME_WIDTH}}{was:>7} → {is_now:>6}"


def learned_sheet(learned: Learned) -> bytes:
    """Draw what a new version reads right at last, and what it still misses; a PNG."""
    gained, missed = (
        [
            Cell(lessons.glyphs[place], _label(int(lessons.should_be[place])), frame=colour)
            for place in places[-SHOWN:]
        ]
        for lessons, places, colour in (
            (learned.lessons, learned.gained, TEAL),
            (learned.lessons, learned.missed, RED),
        )
    )
    return sheet(gained + missed)
