"""/samples, for admins: sheets of users' corrections, and the choice of which may train."""

import re
from collections.abc import Sequence
from functools import partial
from typing import cast

from telegram import (
    CallbackQuery,
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    Message,
    Update,
    User,
)
from telegram.ext import ContextTypes

from bot.access import for_admins
from bot.filters import Handler
from bot.learning.report import left_out_lines
from bot.learning.training_message import ASIDE, SHOW
from bot.pictures.sheet import corrections_sheet, sign_of
from bot.services import Services
from bot.store.tables import CorrectionRow
from bot.texts import Say

APPROVE = "approve"  # callback data, with :was:should_be:first:last, of the button under a sheet
PAGE = 50  # corrections on a sheet
NUMBER = re.compile(r"[0-9]{1,18}")  # fits the store's 64 bits
CHANGES = {"exclude": True, "include": False}
USERS_MAX = 15  # users listed under a sheet


async def samples(
    update: Update, context: ContextTypes.DEFAULT_TYPE, *, services: Services
) -> None:
    """Show the newest corrections, or change some: `exclude 12 15`, `include user 7`."""
    message, user = cast(Message, update.effective_message), cast(User, update.effective_user)
    words = [word.lower() for word in context.args or []]
    if not words:
        await _send_page(message, user, None, services)
        return
    change, *rest = words
    by_user = rest[:1] == ["user"]
    numbers = [word.removeprefix("#") for word in rest[by_user:]]
    if change not in CHANGES or not numbers or not all(map(NUMBER.fullmatch, numbers)):
        await message.reply_text(services.say(user, "samples-usage"))
        return
    mark = services.store.corrections
    how = mark.exclude_users if by_user else mark.exclude
    count = await how([int(number) for number in numbers], CHANGES[change])
    await message.reply_text(services.say(user, f"samples-{change}d", count=count))


async def show_change(update: Update, _: ContextTypes.DEFAULT_TYPE, *, services: Services) -> None:
    """Show the oldest corrections of one change of label that no admin has decided on."""
    query = cast(CallbackQuery, update.callback_query)
    message, say = cast(Message, query.message), partial(services.say, query.from_user)
    was, should_be = map(int, cast(str, query.data).removeprefix(f"{SHOW}:").split(":"))
    rows = await services.store.corrections.of_change(was, should_be, PAGE)
    await query.answer(None if rows else say("samples-none"))
    if not rows:
        return
    approve = f"{APPROVE}:{was}:{should_be}:{rows[0].id}:{rows[-1].id}"
    keys = ("button-approve", approve), ("button-aside", f"{ASIDE}:{was}:{should_be}")
    buttons = [[InlineKeyboardButton(say(key), callback_data=data)] for key, data in keys]
    await message.reply_photo(
        await services.draw(corrections_sheet, rows),
        say("samples", first=str(rows[0].id), last=str(rows[-1].id), users=_users(say, rows)),
        reply_markup=InlineKeyboardMarkup(buttons),
    )


async def approve(update: Update, _: ContextTypes.DEFAULT_TYPE, *, services: Services) -> None:
    """Approve the corrections on a sheet: they train without the tests of corrections."""
    query = cast(CallbackQuery, update.callback_query)
    numbers = map(int, cast(str, query.data).removeprefix(f"{APPROVE}:").split(":"))
    count = await services.store.corrections.approve_change(*numbers)
    await query.answer(
        services.say(query.from_user, "samples-included", count=count), show_alert=True
    )


async def older(update: Update, _: ContextTypes.DEFAULT_TYPE, *, services: Services) -> None:
    """Show the sheet with the next older corrections."""
    query = cast(CallbackQuery, update.callback_query)
    before = int(cast(str, query.data).removeprefix("samples:"))
    await _send_page(cast(Message, query.message), query.from_user, before, services)
    await query.answer()


def handlers(services: Services) -> list[Handler]:
    """Return the handlers of the command and of the buttons that show a sheet or are below it."""
    buttons = {
        r"samples:\d{1,18}": older,
        rf"{SHOW}:\d:(\d|10)": show_change,
        rf"{APPROVE}:\d:(\d|10)(:\d{{1,18}}){{2}}": approve,
    }
    return for_admins(services, {"samples": samples}, buttons)


async def _send_page(message: Message, user: User, before: int | None, services: Services) -> None:
    found = await services.store.corrections.page(before, PAGE + 1)
    rows, are_more = found[:PAGE], len(found) > PAGE
    say = partial(services.say, user)
    if not rows:
        await message.reply_text(say("samples-none"))
        return
    button = InlineKeyboardButton(say("button-older"), callback_data=f"samples:{rows[-1].id}")
    text = say("samples", first=str(rows[-1].id), last=str(rows[0].id), users=_users(say, rows))
    left_out = left_out_lines(say, [row.use for row in rows if row.use is not None])
    await message.reply_photo(
        await services.draw(corrections_sheet, rows),
        "\n".join(filter(None, [text, left_out])),
        reply_markup=InlineKeyboardMarkup([[button]]) if are_more else None,
    )


def _users(say: Say, rows: Sequence[CorrectionRow]) -> str:
    """Return a line for each user with the numbers of the corrections: "User 7: #12 #15≠"."""
    by_user: dict[int, list[str]] = {}
    for row in rows:
        by_user.setdefault(row.user_id, []).append(f"#{row.id}{sign_of(row)}")
    named = [
        say("samples-user", teacher=str(user), numbers=" ".join(numbers))
        for user, numbers in by_user.items()
    ]
    return "\n".join(named[:USERS_MAX])
