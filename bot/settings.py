"""The settings: from the environment, else `.env`, else their defaults."""

import logging
import re
import stat
from pathlib import Path
from typing import Annotated, Literal

from pydantic import Field, SecretStr, ValidationError, field_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

from model.classes import Model

log = logging.getLogger(__name__)
ENV_FILE = ".env"


class SettingsError(Exception):
    """A setting is wrong; the message has its key, never its value."""


class Settings(BaseSettings):
    """All settings of the bot; `.env.example` lists the same names and defaults."""

    model_config = SettingsConfigDict(
        env_file=ENV_FILE,
        env_ignore_empty=True,
        extra="ignore",
        frozen=True,
        hide_input_in_errors=True,
    )

    bot_token: SecretStr | None = None
    admin_ids: Annotated[frozenset[int], NoDecode] = frozenset()
    telegram_api_url: str = Field(default="https://api.telegram.org", pattern=r"^https?://")
    data_dir: Path = Path("data")
    database_url: SecretStr | None = None
    listen: str = Field(default="127.0.0.1:8080", pattern=r"^[^:]+:\d{1,5}$")
    webhook_url: str | None = Field(default=None, pattern=r"^https?://")
    webhook_secret: SecretStr | None = None
    local_password: SecretStr | None = None
    default_model: Model = "auto"
    retrain_epochs: int = Field(default=3, ge=1)
    retrain_limit: int | None = Field(default=None, ge=1)
    photos_per_minute: int = Field(default=12, ge=0)
    keep_readings_days: int = Field(default=365, ge=1)
    lease_seconds: float = Field(default=15, gt=0)
    log_format: Literal["text", "json"] = "text"
    log_level: Literal["DEBUG", "INFO", "WARNING", "ERROR"] = "INFO"

    @field_validator("admin_ids", mode="before")
    @classmethod
    def _split(cls, ids: object) -> object:
        return re.findall(r"[^\s,]+", ids) if isinstance(ids, str) else ids

    @field_validator("webhook_secret")
    @classmethod
    def _as_telegram_takes_it(cls, secret: SecretStr | None) -> SecretStr | None:
        if secret and not re.fullmatch(r"[A-Za-z0-9_-]{1,256}", secret.get_secret_value()):
            raise ValueError("up to 256 of A-Z a-z 0-9 _ - are allowed")
        return secret

    @field_validator("telegram_api_url")
    @classmethod
    def _without_slash(cls, url: str) -> str:
        return url.rstrip("/")

    @property
    def models_dir(self) -> Path:
        """The folder of trained versions."""
        return self.data_dir / "models"

    @property
    def database(self) -> str:
        """The URL of the store in SQLAlchemy's form."""
        if self.database_url:
            return self.database_url.get_secret_value()
        return f"sqlite:///{self.data_dir / 'bot.db'}"

    @property
    def serves(self) -> bool:
        """Whether the bot runs an HTTP server: with a webhook, or if `LISTEN` is set."""
        return self.bot_token is not None and bool(
            self.webhook_url or "listen" in self.model_fields_set
        )

    @property
    def listen_address(self) -> tuple[str, int]:
        """Host and port of `LISTEN`."""
        host, port = self.listen.rsplit(":", 1)
        return host, int(port)


def load_settings() -> Settings:
    """Read the settings; raises SettingsError with every key that is wrong."""
    try:
        return Settings()
    except OSError as error:
        raise SettingsError(f"{ENV_FILE} cannot be read: {error.strerror}") from None
    except ValidationError as error:
        wrong = [f"{str(e['loc'][0]).upper()}: {e['msg']}" for e in error.errors()]
        raise SettingsError("; ".join(wrong)) from None


def warn_of_open_secrets(file: Path) -> None:
    """Log a warning if other users of the machine can read the file with the token."""
    if file.is_file() and file.stat().st_mode & stat.S_IROTH:
        log.warning("others can read %s, which may hold the token: chmod 600 %s", file, file)
