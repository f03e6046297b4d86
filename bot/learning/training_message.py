"""The message of a training until it ends: text and buttons."""

from collections.abc import Sequence
from typing import NamedTuple

from telegram import InlineKeyboardButton, InlineKeyboardMarkup

from bot.learning.corrections import Pattern, one_sided
from bot.learning.report import progress
from bot.store.tables import CorrectionRow
from bot.texts import Say
from model.classes import NOT_A_DIGIT
from model.events import Progress

CANCEL = "retrain:cancel"  # callback data of the button that ends a training
# Callback data, before ":was:should_be", of the buttons that show a pattern and set it aside.
SHOW, ASIDE = "retrain:show", "retrain:aside"


class TrainingMessage(NamedTuple):
    """The message of one training, in the language of its admin."""

    say: Say  # with the kind of network filled in
    corrections: int  # number of users' corrections, with the held-out ones
    pattern: Pattern | None  # a suspicious pattern in them

    @classmethod
    def of(cls, say: Say, kind: str, rows: Sequence[CorrectionRow]) -> "TrainingMessage":
        """Return the message of a training with these corrections."""

        def say_of_kind(key: str, **values: str | float) -> str:
            return say(key, **{"kind": kind, **values})

        return cls(say_of_kind, len(rows), one_sided(rows))

    def start(self, *, full: bool, learned_from: int, minutes: int) -> str:
        """Return the first text; `learned_from`: number of corrections that may train."""
        how = "full" if full else "finetune"
        text = self.say("retrain-start", how=how, corrections=learned_from, minutes=minutes)
        return self._with_pattern(text)

    def progress(self, event: Progress) -> str:
        """Return the text with the progress."""
        return self._with_pattern(progress(self.say, event))

    @property
    def buttons(self) -> InlineKeyboardMarkup:
        """Return "cancel" and, if there is a pattern, "show them" and "set aside"."""
        keys = [("button-cancel", CANCEL)]
        if self.pattern:
            change = f"{self.pattern.was}:{self.pattern.should_be}"
            keys += [("button-look", f"{SHOW}:{change}"), ("button-aside", f"{ASIDE}:{change}")]
        return InlineKeyboardMarkup(
            [[InlineKeyboardButton(self.say(key), callback_data=data)] for key, data in keys]
        )

    def _with_pattern(self, text: str) -> str:
        if not (pattern := self.pattern):
            return text
        named = self.say(
            "retrain-pattern",
            was=str(pattern.was),
            to="none" if pattern.should_be == NOT_A_DIGIT else str(pattern.should_be),
            count=pattern.corrections,
            all=self.corrections,
            users=pattern.users,
        )
        return f"{text}\n\n{named}"
