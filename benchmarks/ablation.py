"""What each rule of the pipeline buys: `python -m benchmarks.ablation --photos DIR`.

A rule is switched off by putting a neutral function in its place: a step that returns its input,
a test that always says no (or yes), a search that finds nothing. Only photos on which that
changes the result of the function are read again ("fired"). A bound is switched off by a value
that nothing exceeds; then all photos are read again. A line for each rule tells how many photos
are read exactly with the rule only ("lost" without it), without it only ("gained"), by how many
the surely wrong readings rise, and which sources of photos lose. A rule that loses nothing and
lets no more be read surely wrong buys nothing.
"""

import argparse
import sys
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path
from pkgutil import resolve_name
from typing import Any, NamedTuple
from unittest.mock import patch

import numpy as np

from benchmarks.kinds import KINDS, draw
from benchmarks.scenes import SCENES
from model.evaluation.photos import Answer, Example, answer, find_examples
from model.reader import Reader

DRAWN = 20  # photos of each drawn kind
PACKAGES = ("preprocessing", "model")  # whose modules may hold a rule by name

Function = Callable[..., Any]


def unchanged(first: Any, *_: Any, **__: Any) -> Any:
    """Stand in for a step."""
    return first


def never(*_: Any, **__: Any) -> bool:
    """Stand in for a test."""
    return False


def always(*_: Any, **__: Any) -> bool:
    """Stand in for a test that lets through what it does not exclude."""
    return True


def nothing(*_: Any, **__: Any) -> None:
    """Stand in for a search for one thing."""


def none_found(*_: Any, **__: Any) -> list[Any]:
    """Stand in for a search for several."""
    return []


RULES: dict[str, Function] = {
    "preprocessing.working_image:remove_impulse_noise": unchanged,
    "preprocessing.working_image:enlarge_small": unchanged,
    "preprocessing.desk:paint_desk": unchanged,
    "preprocessing.padding:pad_tight_crop": unchanged,
    "preprocessing.padding:_is_frame": never,
    "preprocessing.glyph:as_noisy_glyph": nothing,
    "preprocessing.line_removal.form_boxes:remove_form_boxes": unchanged,
    "preprocessing.line_removal.form_boxes:remove_whole_boxes": unchanged,
    "preprocessing.line_removal.form_boxes:lines_between": none_found,
    "preprocessing.line_removal.rule_lines:remove_rule_lines": unchanged,
    "preprocessing.line_removal.rule_lines:_goes_across": always,
    "preprocessing.line_removal.rule_lines:_similar_lines": unchanged,
    "preprocessing.line_removal.rule_lines:_interpolate": none_found,
    "preprocessing.line_removal.run_lines:remove_run_lines": unchanged,
    "preprocessing.line_removal.run_lines:_is_bounded": always,
    "preprocessing.line_removal.skew:line_slope": never,
    "preprocessing.binarization:Ink.thresholded_again": unchanged,
    "preprocessing.segmentation.border:is_edge_line": never,
    "preprocessing.segmentation.border:drop_border_regions": unchanged,
    "preprocessing.segmentation.candidates:in_line": none_found,
    "preprocessing.segmentation.candidates:_drop_faint": unchanged,
    "preprocessing.segmentation.candidates:is_shading_edge": never,
    "preprocessing.segmentation.candidates:_is_ring": never,
    "preprocessing.segmentation.grouping:_broke_across": never,
    "preprocessing.segmentation.grouping:_is_mark": never,
    "preprocessing.segmentation.grouping:_is_underline": never,
    "preprocessing.segmentation.marks:is_struck": never,
    "preprocessing.segmentation.marks:has_part_below": never,
    "preprocessing.segmentation.marks:may_be_ringed": never,
    "preprocessing.segmentation.marks:has_stroke_beside": never,
    "preprocessing.segmentation.marks:has_ink_beside": never,
    "preprocessing.segmentation.marks:has_faint_ink_between": never,
    "preprocessing.segmentation.marks:is_written_on_frame": never,
    "preprocessing.segmentation.marks:is_torn": never,
    "preprocessing.segmentation.marks:is_cut_off": never,
    "preprocessing.segmentation.hypotheses:lattice_of": nothing,
    "preprocessing.segmentation.hypotheses:rows_around": none_found,
    "preprocessing.segmentation.hypotheses:broken_pairs": none_found,
    "preprocessing.pipeline:_segment_in_colour": nothing,
    "preprocessing.pipeline:_second_attempt": nothing,
    "model.reader:may_be_missed": never,
    "model.reader:may_hold_marks": never,
    "model.reader:may_be_an_edge": never,
    "model.orientation:is_doubtful": never,
}
BOUNDS: dict[str, float] = {
    "preprocessing.padding:FILLS": np.inf,
    "preprocessing.padding:CUT_MIN": 0,
    "preprocessing.segmentation.candidates:BLOT_MIN": np.inf,
    "preprocessing.segmentation.candidates:DARK_MIN": np.inf,
    "preprocessing.segmentation.candidates:UNEVEN_MAX": np.inf,
    "preprocessing.components:MARK_MAX": 0,
    "model.reader:DROPPED_BELOW": 0,
    "model.reader:CUT_SCORE_MIN": 0,
    "model.reader:OTHERS_MAX": np.inf,
}
SWITCHES: dict[str, Any] = {**RULES, **BOUNDS}


