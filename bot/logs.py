"""Log lines without the token."""

import logging

from pydantic import SecretStr

FORMAT = "%(asctime)s %(levelname)-7s %(name)s: %(message)s"


class RedactingFormatter(logging.Formatter):
    """Replaces a secret wherever it stands in the finished line, tracebacks included."""

    def __init__(self, secret: str | None) -> None:
        super().__init__(FORMAT)
        self._secret = secret

    def format(self, record: logging.LogRecord) -> str:
        """Return the line with the secret blotted out."""
        line = super().format(record)
        return line.replace(self._secret, "[token]") if self._secret else line


def set_up_logs(level: str, token: SecretStr | None) -> None:
    """Log to standard error from `level` on."""
    handler = logging.StreamHandler()
    handler.setFormatter(RedactingFormatter(token.get_secret_value() if token else None))
    logging.basicConfig(level=level, handlers=[handler])
    # Each of its lines is a URL with the token, one for every poll.
    logging.getLogger("httpx").setLevel(logging.WARNING)
