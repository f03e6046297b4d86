"""Texts: the fallback of languages, and the same keys and placeholders in each."""

import re
from pathlib import Path

import pytest
from telegram.constants import MessageLimit

from bot.local.formatting import parse_html
from bot.pictures.examples import TO_TRY
from bot.texts import FOLDER, Texts

LANGUAGES = sorted(path.stem for path in FOLDER.glob("*.ftl"))
KEY = re.compile(r"^([a-z][a-z-]*) =", re.MULTILINE)
PLACEHOLDER = re.compile(r"\$([a-z-]+)")


def entries(language: str) -> dict[str, set[str]]:
    """Key -> placeholders, of one language's file."""
    text = (FOLDER / f"{language}.ftl").read_text(encoding="utf-8")
    _, *parts = KEY.split(text)
    return {
        key: set(PLACEHOLDER.findall(body))
        for key, body in zip(parts[::2], parts[1::2], strict=True)
    }


@pytest.mark.parametrize(
    ("code", "language"), [("en", "en"), ("en-GB", "en"), ("xx", "en"), (None, "en")]
)
def test_an_unknown_language_falls_back_to_english(code: str | None, language: str) -> None:
    assert Texts().language(code) == language


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_language_has_the_keys_and_placeholders_of_english(language: str) -> None:
    assert entries(language) == entries("en")


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_sentence_can_be_said(language: str) -> None:
    texts = Texts()
    for key, placeholders in entries(language).items():
        values = {name.replace("-", "_"): 7 for name in placeholders}
        assert "{" not in texts.say(language, key, **values)


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_sentence_is_html_that_telegram_takes(language: str) -> None:
    texts = Texts()
    for key, placeholders in entries(language).items():
        values = {name.replace("-", "_"): 7 for name in placeholders}
        shown, _ = parse_html(texts.say(language, key, **values))
        assert len(shown) <= MessageLimit.CAPTION_LENGTH


@pytest.mark.parametrize("language", LANGUAGES)
def test_help_names_each_command_once(language: str) -> None:
    said = Texts().say(language, "help", bot="@bot")
    named = re.findall(r"^/\w+", said, re.MULTILINE)
    assert len(named) == len(set(named)) > 0
    assert said.count("?</i>") == 1, "what Why? shows is said once"


@pytest.mark.parametrize(
    "text", ["Hi", "hello there!", "Привет", "¡Hola!", "Szia :)", "guten Tag"]
)
def test_greetings_are_recognised_in_every_language(text: str) -> None:
    assert Texts().is_greeting(text)


@pytest.mark.parametrize("text", ["", "7", "what?", "hello, why did you read my seven as a one"])
def test_other_texts_are_no_greetings(text: str) -> None:
    assert not Texts().is_greeting(text)


def test_a_missing_value_is_an_error_and_not_a_gap() -> None:
    with pytest.raises(ValueError, match="answer-one"):
        Texts().say("en", "answer-one")


def test_every_key_is_used() -> None:
    files = [p for p in Path(FOLDER).parent.rglob("*") if p.suffix in {".py", ".js", ".html"}]
    source = "\n".join(path.read_text() for path in files)
    keys = entries("en").keys()
    # In scripts of a page without "page-", in its HTML as "$page_send".
    named = {key: [key, key.removeprefix("page-"), key.replace("-", "_")] for key in keys}
    used = {key for key in keys if re.search(f"[\"'$]({'|'.join(named[key])})\\b", source)}
    # These are put together from a state.
    assembled = {f"retrain-{end}" for end in ("cancelled", "failed", "killed")}
    assembled |= {f"button-try-{name}" for name in TO_TRY}
    assembled |= {"samples-excluded", "forget-yes", "forget-no"}
    assert keys - used == assembled