class Loss(NamedTuple):
    """What a rule that is switched off changes."""

    fired: int
    lost: int
    gained: int
    surely_wrong: int  # so many more
    sources: Counter[str]  # of what is lost

    def __str__(self) -> str:
        lost = ", ".join(f"{source} {count}" for source, count in self.sources.most_common())
        return f"{self.fired:6} {self.lost:5} {self.gained:7} {self.surely_wrong:+13}  {lost}"


def main() -> None:
    """Print a line for each rule."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.ablation", description=__doc__)
    parser.add_argument("rules", nargs="*", metavar="RULE", help="the end of its name; else all")
    parser.add_argument("--photos", type=Path, metavar="DIR", help="labelled photos, beside drawn")
    parser.add_argument("--drawn", type=int, default=DRAWN, help="photos of each drawn kind")
    arguments = parser.parse_args()
    chosen = [rule for rule in SWITCHES if rule.endswith(tuple(arguments.rules or [""]))]
    examples = [*drawn_photos(arguments.drawn)]
    if arguments.photos:
        examples += find_examples(arguments.photos)
    reader = Reader.load()
    before, fired = read_watched(reader, examples, [rule for rule in chosen if rule in RULES])
    exact, wrong = sum(r.exact for r in before), sum(r.surely_wrong for r in before)
    print(f"{len(examples)} photos: {exact} exact, {wrong} surely wrong with all rules")
    print(f"{'off':64}{'fired':>6}{'lost':>6}{'gained':>8}{'surely wrong':>14}  lost from")
    for rule in chosen:
        with replaced({rule: SWITCHES[rule]}):
            after = {i: answer(examples[i], reader) for i in fired.get(rule, range(len(examples)))}
        print(f"{rule:64}{compare(before, after)}", flush=True)


def drawn_photos(count: int) -> Iterator[Example]:
    """Draw so many photos of each kind."""
    for kind in (*KINDS, *SCENES):
        for number in range(count):
            yield draw(kind, number).example


def read_watched(
    reader: Reader, examples: Sequence[Example], rules: Sequence[str]
) -> tuple[list[Answer], dict[str, list[int]]]:
    """Read all photos with all rules, and note the photos on which each of them does something."""
    fired: dict[str, list[int]] = {rule: [] for rule in rules}
    answers: list[Answer] = []

    def watched(rule: str) -> Function:
        on, off = resolve_name(rule), RULES[rule]

        def both(*given: Any, **named: Any) -> Any:
            result = on(*given, **named)
            seen = fired[rule][-1:] == [len(answers)]
            if not seen and not same(result, off(*given, **named)):
                fired[rule].append(len(answers))
            return result

        return both

    with replaced({rule: watched(rule) for rule in rules}):
        for example in examples:
            answers.append(answer(example, reader))
    return answers, fired


@contextmanager
def replaced(values: Mapping[str, Any]) -> Iterator[None]:
    """Put other values in the place of those named, wherever modules have imported them."""
    with ExitStack() as stack:
        for name, value in values.items():
            now, attribute = resolve_name(name), name.rpartition(":")[2]
            stack.enter_context(patch(name.replace(":", "."), value))
            for module in [m for m in sys.modules if m.split(".")[0] in PACKAGES]:
                if vars(sys.modules[module]).get(attribute) is now:
                    stack.enter_context(patch.object(sys.modules[module], attribute, value))
        yield


def same(a: Any, b: Any) -> bool:
    """Whether two results of a rule are equal; pictures by their pixels."""
    if isinstance(a, np.ndarray) and isinstance(b, np.ndarray):
        return np.array_equal(a, b)
    if isinstance(a, list) and isinstance(b, list):
        return len(a) == len(b)  # rules leave out or find; they change nothing in place
    return a is b or (isinstance(a, bool) and a == b)


def compare(before: list[Answer], after: dict[int, Answer]) -> Loss:
    """Count what reads otherwise, of the photos that were read again, by their index."""
    lost = [before[i] for i, given in after.items() if before[i].exact and not given.exact]
    return Loss(
        fired=len(after),
        lost=len(lost),
        gained=sum(given.exact and not before[i].exact for i, given in after.items()),
        surely_wrong=sum(
            given.surely_wrong - before[i].surely_wrong for i, given in after.items()
        ),
        sources=Counter(given.example.source for given in lost),
    )


if __name__ == "__main__":
    main()
