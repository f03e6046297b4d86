"""Sentences by key and language, from the Fluent files beside this one."""

import re
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any, TypeAlias

from babel import Locale
from fluent.runtime import FluentBundle, FluentResource
from fluent.runtime.types import FluentNone, FluentNumber, fluent_number

FOLDER = Path(__file__).parent
DEFAULT = "en"
GREETING_WORDS = 4  # words: a longer text is not taken as a greeting
ENGLISH = Locale("en")
ORDINAL_ENDINGS = {"one": "st", "two": "nd", "few": "rd", "other": "th"}  # by CLDR's category
Say: TypeAlias = Callable[..., str]
"""`say(key, **values)`: returns a sentence in the language of its reader."""


def number(value: float, decimals: int) -> FluentNumber | FluentNone:
    """Return a value for `say` with so many decimals, formatted by the language's rules."""
    return fluent_number(
        round(value, decimals), minimumFractionDigits=decimals, maximumFractionDigits=decimals
    )


def english_ordinal(number: int) -> str:
    """Return "1st", "22nd", "113th"; the files of the other languages need no such function."""
    return f"{number}{ORDINAL_ENDINGS[ENGLISH.ordinal_form(number)]}"


parsed = cache(FluentResource)  # a file's text takes 30 ms


class Texts:
    """The sentences of all languages; `say` returns one with its values filled in."""

    def __init__(self) -> None:
        self._bundles: dict[str, FluentBundle] = {}
        self.keys: list[str] = []  # of all sentences
        for path in sorted(FOLDER.glob("*.ftl")):
            # Unicode isolation marks would be inside the HTML that Telegram parses.
            functions: dict[str, Any] = {"ORDINAL": english_ordinal}
            bundle = FluentBundle([path.stem], functions=functions, use_isolating=False)
            resource = parsed(path.read_text(encoding="utf-8"))
            bundle.add_resource(resource)
            self._bundles[path.stem] = bundle
            if path.stem == DEFAULT:
                self.keys = [entry.id.name for entry in resource.body if hasattr(entry, "id")]

    @property
    def languages(self) -> list[str]:
        """The codes of all languages."""
        return list(self._bundles)

    def language(self, code: str | None) -> str:
        """Return the language to use for Telegram's `language_code` ("de-AT" is German)."""
        base = (code or DEFAULT).split("-")[0].lower()
        return base if base in self._bundles else DEFAULT

    def is_greeting(self, text: str) -> bool:
        """Return whether a text is short and begins with a greeting in any language."""
        words = re.findall(r"\w+", text.lower())
        known = {word for code in self._bundles for word in self.say(code, "greetings").split()}
        return 0 < len(words) <= GREETING_WORDS and words[0] in known

    def say(self, language: str, key: str, **values: str | float) -> str:
        """Return the sentence `key`; raises KeyError or ValueError if its file is wrong."""
        bundle = self._bundles[language]
        pattern = bundle.get_message(key).value
        if pattern is None:
            raise KeyError(key)
        fluent = {name.replace("_", "-"): value for name, value in values.items()}
        text, errors = bundle.format_pattern(pattern, fluent)
        if errors:
            raise ValueError(f"{language}.ftl, {key}: {errors[0]}")
        return str(text)
