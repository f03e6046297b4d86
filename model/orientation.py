"""Whether a sheet lies on its side or upside down, by how well its digits read each way.

A turned 3, 4 or 7 is read as no digit; a turned 0, 1, 6, 8 or 9 may be read as one. So one digit
is no evidence; several are, by the sum of their logarithmic scores.
"""

import math
from collections.abc import Mapping, Sequence
from typing import NamedTuple

HALF = 2  # quarter turns: upside down
TURNS = (1, HALF, 3)  # quarter turns anticlockwise
SCORE_MIN = 0.001  # lower scores count as this one
WELL_READ = 0.9  # geometric mean of the scores: digits the right way up read at least so well
READABLE = 0.95  # geometric mean: a turned sheet must read better; words upside down reach 0.9
BETTER_BY = 0.005  # geometric mean: digits sent upside down read so much better once turned
DIGITS_MIN = 3  # glyphs of a sheet, as sent and turned: fewer may be one digit in pieces
UPSIDE_DOWN_MIN = 5  # glyphs of a sheet turned by 180 degrees: "bell" then is 7738, "leg" 637
TURN_MARGIN = 5.0  # well-read digits: a turned sheet must have so many more to be read as such
SUGGEST_MARGIN = 2.0  # well-read digits: so many more for the user to be asked

# Of 270 upright sheets of words in nine handwriting fonts, 150 of them words like "bell" and "egg"
# that are numbers upside down, two are turned. Of 90 turned sheets of MNIST's validation digits 68
# are read and 5 asked about, none turned the wrong way; of 30 upright ones none is either.
# With BETTER_BY the user is asked about 1 of 189 numbers that were sent upright, and about 11 of
# 14 that are numbers upside down too.


class Orientation(NamedTuple):
    """How a sheet is to be read, and whether it looks as if it should be turned."""

    turns: int  # quarters anticlockwise
    looks_turned: bool  # but not clearly enough to be read so: the user is asked


def is_doubtful(scores: Sequence[float]) -> bool:
    """Whether digits of these scores, 0 to 1, read so badly that the sheet may be turned.

    Fewer than DIGITS_MIN prove nothing, and to read a page turned three ways takes time.
    """
    return len(scores) >= DIGITS_MIN and _mean(scores) < WELL_READ


def may_be_upside_down(scores: Sequence[float], turned: Sequence[float]) -> bool:
    """Whether digits of these scores, 0 to 1, read better each turned by 180 degrees, and well.

    Digits that are turned by 180 degrees may be digits (1706 and 9061), but rarely read as well.
    A lone one proves nothing: a 6 is a 9.
    """
    return len(scores) > 1 and _mean(turned) > max(WELL_READ, _mean(scores) + BETTER_BY)


def choose_orientation(
    upright: Sequence[float], turned: Mapping[int, Sequence[float]]
) -> Orientation:
    """Compare the scores, 0 to 1, of a doubtful sheet's digits as sent and after each turn."""
    counts = {
        turns: _well_read(scores)
        for turns, scores in turned.items()
        if len(scores) >= (UPSIDE_DOWN_MIN if turns == HALF else DIGITS_MIN)
        and _mean(scores) > READABLE
    }
    if not counts:
        return Orientation(0, False)
    best = max(counts, key=lambda turns: counts[turns])
    others = [count for turns, count in counts.items() if turns != best]
    gain = counts[best] - _well_read(upright)
    lead = counts[best] - max(others, default=-math.inf)
    if gain > TURN_MARGIN and lead > SUGGEST_MARGIN:
        return Orientation(best, False)
    return Orientation(0, gain > SUGGEST_MARGIN)


def _well_read(scores: Sequence[float]) -> float:
    """The number of well-read digits: 1 + ln(score) each, negative below a score of 1/e."""
    return sum(1 + math.log(max(score, SCORE_MIN)) for score in scores)


def _mean(scores: Sequence[float]) -> float:
    """The geometric mean."""
    return math.exp(sum(math.log(max(score, SCORE_MIN)) for score in scores) / max(1, len(scores)))
