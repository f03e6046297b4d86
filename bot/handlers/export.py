"""The digits of an answer, corrections included, as a table (CSV) and their lines' sum."""

import csv
import io
from collections.abc import Mapping
from functools import partial
from typing import cast

from telegram import CallbackQuery, Message, Update
from telegram.ext import CallbackQueryHandler, ContextTypes

from bot.answers.state import corrected_digits, doubts, marked_digits
from bot.answers.taps import NUMBER, own_reading
from bot.filters import Handler
from bot.services import Services
from bot.store.tables import ReadingRow

FILE_NAME = "digits.csv"
SUMMANDS_MAX = 8  # lines of a sum that are written out
SUMMAND_DIGITS_MAX = 12  # digits of a line that is written out


async def send_table(update: Update, _: ContextTypes.DEFAULT_TYPE, *, services: Services) -> None:
    """Send a CSV file with a row for each line."""
    query = cast(CallbackQuery, update.callback_query)
    row = await own_reading(query, services)
    if row is None:
        return
    await query.answer()
    should_be = await services.store.corrections.of_reading(row.id)
    await cast(Message, query.message).reply_document(
        as_csv(row, should_be), filename=FILE_NAME, do_quote=True
    )


async def send_sum(update: Update, _: ContextTypes.DEFAULT_TYPE, *, services: Services) -> None:
    """Say what the lines add up to, each taken as one number."""
    query = cast(CallbackQuery, update.callback_query)
    row = await own_reading(query, services)
    if row is None:
        return
    await query.answer()
    should_be = await services.store.corrections.of_reading(row.id)
    lines = corrected_digits(row.text, should_be).split()
    total, summands = str(sum(map(int, lines))), " + ".join(lines)
    is_long = len(lines) > SUMMANDS_MAX or max(map(len, lines)) > SUMMAND_DIGITS_MAX
    say = partial(services.say, query.from_user)
    text = say("sum-of", count=len(lines), total=total) if is_long else f"{summands} = {total}"
    if doubts(row, should_be):
        text += "\n" + say("sum-unsure")
    await cast(Message, query.message).reply_text(text, do_quote=True)


def as_csv(row: ReadingRow, should_be: Mapping[int, int]) -> bytes:
    """Return a table of the lines: number, digits, and the digits again with "?" at doubts."""
    table = io.StringIO()
    writer = csv.writer(table)
    writer.writerow(("line", "digits", "with_doubts"))
    lines = corrected_digits(row.text, should_be).split()
    marked = marked_digits(row, should_be).split()
    for number, (digits, with_doubts) in enumerate(zip(lines, marked, strict=True), start=1):
        writer.writerow((number, digits, with_doubts))
    return table.getvalue().encode()


def handlers(services: Services) -> list[Handler]:
    """The buttons under an answer of several lines."""
    return [
        CallbackQueryHandler(partial(send_table, services=services), f"^table{NUMBER}$"),
        CallbackQueryHandler(partial(send_sum, services=services), f"^sum{NUMBER}$"),
    ]
