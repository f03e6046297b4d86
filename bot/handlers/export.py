"""The corrected digits of an answer as a table (CSV), and the sum of their lines."""

import csv
import io
from collections.abc import Mapping

from bot.answers.state import corrected_digits, doubts, marked_digits
from bot.answers.taps import Tap, on_tap
from bot.filters import Handler
from bot.services import Services
from bot.store.tables import ReadingRow

FILE_NAME = "digits.csv"
SUMMANDS_MAX = 8  # lines of a sum that are written out
SUMMAND_DIGITS_MAX = 12  # digits of a line that is written out


async def send_table(tap: Tap) -> None:
    """Send a CSV file with a row for each line of digits."""
    await tap.query.answer()
    table = as_csv(tap.row, await tap.should_be())
    await tap.message.reply_document(table, filename=FILE_NAME, do_quote=True)


async def send_sum(tap: Tap) -> None:
    """Send the sum of the lines, each read as one number."""
    await tap.query.answer()
    should_be = await tap.should_be()
    lines = corrected_digits(tap.row.text, should_be).split()
    total, summands = str(sum(map(int, lines))), " + ".join(lines)
    is_long = len(lines) > SUMMANDS_MAX or max(map(len, lines)) > SUMMAND_DIGITS_MAX
    text = tap.say("sum-of", count=len(lines), total=total) if is_long else f"{summands} = {total}"
    if doubts(tap.row, should_be):
        text += "\n" + tap.say("sum-unsure")
    await tap.message.reply_text(text, do_quote=True)


def as_csv(row: ReadingRow, should_be: Mapping[int, int]) -> bytes:
    """Return a CSV with number, digits, and digits with "?" after doubtful ones, by line."""
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
    return [on_tap("table", send_table, services), on_tap("sum", send_sum, services)]
