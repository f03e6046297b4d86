"""/stats, for admins: numbers of photos and users, and shares marked wrong, with a chart."""

from functools import partial
from typing import cast

from telegram import Message, Update
from telegram.ext import ContextTypes

from bot.access import for_admins
from bot.filters import Handler
from bot.pictures.chart import chart
from bot.services import Services
from bot.store.statistics import PERIODS, Share
from bot.texts import Say, number

FEW = 20  # digits below which a count is given instead of a percentage


async def stats(update: Update, _: ContextTypes.DEFAULT_TYPE, *, services: Services) -> None:
    """Send a chart of all periods, and the numbers of the longest as text."""
    say: Say = partial(services.say, update.effective_user)
    periods = [await services.store.statistics.latest(days) for days in PERIODS]
    longest = periods[-1]
    total = longest.total
    text = say(
        "stats",
        days=longest.days,
        photos=longest.photos,
        users=longest.users,
        share=_in_words(say, total),
    )
    if total.wrong:
        digit, share = max(longest.by_digit.items(), key=lambda item: item[1].part)
        text += " " + say("stats-worst", digit=str(digit), share=_in_words(say, share))
    else:
        text += " " + say("stats-all-right")
    picture = await services.draw(chart, say, periods)
    await cast(Message, update.effective_message).reply_photo(picture, text)


def _in_words(say: Say, share: Share) -> str:
    """Return the share marked wrong: a percentage or, of few digits, a count."""
    few = "yes" if share.read < FEW else "no"
    percent = number(100 * share.part, 1)
    return say("share", wrong=share.wrong, read=share.read, percent=percent, few=few)


def handlers(services: Services) -> list[Handler]:
    """The command."""
    return for_admins(services, {"stats": stats})
