"""Log lines: secrets redacted, the id of the update, JSON if it is set."""

import json
import logging
from collections.abc import Iterator

import pytest
from pydantic import SecretStr

from bot.logs import OURS, set_up_logs
from bot.update_context import UpdateContext, current

TOKEN = SecretStr("123456:AAsecretsecret")


@pytest.fixture(autouse=True)
def former_logging() -> Iterator[None]:
    loggers = [logging.getLogger(), *map(logging.getLogger, ("httpx", *OURS))]
    before = [(logger, logger.level, logger.handlers[:]) for logger in loggers]
    yield
    for logger, level, handlers in before:
        logger.setLevel(level)
        logger.handlers[:] = handlers


def set_up(level: str, *, as_json: bool = False) -> None:
    """Set logging up without pytest's handlers, as in a new process."""
    logging.getLogger().handlers.clear()
    set_up_logs(level, [TOKEN, None], as_json=as_json)


def line(capsys: pytest.CaptureFixture[str]) -> str:
    return capsys.readouterr().err


@pytest.mark.parametrize("as_json", [False, True])
def test_the_token_is_redacted_in_lines_and_tracebacks(
    as_json: bool, capsys: pytest.CaptureFixture[str]
) -> None:
    set_up("INFO", as_json=as_json)
    try:
        raise ValueError(f"https://api.telegram.org/bot{TOKEN.get_secret_value()}/getMe")
    except ValueError:
        logging.getLogger("bot").exception("asked %s", TOKEN.get_secret_value())
    shown = line(capsys)
    assert "AAsecretsecret" not in shown
    assert "ValueError" in shown


def test_a_line_of_a_photo_has_its_id(capsys: pytest.CaptureFixture[str]) -> None:
    set_up("INFO")
    token = current.set(UpdateContext(0xABC))
    logging.getLogger("bot").info("read")
    current.reset(token)
    assert " abc bot: read" in line(capsys)


def test_json_for_programs(capsys: pytest.CaptureFixture[str]) -> None:
    set_up("INFO", as_json=True)
    logging.getLogger("bot.x").warning("a %s", "word")
    entry = json.loads(line(capsys))
    assert entry.pop("timestamp")
    assert entry == {"event": "a word", "level": "warning", "logger": "bot.x", "photo": "-"}


def test_what_users_sent_is_not_in_the_logs_of_libraries(
    capsys: pytest.CaptureFixture[str],
) -> None:
    set_up("DEBUG")
    logging.getLogger("telegram.ext").debug("Processing update with a name and a caption")
    logging.getLogger("bot").debug("ours")
    assert line(capsys).splitlines()[0].endswith("bot: ours")
