"""One training from the chat: progress in one edited message, its end, and what then serves."""

import logging
import time
from html import escape

from telegram import Message, User
from telegram.constants import ParseMode
from telegram.error import TelegramError

from bot.services import Services
from bot.training import Event
from model import registry

log = logging.getLogger(__name__)

EDIT_EVERY = 3.0  # s; Telegram refuses faster edits of one message after a while
BAR_LENGTH = 12  # blocks
MAY_LOSE = 0.001  # accuracy on validation or under noise that a new version may lose and yet serve


class Retraining:
    """Follows the events of one training; made by `/retrain`, called by the Trainer."""

    def __init__(self, services: Services, kind: str, admin: User, message: Message) -> None:
        self._services, self._kind, self._admin = services, kind, admin
        self._message = message
        self._edited = time.monotonic()
        self._job_id: int | None = None

    async def __call__(self, event: Event) -> None:
        """Show progress, or end the job in the store and tell how it ended."""
        if event["event"] == "start":
            self._job_id = await self._services.store.add_job(
                self._kind, self._admin.id, self._message.chat_id, self._message.message_id
            )
        elif event["event"] == "progress":
            await self._show_progress(event)
        else:
            await self._end(event)

    async def _end(self, event: Event) -> None:
        state, text = event["event"], ""
        if state == "end":
            state, text = await self._promote(event)
        elif state == "failed":
            text = self._say("retrain-failed", reason=escape(str(event["reason"])))
        if self._job_id is not None:
            await self._services.store.end_job(self._job_id, state, event.get("version"))
        await self._edit(text)

    async def _promote(self, event: Event) -> tuple[str, str]:
        """Let the new version serve unless it is worse; what cannot be loaded never serves."""
        version = event["version"]
        state = "kept"
        if not is_worse(event["before"], event["after"]):
            try:
                await self._services.serve(self._kind, version)
                state = "promoted"
            except registry.VersionError:
                log.exception("version %s of %s does not load", version, self._kind)
        text = self._say(f"retrain-{state}", version=escape(version))
        return state, f"{text}\n\n<pre>{self._table(event)}</pre>"

    def _table(self, event: Event) -> str:
        rows = [
            (self._say("retrain-mnist"), "mnist_test"),
            (self._say("retrain-validation"), "mnist_validation"),
        ]
        before, after = event["before"], event["after"]
        lines = [
            f"{name:<22}{100 * before[key]:6.2f} → {100 * after[key]:6.2f}" for name, key in rows
        ]
        for level, accuracy in after["noise"].items():
            name = self._say("retrain-noise", level=level)
            lines.append(f"{name:<22}{100 * before['noise'][level]:6.2f} → {100 * accuracy:6.2f}")
        doubt, speed = self._say("retrain-doubt"), self._say("retrain-speed")
        lines.append(f"{doubt:<22}{before['unsure_below']:6.2f} → {after['unsure_below']:6.2f}")
        lines.append(f"{speed:<22}{before['ms_per_glyph']:6.2f} → {after['ms_per_glyph']:6.2f}")
        return "\n".join(lines)

    async def _show_progress(self, event: Event) -> None:
        now = time.monotonic()
        if now - self._edited < EDIT_EVERY:
            return
        self._edited = now
        full = round(BAR_LENGTH * event["done"])
        accuracy = event["val_accuracy"]
        text = self._say(
            "retrain-progress",
            bar="█" * full + "░" * (BAR_LENGTH - full),
            percent=int(100 * event["done"]),
            epoch=event["epoch"],
            epochs=event["epochs"],
            loss=f"{event['loss']:.3f}",
            accuracy="–" if accuracy is None else f"{100 * accuracy:.2f} %",
            minutes=round(event["seconds_left"] / 60),
        )
        await self._edit(text)

    async def _edit(self, text: str) -> None:
        try:
            await self._message.edit_text(text, ParseMode.HTML)
        except TelegramError as error:  # progress may get lost, the training goes on
            log.warning("the message on a training was not edited: %s", error)

    def _say(self, key: str, **values: str | float) -> str:
        return self._services.say(self._admin, key, kind=self._kind, **values)


def is_worse(before: Event, after: Event) -> bool:
    """Say whether a version's scores fall behind the serving one's by more than MAY_LOSE."""
    lost = [before["mnist_validation"] - after["mnist_validation"]]
    lost.append(_mean(before["noise"]) - _mean(after["noise"]))
    return max(lost) > MAY_LOSE


def _mean(accuracies: Event) -> float:
    return sum(accuracies.values()) / len(accuracies)
