"""The argument of /retrain and /rollback: clean, noisy or both networks."""

from telegram import InlineKeyboardButton, InlineKeyboardMarkup

from bot.texts import Say
from model.classes import KINDS

BOTH = "both"
NETWORKS: dict[str, tuple[str, ...]] = {**{kind: (kind,) for kind in KINDS}, BOTH: KINDS}


def network_buttons(say: Say, data: str) -> InlineKeyboardMarkup:
    """Return a button for each choice; its callback data is `data` followed by the choice."""
    labels = {choice: say("button-both") if choice == BOTH else choice for choice in NETWORKS}
    row = [
        InlineKeyboardButton(label, callback_data=f"{data}{choice}")
        for choice, label in labels.items()
    ]
    return InlineKeyboardMarkup([row])
