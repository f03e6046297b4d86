from pkgutil import resolve_name

import pytest

from benchmarks.ablation import SWITCHES, compare, read_watched, replaced, unchanged
from benchmarks.kinds import draw
from model.evaluation.photos import Answer, Example
from model.reader import Reader
from preprocessing.padding import pad_tight_crop


@pytest.mark.parametrize("rule", SWITCHES)
def test_every_rule_named_is_there(rule: str) -> None:
    assert type(resolve_name(rule)) in (type(pad_tight_crop), float)


def test_a_rule_is_replaced_wherever_it_was_imported_and_put_back() -> None:
    padding, blot = (
        "preprocessing.padding:pad_tight_crop",
        "preprocessing.segmentation.candidates:BLOT_MIN",
    )
    importing = "preprocessing.pipeline:pad_tight_crop"
    kept = resolve_name(blot)
    with replaced({rule: SWITCHES[rule] for rule in (padding, blot)}):
        assert resolve_name(padding) is resolve_name(importing) is unchanged
        assert resolve_name(blot) > kept
    assert resolve_name(padding) is resolve_name(importing) is pad_tight_crop
    assert resolve_name(blot) == kept


def test_a_rule_fires_where_its_result_changes() -> None:
    examples = [draw(kind, 0).example for kind in ("tight 0 %", "off-centre")]
    rule = "preprocessing.padding:pad_tight_crop"
    answers, fired = read_watched(Reader.load(), examples, [rule])
    assert answers[0].exact
    assert fired == {rule: [0]}


def test_losses_are_counted_by_source() -> None:
    photo = Example("a sheet", b"", "1", "desk")
    right, wrong, unsure = (
        Answer(photo, text, (), unsure)
        for text, unsure in (("1", False), ("7", False), ("7", True))
    )
    loss = compare([right, unsure, right], {0: wrong, 1: right, 2: unsure})
    assert (loss.fired, loss.lost, loss.gained, loss.surely_wrong) == (3, 2, 1, 1)
    assert loss.sources == {"desk": 2}
