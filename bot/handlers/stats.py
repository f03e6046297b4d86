"""/stats, for admins: photos, users and what was marked wrong, as a picture and two sentences."""

from functools import partial
from typing import cast

from telegram import Message, Update
from telegram.ext import CommandHandler, ContextTypes

from bot.access import admins_only
from bot.filters import Handler
from bot.pictures.chart import chart
from bot.services import Services
from bot.store.statistics import PERIODS
from bot.texts import Say, number


@admins_only
async def stats(update: Update, _: ContextTypes.DEFAULT_TYPE, *, services: Services) -> None:
    """Show all periods, and put the longest into words."""
    say: Say = partial(services.say, update.effective_user)
    periods = [await services.store.statistics.latest(days) for days in PERIODS]
    longest = periods[-1]
    total = longest.total
    text = say(
        "stats",
        days=longest.days,
        photos=longest.photos,
        users=longest.users,
        digits=total.read,
        percent=number(100 * total.part, 1),
    )
    if total.wrong:
        digit, share = max(longest.by_digit.items(), key=lambda item: item[1].part)
        part = number(100 * share.part, 0)
        text += " " + say("stats-worst", digit=str(digit), percent=part, read=share.read)
    else:
        text += " " + say("stats-all-right")
    picture = await services.draw(chart, say, periods)
    await cast(Message, update.effective_message).reply_photo(picture, text)


def handlers(services: Services) -> list[Handler]:
    """The command."""
    return [CommandHandler("stats", partial(stats, services=services))]
