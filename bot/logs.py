"""Logging set-up: plain text or JSON lines with the id of the update, secrets redacted."""

import logging
from collections.abc import Sequence

import structlog
from pydantic import SecretStr

from bot.update_context import current

OURS = ("bot", "model", "preprocessing")
FORMAT = "%(asctime)s %(levelname)-7s %(photo)s %(name)s: %(message)s"


class RedactingFormatter(logging.Formatter):
    """Replaces secrets in the formatted line, tracebacks included."""

    def __init__(self, inner: logging.Formatter, secrets: Sequence[str]) -> None:
        super().__init__()
        self._inner, self._secrets = inner, secrets

    def format(self, record: logging.LogRecord) -> str:
        """Return the formatted line with each secret replaced by "[secret]"."""
        work = current.get()
        record.photo = work.name if work else "-"
        line = self._inner.format(record)
        for secret in self._secrets:
            line = line.replace(secret, "[secret]")
        return line


def set_up_logs(level: str, secrets: Sequence[SecretStr | None], *, as_json: bool) -> None:
    """Log to standard error, from `level` on; `as_json`: one JSON object a line."""
    plain = [secret.get_secret_value() for secret in secrets if secret]
    # A token is "<bot id>:<key>". The key alone is secret, so it is redacted alone too.
    plain += [secret.partition(":")[2] for secret in plain if ":" in secret]
    inner = _json_formatter() if as_json else logging.Formatter(FORMAT)
    handler = logging.StreamHandler()
    handler.setFormatter(RedactingFormatter(inner, plain))
    # At DEBUG libraries log what users sent, and at INFO httpx logs URLs, which hold the token.
    logging.basicConfig(level=max(logging.INFO, logging.getLevelName(level)), handlers=[handler])
    logging.getLogger("httpx").setLevel(logging.WARNING)
    # At INFO it logs each migration at the first start, between the user and the chat's address.
    logging.getLogger("alembic").setLevel(logging.WARNING)
    for package in OURS:
        logging.getLogger(package).setLevel(level)


def _json_formatter() -> logging.Formatter:
    return structlog.stdlib.ProcessorFormatter(
        foreign_pre_chain=[
            structlog.stdlib.add_log_level,
            structlog.stdlib.add_logger_name,
            structlog.stdlib.ExtraAdder(allow=["photo"]),
            structlog.processors.TimeStamper(fmt="iso", utc=True),
        ],
        processors=[
            structlog.stdlib.ProcessorFormatter.remove_processors_meta,
            structlog.processors.format_exc_info,
            structlog.processors.JSONRenderer(),
        ],
    )
