"""Reports: the text of the progress and the table of scores, in lines that fit a phone."""

from functools import partial
from html import unescape

from bot.learning.corrections import HeldOut
from bot.learning.report import left_out_lines, progress, table
from bot.texts import Texts
from model.datasets.corrections import Use
from model.events import Progress
from model.registry import Scores

SAY = partial(Texts().say, "en", kind="noisy")
PHONE = 28  # characters in a line of <pre> that a phone does not break
SCORES = Scores(
    mnist_test=0.9931,
    mnist_validation=0.99,
    noise={"0.05": 0.98, "0.5": 0.9},
    own_noise=0.94,
    unsure_below=0.94,
    ms_per_glyph=0.25,
)
HALF_DONE = Progress(
    event="progress",
    done=0.5,
    epoch=2,
    epochs=4,
    loss=0.1234,
    accuracy=0.9,
    val_accuracy=None,
    seconds_left=130,
)


def test_progress_shows_bar_round_and_minutes_left() -> None:
    text = progress(SAY, HALF_DONE)
    assert "██████░░░░░░ 50%" in text
    assert "Epoch 2 of 4\nloss 0.123, validation –" in text
    assert text.endswith("about 2 minutes left")
    assert "99.12%" in progress(SAY, {**HALF_DONE, "val_accuracy": 0.9912})


def test_no_minutes_are_shown_while_a_training_sets_up() -> None:
    begun = progress(SAY, {**HALF_DONE, "done": 0.01, "seconds_left": 19200})
    assert "320" not in begun and "working out how long" in begun


def test_the_table_shows_before_and_after_in_lines_of_one_length() -> None:
    text = table(SAY, SCORES, {**SCORES, "mnist_test": 0.9945}, HeldOut(3, 18, 24))
    lines = text.removeprefix("<pre>").removesuffix("</pre>").splitlines()
    assert lines[0].split() == ["MNIST", "99.31→99.45"]
    assert lines[-3].split() == ["kept", "aside", "3/24→18/24"], "few are counted"
    assert len({line.index("→") for line in lines}) == 1
    assert max(map(len, lines)) <= PHONE
    assert len(lines) == 8


def test_without_held_out_corrections_the_table_has_no_line_for_them() -> None:
    assert "kept aside" not in table(SAY, SCORES, SCORES, HeldOut(0, 0, 0))


def test_the_table_fits_in_every_language() -> None:
    for language in Texts().languages:
        say = partial(Texts().say, language)
        longest = table(say, SCORES, SCORES, HeldOut(1, 1, 100)).removeprefix("<pre>")
        lines = unescape(longest.removesuffix("</pre>")).splitlines()
        assert len({line.index("→") for line in lines}) == 1, (language, lines)
        assert max(map(len, lines)) <= PHONE, (language, lines)


def test_corrections_left_out_are_counted_by_reason() -> None:
    uses = [Use.TRAINS, Use.CONTRADICTED, Use.MEASURES, Use.CONTRADICTED, Use.TOO_MANY]
    lines = left_out_lines(SAY, uses).splitlines()
    assert [(line[0], line[-3:]) for line in lines] == [("≠", ": 2"), ("+", ": 1")]
    assert left_out_lines(SAY, uses[:1]) == ""


def test_numbers_are_written_as_the_language_does() -> None:
    german = partial(Texts().say, "de", kind="clean")
    text = progress(german, {**HALF_DONE, "val_accuracy": 0.9912})
    assert "Verlust 0,123, Validierung 99,12\u00a0%" in text
    lines = table(german, SCORES, SCORES, HeldOut(0, 0, 0))
    assert "99,31→99,31" in lines and "Rauschen 0,05" in lines and "." not in lines
