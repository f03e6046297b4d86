"""Whether a sheet lies on its side or upside down, by how well its digits read each way.

A turned 3, 4 or 7 is no digit to the networks; a turned 0, 1, 6, 8 or 9 may well be one. So one
digit says nothing, and several do by the sum of their logarithmic scores.
"""

import math
from collections.abc import Mapping, Sequence
from typing import NamedTuple

HALF = 2  # quarters: upside down
TURNS = (1, HALF, 3)  # quarters anticlockwise
WELL_READ = 0.9  # geometric mean of the scores: of digits that are the right way up
READABLE = 0.95  # the same: a turned sheet must read so; words upside down reach 0.9
LEAST = 0.001  # a score below says no more than this one
DIGITS_MIN = 3  # glyphs of a sheet, as sent and turned: fewer may be a lone 5 in pieces
UPSIDE_DOWN_MIN = 5  # the same, turned by 180 degrees: "bell" then is 7738, and "leg" 637
BETTER_BY = 0.005  # the same: so much better digits read that were sent upside down
TURN_MARGIN = 5.0  # sure digits: a turned sheet must have so many more for it to be read
SUGGEST_MARGIN = 2.0  # the same, for the user to be asked

# Of 270 upright sheets of words in nine handwriting fonts, 150 of them words as "bell" and "egg"
# that are numbers upside down, two are turned. Of 90 lying sheets of MNIST's validation digits 68
# are read and 5 asked about, none turned the wrong way; of 30 upright ones none is either.
# By BETTER_BY 1 of 189 numbers that were sent upright is asked about, and of 14 that are numbers
# upside down as well 11.


class Orientation(NamedTuple):
    """How a sheet is to be read, and whether it looks as if it should be turned."""

    turns: int  # quarters anticlockwise
    looks_turned: bool  # but not clearly enough to read it so


def is_doubtful(scores: Sequence[float]) -> bool:
    """Whether digits of these scores (0 to 1) read so badly that the sheet may be turned.

    A few prove nothing, and three more looks take three times as long.
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
    """Compare the scores (0 to 1) of a doubtful sheet's digits with those after each turn."""
    worths = {
        turns: _worth(scores)
        for turns, scores in turned.items()
        if len(scores) >= (UPSIDE_DOWN_MIN if turns == HALF else DIGITS_MIN)
        and _mean(scores) > READABLE
    }
    if not worths:
        return Orientation(0, False)
    best = max(worths, key=lambda turns: worths[turns])
    others = [worth for turns, worth in worths.items() if turns != best]
    gain = worths[best] - _worth(upright)
    lead = worths[best] - max(others, default=-math.inf)
    if gain > TURN_MARGIN and lead > SUGGEST_MARGIN:
        return Orientation(best, False)
    return Orientation(0, gain > SUGGEST_MARGIN)


def _worth(scores: Sequence[float]) -> float:
    """One for each sure digit; one that reads worse than 1/e counts against the rest."""
    return sum(1 + math.log(max(score, LEAST)) for score in scores)


def _mean(scores: Sequence[float]) -> float:
    return math.exp(sum(math.log(max(score, LEAST)) for score in scores) / max(1, len(scores)))
