"""An Evaluation -> the table that `python -m model evaluate` prints."""

import numpy as np

from model.evaluation.corruptions import CORRUPTIONS, HELD_OUT
from model.evaluation.evaluate import Evaluation, middle_errors

PAIRS = ((1, 7), (4, 9), (7, 9))  # digits that are confused most often in handwriting


def as_table(found: Evaluation) -> str:
    """Return the evaluation as lines of text."""
    mnist, letters = found["mnist"], found["not_a_digit"]
    everywhere, unseen = middle_errors(found["noise"])
    lines = [
        f"{found['kind']} {found['version']}",
        _line(
            "MNIST test, 10,000", f"{mnist['errors']:.0f} errors, {_percent(mnist['accuracy'])}"
        ),
        *_pair_lines(found["confusion"]),
        _line("calibration error (ECE)", _percent(found["calibration"]["ece"])),
        _line("letters against digits (AUC)", f"{letters['letters_auc']:.4f}"),
        _line("letters rejected", _percent(letters["letters_rejected"])),
        _line("digits accepted", _percent(letters["digits_accepted"])),
        _line("one glyph", f"{found['ms_per_glyph']:.2f} ms"),
        "",
        "right under noise, at five levels (+ never trained on)",
    ]
    for name in CORRUPTIONS:
        shares = "".join(f"{100 * share:8.2f}" for share in found["noise"][name].values())
        lines.append(f"{'+' if name in HELD_OUT else ' '} {name:<14}{shares}")
    lines += [
        _line("mean error, middle level", _percent(everywhere)),
        _line("mean error, middle level, those +", _percent(unseen)),
        "",
        "right under corruptions like MNIST-C's, never trained on",
        *(f"  {name:<14}{100 * share:8.2f}" for name, share in found["mnist_c"].items()),
        _line("mean error, these", _percent(1 - float(np.mean(list(found["mnist_c"].values()))))),
    ]
    return "\n".join(lines + _photo_lines(found))


def _photo_lines(found: Evaluation) -> list[str]:
    if "photos" not in found:
        return []
    photos = found["photos"]
    nothing_read, without = photos["without_digits"]
    lines = [
        "",
        _line(
            "photos exactly right",
            f"{photos['exact']} of {photos['files']}, {_percent(photos['rate'])}",
        ),
        _line("photos surely wrong", str(photos["surely_wrong"])),
        _line("nothing read, of photos without digits", f"{nothing_read} of {without}"),
        *_pair_lines(photos["confusion"]),
        _line("their calibration error", _percent(photos["ece"])),
    ]
    if photos["negatives_auc"] is not None:
        lines.append(_line("photos without digits (AUC)", f"{photos['negatives_auc']:.4f}"))
    lines.append("  exact, surely wrong, of all, by source")
    for source, (exact, wrong, files) in photos["by_source"].items():
        lines.append(f"  {exact:5d} {wrong:5d} {files:5d}  {source}")
    return lines + [
        f"  {file}: {truth or '-'} read as {read or '-'}" for file, truth, read in photos["missed"]
    ]


def _pair_lines(confusion: list[list[int]]) -> list[str]:
    mixed = ((one, two, confusion[one][two] + confusion[two][one]) for one, two in PAIRS)
    return [_line(f"{one} and {two} mixed up", str(count)) for one, two, count in mixed]


def _line(name: str, value: str) -> str:
    return f"{name:<40}{value}"


def _percent(share: float) -> str:
    return f"{100 * share:.2f} %"
