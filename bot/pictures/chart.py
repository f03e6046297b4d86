"""A bar chart of several periods: the share marked wrong, by digit and version."""

from collections.abc import Sequence

import cv2

from bot.pictures.drawing import AMBER, BOLD, MUTED, PANEL, WHITE, Picture, canvas, png, write
from bot.store.statistics import Figures, Share
from bot.texts import Say

# In px; a phone shows the picture at less than half this width.
NAME_WIDTH, COLUMN, MARGIN = 56, 268, 28
LINE, BAR = 46, 26
LARGE, SMALL = 30, 26  # sizes of letters
BASELINE = 23  # from the top of a bar to the baseline of its text
HEADS = 4  # lines of text above the first bars
FULL_BAR = 90  # width of the longest bar
VERSIONS = 8  # versions shown at most: those that read most digits


def chart(say: Say, periods: Sequence[Figures]) -> bytes:
    """Return a PNG with a column for each period, and a bar for each digit and each version."""
    by_version = periods[-1].by_version
    versions = sorted(by_version, key=lambda name: -by_version[name].read)[:VERSIONS]
    digits = [[figures.by_digit.get(digit, Share()) for figures in periods] for digit in range(10)]
    named = [[figures.by_version.get(name, Share()) for figures in periods] for name in versions]
    most = max(share.part for row in digits + named for share in row) or 1
    width = 2 * MARGIN + NAME_WIDTH + COLUMN * len(periods)
    picture = canvas(width, 2 * MARGIN + LINE * (HEADS + len(digits) + 2 * len(named)))
    _write_heads(picture, say, periods)
    y = MARGIN + LINE * HEADS
    for digit, row in enumerate(digits):
        write(picture, str(digit), (MARGIN, y + BASELINE), LARGE)
        _bars(picture, y, row, most)
        y += LINE
    for name, row in zip(versions, named, strict=True):
        write(picture, name, (MARGIN, y + BASELINE), SMALL, colour=MUTED)
        _bars(picture, y + LINE, row, most)
        y += 2 * LINE
    return png(picture)


def _write_heads(picture: Picture, say: Say, periods: Sequence[Figures]) -> None:
    write(picture, say("stats-title"), (MARGIN, MARGIN + BASELINE), LARGE, weight=BOLD)
    for column, figures in enumerate(periods):
        x, y = _left(column), MARGIN + LINE + BASELINE
        write(picture, say("stats-days", days=figures.days), (x, y), LARGE, weight=BOLD)
        counted = (
            say("stats-photos", photos=figures.photos),
            say("stats-users", users=figures.users),
        )
        for line, text in enumerate(counted):
            write(picture, text, (x, y + 38 + 34 * line), SMALL, colour=MUTED)


def _bars(picture: Picture, y: int, shares: Sequence[Share], most: float) -> None:
    for column, share in enumerate(shares):
        _bar(picture, _left(column), y, share, most)


def _bar(picture: Picture, x: int, y: int, share: Share, most: float) -> None:
    length = round(FULL_BAR * share.part / most)
    cv2.rectangle(picture, (x, y, max(length, 2), BAR), color=PANEL, thickness=cv2.FILLED)
    if length:
        cv2.rectangle(picture, (x, y, length, BAR), color=AMBER, thickness=cv2.FILLED)
    text, colour = (f"{share.wrong} / {share.read}", WHITE) if share.read else ("–", MUTED)
    write(picture, text, (x + length + 10, y + BASELINE), SMALL, colour=colour)


def _left(column: int) -> int:
    return MARGIN + NAME_WIDTH + column * COLUMN
