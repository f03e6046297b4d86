"""/versions and /rollback, for admins: what is trained, what serves, and the way back."""

import asyncio
from functools import partial
from typing import cast

from telegram import CallbackQuery, InlineKeyboardMarkup, Message, Update, User
from telegram.constants import ParseMode
from telegram.ext import CallbackQueryHandler, CommandHandler, ContextTypes

from bot.access import admins_only
from bot.filters import Handler
from bot.learning.version_list import (
    delete_buttons,
    promote_sure_button,
    version_buttons,
    version_lines,
)
from bot.services import Services
from model.classes import KINDS
from model.registry import VersionError


@admins_only
async def versions(update: Update, _: ContextTypes.DEFAULT_TYPE, *, services: Services) -> None:
    """List both networks' versions, each in a message of its own."""
    message, user = cast(Message, update.effective_message), cast(User, update.effective_user)
    for kind in KINDS:
        text, buttons = await _list(kind, user, services)
        await message.reply_text(text, ParseMode.HTML, reply_markup=buttons)


@admins_only
async def rollback(
    update: Update, context: ContextTypes.DEFAULT_TYPE, *, services: Services
) -> None:
    """Let the version that served before serve again."""
    message, user = cast(Message, update.effective_message), cast(User, update.effective_user)
    say = partial(services.say, user)
    kind = context.args[0].lower() if context.args else ""
    if kind not in KINDS:
        await message.reply_text(say("rollback-usage"))
        return
    try:
        version = await services.roll_back(kind)
    except VersionError:
        await message.reply_text(say("rollback-none", kind=kind))
        return
    await message.reply_text(say("version-serves", kind=kind, version=version), ParseMode.HTML)


@admins_only
async def change(update: Update, _: ContextTypes.DEFAULT_TYPE, *, services: Services) -> None:
    """Serve or delete a version of the list, and show the list as it is then."""
    query = cast(CallbackQuery, update.callback_query)
    action, kind, *name = cast(str, query.data).split(":")
    say = partial(services.say, query.from_user)
    try:
        if action == "serve":
            await services.serve(kind, name[0])
        elif action == "delete":
            await asyncio.to_thread(services.registry.delete, kind, name[0])
    except VersionError:
        await query.answer(say("version-refused"), show_alert=True)
        return
    if action == "delete?":
        await query.edit_message_reply_markup(delete_buttons(say, kind, name[0]))
    else:
        text, buttons = await _list(kind, query.from_user, services)
        await query.edit_message_text(text, ParseMode.HTML, reply_markup=buttons)
    await query.answer()


@admins_only
async def promote(update: Update, _: ContextTypes.DEFAULT_TYPE, *, services: Services) -> None:
    """Let a version serve that failed a test: asked once more, then done."""
    query = cast(CallbackQuery, update.callback_query)
    action, kind, version = cast(str, query.data).split(":")
    say = partial(services.say, query.from_user)
    if action == "promote?":
        await query.edit_message_reply_markup(promote_sure_button(say, kind, version))
        await query.answer(say("promote-sure"))
        return
    try:
        await services.serve(kind, version)
    except VersionError:
        await query.answer(say("version-refused"), show_alert=True)
        return
    await query.edit_message_reply_markup(None)
    text = say("version-serves", kind=kind, version=version)
    await cast(Message, query.message).reply_text(text, ParseMode.HTML)
    await query.answer()


def handlers(services: Services) -> list[Handler]:
    """The commands and their buttons."""
    kinds = "|".join(KINDS)
    change_data = rf"^(list:({kinds})|(serve|delete\??):({kinds}):[\w.-]+)$"
    return [
        CommandHandler("versions", partial(versions, services=services)),
        CommandHandler("rollback", partial(rollback, services=services)),
        CallbackQueryHandler(partial(change, services=services), change_data),
        CallbackQueryHandler(
            partial(promote, services=services), rf"^promote\??:({kinds}):[\w.-]+$"
        ),
    ]


async def _list(
    kind: str, user: User, services: Services
) -> tuple[str, InlineKeyboardMarkup | None]:
    listed = await asyncio.to_thread(services.registry.list, kind)
    serving = services.serving(kind)
    trained_by = await services.store.jobs.trained_by(kind)
    say = partial(services.say, user, kind=kind)
    return version_lines(say, listed, serving, trained_by), version_buttons(say, listed, serving)
