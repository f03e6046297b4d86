"""The application: rate limits, handlers in their order, error handler."""

from functools import partial

from telegram.ext import ApplicationBuilder, ExtBot, MessageHandler, filters

from bot.access import Hinted, guard, guard_of_taps, last_of_taps
from bot.delivery.sender import ReliableSender
from bot.delivery.updates import Connections
from bot.errors import answer_error
from bot.filters import App
from bot.handlers import (
    albums,
    draw,
    export,
    feedback,
    groups,
    language,
    models,
    photos,
    privacy,
    retrain,
    samples,
    start,
    stats,
    versions,
    why,
)
from bot.services import Services

GUARD_GROUP = -1  # before the handlers, which are in group 0


def build_bot(
    services: Services, token: str, api_url: str, connections: Connections
) -> ExtBot[int]:
    """Return PTB's bot, with `ReliableSender` as its rate limiter."""
    return ExtBot(
        token=token,
        base_url=f"{api_url}/bot",
        base_file_url=f"{api_url}/file/bot",
        request=connections.calls,
        get_updates_request=connections.polling,
        rate_limiter=ReliableSender(services.store),
    )


def build(services: Services, token: str, api_url: str, connections: Connections) -> App:
    """Return the application with all handlers; the first in its group that matches is called."""
    bot = build_bot(services, token, api_url, connections)
    app = ApplicationBuilder().bot(bot).update_queue(connections.inbox).build()
    app.add_handler(guard(services), GUARD_GROUP)
    app.add_handler(guard_of_taps(services), GUARD_GROUP)
    app.add_handler(photos.exchanged(services))
    app.add_handler(groups.guests(services))
    app.add_handler(groups.not_for_us())
    for topic in (start, draw, language, models, privacy):
        app.add_handlers(topic.handlers(services))
    for topic in (why, feedback, export, albums, photos, groups):
        app.add_handlers(topic.handlers(services))
    for topic in (retrain, versions, samples, stats):
        app.add_handlers(topic.handlers(services))
    app.add_handler(
        MessageHandler(filters.TEXT & filters.ChatType.PRIVATE & Hinted(), groups.ignore)
    )
    app.add_handler(start.unknown_command(services))
    app.add_handler(start.catch_all(services))
    app.add_handler(last_of_taps(services))
    app.add_error_handler(partial(answer_error, services=services))
    return app
