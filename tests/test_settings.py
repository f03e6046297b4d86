"""Settings: environment before `.env` before default; wrong ones name the key, not the value."""

from pathlib import Path

import pytest

from bot.settings import SettingsError, load_settings


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
    assert settings.database == "sqlite+aiosqlite:///data/bot.db"


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
    [("ADMIN_IDS", "hunter2"), ("LISTEN", "hunter2"), ("DEFAULT_MODEL", "hunter2")],
)
def test_a_wrong_value_is_named_by_key_only(
    key: str, value: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(key, value)
    with pytest.raises(SettingsError, match=key) as raised:
        load_settings()
    assert value not in str(raised.value)


def test_the_token_is_hidden_in_repr(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BOT_TOKEN", "123:xyzzy")
    assert "xyzzy" not in repr(load_settings())
