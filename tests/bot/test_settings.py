"""Settings: environment before `.env` before default; errors have the key, not the value."""

from pathlib import Path

import pytest

from bot.settings import SettingsError, load_settings, warn_of_open_secrets


@pytest.fixture(autouse=True)
def clean_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    for key in ("BOT_TOKEN", "ADMIN_IDS", "DATA_DIR", "DATABASE_URL", "LISTEN"):
        monkeypatch.delenv(key, raising=False)
    return tmp_path


def test_nothing_set_gives_the_defaults() -> None:
    settings = load_settings()
    assert settings.bot_token is None
    assert settings.admin_ids == frozenset()
    assert settings.database == "sqlite:///data/bot.db"


def test_environment_goes_before_the_file(
    clean_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (clean_folder / ".env").write_text("DATA_DIR=from_file\nLISTEN=127.0.0.1:9000\n")
    monkeypatch.setenv("DATA_DIR", "from_environment")
    settings = load_settings()
    assert settings.data_dir == Path("from_environment")
    assert settings.listen_address == ("127.0.0.1", 9000)


@pytest.mark.parametrize("ids", ["1,22", "1, 22", " 1 ,22, "])
def test_admin_ids_are_separated_by_commas(ids: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ADMIN_IDS", ids)
    assert load_settings().admin_ids == {1, 22}


def test_empty_values_mean_the_default(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ADMIN_IDS", "")
    monkeypatch.setenv("RETRAIN_LIMIT", "")
    assert load_settings().admin_ids == frozenset()
    assert load_settings().retrain_limit is None


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("ADMIN_IDS", "hunter2"),
        ("LISTEN", "hunter2"),
        ("DEFAULT_MODEL", "hunter2"),
        ("WEBHOOK_SECRET", "hunter 2"),
    ],
)
def test_a_wrong_value_is_named_by_key_only(
    key: str, value: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(key, value)
    with pytest.raises(SettingsError, match=key) as raised:
        load_settings()
    assert value not in str(raised.value)


def test_an_unreadable_file_is_named_in_the_error(
    clean_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr("pydantic_settings.sources.providers.dotenv.dotenv_values", refuse)
    (clean_folder / ".env").write_text("BOT_TOKEN=123:xyzzy")
    with pytest.raises(SettingsError, match=r"\.env cannot be read: Permission denied"):
        load_settings()


def test_the_token_is_hidden_in_repr(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BOT_TOKEN", "123:xyzzy")
    assert "xyzzy" not in repr(load_settings())


@pytest.mark.parametrize(("mode", "warned"), [(0o600, False), (0o640, False), (0o644, True)])
def test_a_file_that_others_can_read_is_warned_of(
    mode: int, warned: bool, clean_folder: Path, caplog: pytest.LogCaptureFixture
) -> None:
    file = clean_folder / ".env"
    file.write_text("BOT_TOKEN=123:xyzzy")
    file.chmod(mode)
    warn_of_open_secrets(file)
    assert ("chmod 600" in caplog.text) is warned
    assert "xyzzy" not in caplog.text


@pytest.mark.parametrize(
    ("key", "value", "serves"), [("LISTEN", "127.0.0.1:9000", True), ("DATA_DIR", "x", False)]
)
def test_a_bot_with_a_token_listens_only_if_a_setting_says_so(
    key: str, value: str, serves: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("BOT_TOKEN", "123:xyzzy")
    monkeypatch.setenv(key, value)
    assert load_settings().serves is serves
