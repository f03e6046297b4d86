"""/versions and /rollback, for admins: list, promote, delete and roll back versions."""

import asyncio
from functools import partial
from typing import cast

from telegram import (
    CallbackQuery,
    InlineKeyboardMarkup,
    Message,
    Update,
    User,
)
from telegram.constants import ParseMode
from telegram.ext import ContextTypes

from bot.access import for_admins
from bot.filters import Handler
from bot.learning.announce import announce
from bot.learning.network_choice import NETWORKS, network_buttons
from bot.learning.version_list import (
    delete_buttons,
    promote_sure_button,
    version_buttons,
    version_lines,
)
from bot.services import Services
from model.classes import KINDS
from model.registry import VersionError

ROLL_BACK = "rollback:"  # callback data of a button, before the choice


async def versions(update: Update, _: ContextTypes.DEFAULT_TYPE, *, services: Services) -> None:
    """List both networks' versions, each in a message of its own."""
    message, user = cast(Message, update.effective_message), cast(User, update.effective_user)
    for kind in KINDS:
        text, buttons = await _list(kind, user, services)
        await message.reply_text(text, ParseMode.HTML, reply_markup=buttons)


async def rollback(
    update: Update, context: ContextTypes.DEFAULT_TYPE, *, services: Services
) -> None:
    """Let the former version of a network serve again; without an argument ask which network."""
    message, user = cast(Message, update.effective_message), cast(User, update.effective_user)
    choice = context.args[0].lower() if context.args else ""
    if choice in NETWORKS:
        await _roll_back(message, user, choice, services)
        return
    say = partial(services.say, user)
    await message.reply_text(say("rollback-choose"), reply_markup=network_buttons(say, ROLL_BACK))


async def roll_back_chosen(
    update: Update, _: ContextTypes.DEFAULT_TYPE, *, services: Services
) -> None:
    """Roll back the network on the button, and remove the buttons."""
    query = cast(CallbackQuery, update.callback_query)
    message = cast(Message, query.message)
    await query.answer()
    await message.edit_reply_markup(None)
    choice = cast(str, query.data).removeprefix(ROLL_BACK)
    await _roll_back(message, query.from_user, choice, services)


async def change(
    update: Update, context: ContextTypes.DEFAULT_TYPE, *, services: Services
) -> None:
    """Promote or delete a version of the list, and show the new list."""
    query = cast(CallbackQuery, update.callback_query)
    action, kind, *name = cast(str, query.data).split(":")
    say = partial(services.say, query.from_user)
    try:
        if action == "serve":
            await services.serve(kind, name[0])
            await announce(context.bot, services, name[0])
        elif action == "delete":
            await services.delete_version(kind, name[0])
    except VersionError:
        await query.answer(say("version-refused"), show_alert=True)
        return
    if action == "delete?":
        await query.edit_message_reply_markup(delete_buttons(say, kind, name[0]))
    else:
        text, buttons = await _list(kind, query.from_user, services)
        await query.edit_message_text(text, ParseMode.HTML, reply_markup=buttons)
    await query.answer()


async def promote(
    update: Update, context: ContextTypes.DEFAULT_TYPE, *, services: Services
) -> None:
    """Promote a version that failed a test, after a second tap."""
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
    await announce(context.bot, services, version)


def handlers(services: Services) -> list[Handler]:
    """The commands and their buttons."""
    kinds = "|".join(KINDS)
    buttons = {
        rf"list:({kinds})|(serve|delete\??):({kinds}):[\w.-]+": change,
        f"{ROLL_BACK}({'|'.join(NETWORKS)})": roll_back_chosen,
        rf"promote\??:({kinds}):[\w.-]+": promote,
    }
    commands = {"versions": versions, "rollback": rollback}
    return for_admins(services, commands, buttons)


async def _roll_back(message: Message, user: User, choice: str, services: Services) -> None:
    say = partial(services.say, user)
    for kind in NETWORKS[choice]:
        try:
            version = await services.roll_back(kind)
        except VersionError:
            await message.reply_text(say("rollback-none", kind=kind))
        else:
            text = say("version-serves", kind=kind, version=version)
            await message.reply_text(text, ParseMode.HTML)


async def _list(
    kind: str, user: User, services: Services
) -> tuple[str, InlineKeyboardMarkup | None]:
    listed = await asyncio.to_thread(services.registry.list, kind)
    serving = services.serving(kind)
    trained_by = await services.store.jobs.trained_by(kind)
    say = partial(services.say, user, kind=kind)
    return version_lines(say, listed, serving, trained_by), version_buttons(say, listed, serving)
