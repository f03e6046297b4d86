"""The list of a network's versions: text, and buttons to serve or delete them."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from html import escape

from telegram import InlineKeyboardButton as Button
from telegram import InlineKeyboardMarkup

from bot.texts import Say, number
from model.registry import Version, VersionError

LISTED = 10  # newest versions; older ones still serve and can be rolled back to


def version_lines(
    say: Say, versions: Sequence[Version], serving: str, trained_by: Mapping[str, int]
) -> str:
    """Return the newest versions, newest first, as Telegram's HTML."""
    lines = [_line(say, version, serving, trained_by) for version in _newest(versions)]
    return "\n\n".join([say("versions"), *lines])


def version_buttons(
    say: Say, versions: Sequence[Version], serving: str
) -> InlineKeyboardMarkup | None:
    """Return the buttons "use" and "delete" for each version that can be used or deleted."""
    rows = []
    for version in _newest(versions):
        if version.name == serving:
            continue
        data = f"{version.kind}:{version.name}"
        row = [Button(say("button-serve", version=version.name), callback_data=f"serve:{data}")]
        if not version.shipped:
            row.append(Button(say("button-delete"), callback_data=f"delete?:{data}"))
        rows.append(row)
    return InlineKeyboardMarkup(rows) if rows else None


def delete_buttons(say: Say, kind: str, version: str) -> InlineKeyboardMarkup:
    """Return the button that confirms a deletion, and the one back to the list."""
    yes = Button(
        say("button-delete-sure", version=version), callback_data=f"delete:{kind}:{version}"
    )
    return InlineKeyboardMarkup([[yes], [Button(say("button-no"), callback_data=f"list:{kind}")]])


def promote_button(say: Say, kind: str, version: str) -> InlineKeyboardMarkup:
    """Return the button "promote anyway" for a version that failed a test."""
    data = f"promote?:{kind}:{version}"
    return InlineKeyboardMarkup([[Button(say("button-promote"), callback_data=data)]])


def promote_sure_button(say: Say, kind: str, version: str) -> InlineKeyboardMarkup:
    """Return the button that confirms it."""
    data = f"promote:{kind}:{version}"
    return InlineKeyboardMarkup([[Button(say("button-promote-sure"), callback_data=data)]])


def _newest(versions: Sequence[Version]) -> Sequence[Version]:
    return versions[: -LISTED - 1 : -1]


def _line(say: Say, version: Version, serving: str, trained_by: Mapping[str, int]) -> str:
    name = escape(version.name)
    try:
        card = version.check()
    except VersionError:
        return say("version-broken", version=name)
    scores = card["scores"]
    return say(
        "version-line",
        version=name,
        serves=str(version.name == serving).lower(),
        date=datetime.fromisoformat(card["created"]).strftime("%Y-%m-%d %H:%M"),
        test=number(100 * scores["mnist_test"], 2) if scores else "–",
        validation=number(100 * scores["mnist_validation"], 2) if scores else "–",
        corrections=card["data"].get("corrections", 0),
        by="shipped" if version.shipped else str(trained_by.get(version.name, "unknown")),
    )
