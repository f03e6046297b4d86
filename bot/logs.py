"""Log lines: for people or as JSON, each with the id of its photo, none with a secret."""

import logging
from collections.abc import Sequence

import structlog
from pydantic import SecretStr

from bot.update_context import current

OURS = ("bot", "model", "preprocessing")
FORMAT = "%(asctime)s %(levelname)-7s %(photo)s %(name)s: %(message)s"


class RedactingFormatter(logging.Formatter):
    """Replaces secrets wherever they stand in the finished line, tracebacks included."""

    def __init__(self, inner: logging.Formatter, secrets: Sequence[str]) -> None:
        super().__init__()
        self._inner, self._secrets = inner, secrets

    def format(self, record: logging.LogRecord) -> str:
        """Return the finished line with each secret replaced by "[secret]"."""
        work = current.get()
        record.photo = work.name if work else "-"
        line = self._inner.format(record)
        for secret in self._secrets:
            line = line.replace(secret, "[secret]")
        return line


def set_up_logs(level: str, secrets: Sequence[SecretStr | None], *, as_json: bool) -> None:
    """Log to standard error from `level` on."""
    plain = [secret.get_secret_value() for secret in secrets if secret]
    # Of a token also the part after the bot's id: that part alone is what has to stay secret.
    plain += [secret.partition(":")[2] for secret in plain if ":" in secret]
    inner = _json_formatter() if as_json else logging.Formatter(FORMAT)
    handler = logging.StreamHandler()
    handler.setFormatter(RedactingFormatter(inner, plain))
    # Below INFO libraries log what people sent, and httpx at INFO each URL, with the token in it.
    logging.basicConfig(level=max(logging.INFO, logging.getLevelName(level)), handlers=[handler])
    logging.getLogger("httpx").setLevel(logging.WARNING)
    # At INFO a dozen lines about tables that are made, where a newcomer looks for the address.
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
