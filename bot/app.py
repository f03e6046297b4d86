"""All wiring: the guard, the table of handlers, errors."""

from functools import partial
from typing import Any, TypeAlias

from telegram.ext import Application, ApplicationBuilder

from bot.access import guard, guard_of_taps, last_of_taps
from bot.delivery.inbox import Inbox, KeepingBot
from bot.delivery.line import PatientRequest
from bot.delivery.request import AiohttpRequest
from bot.delivery.sending import Courier
from bot.delivery.turns import Turns
from bot.errors import answer_error
from bot.handlers import (
    admin,
    albums,
    draw,
    feedback,
    groups,
    language,
    models,
    photos,
    privacy,
    samples,
    start,
    stats,
    versions,
    why,
)
from bot.metrics import Metrics
from bot.patience import Patience
from bot.services import Services

App: TypeAlias = Application[Any, Any, Any, Any, Any, Any]

GUARD_GROUP = -1  # before the handlers, which are in group 0


def build(
    services: Services, token: str, api_url: str, line: PatientRequest, metrics: Metrics
) -> App:
    """Return the application with every handler; the first that matches an update takes it."""
    inbox = Inbox(services.store)
    bot = KeepingBot(
        inbox,
        token=token,
        base_url=f"{api_url}/bot",
        base_file_url=f"{api_url}/file/bot",
        request=line,
        get_updates_request=AiohttpRequest(1),
        rate_limiter=Courier(services.store.sends, inbox),
    )
    app = (
        ApplicationBuilder()
        .bot(bot)
        .update_queue(inbox)
        .concurrent_updates(Turns(inbox, metrics, Patience(services)))
        .build()
    )
    app.add_handler(guard(services), GUARD_GROUP)
    app.add_handler(guard_of_taps(services), GUARD_GROUP)
    app.add_handler(groups.not_for_us())
    for topic in (start, draw, language, models, privacy, why, feedback, albums, photos, groups):
        app.add_handlers(topic.handlers(services))
    for topic in (admin, versions, samples, stats):
        app.add_handlers(topic.handlers(services))
    app.add_handler(start.catch_all(services))
    app.add_handler(last_of_taps(services))
    app.add_error_handler(partial(answer_error, services=services))
    return app
