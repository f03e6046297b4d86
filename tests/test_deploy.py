"""What `deploy/` starts: units, containers and a balancer whose own programs find them right."""

import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest
import yaml

from bot.settings import Settings

ROOT = Path(__file__).parents[1]
DEPLOY = ROOT / "deploy"
SETTINGS = {name.upper() for name in Settings.model_fields}
UNITS = ["digit-bot.service", "digit-bot@8081.service", "digit-worker.service"]
DATABASES = {"POSTGRES_USER", "POSTGRES_DB", "POSTGRES_PASSWORD"}  # of PostgreSQL's image
NGINX = shutil.which("nginx", path=f"{os.environ.get('PATH', '')}:/usr/sbin")


def read(name: str) -> str:
    return (DEPLOY / name).read_text(encoding="utf-8")


def test_compose_starts_bots_a_worker_a_database_and_a_balancer() -> None:
    found = yaml.safe_load(read("compose.yml"))
    services = found["services"]
    assert set(services) == {"bot", "worker", "database", "balancer"}
    assert services["bot"]["deploy"]["replicas"] == 2
    for name, target in (("bot", "serve"), ("worker", "train")):
        assert services[name]["build"] == {"context": "..", "target": target}
        assert f" AS {target}" in (ROOT / "Dockerfile").read_text(encoding="utf-8")
        assert set(services[name]["environment"]) <= SETTINGS
        Settings(**{key.lower(): value for key, value in services[name]["environment"].items()})
    for service in services.values():
        for volume in service.get("volumes", []):
            source = volume.partition(":")[0]
            is_there = source in found["volumes"] or (DEPLOY / source).exists()
            assert is_there or source == "./certificates"


def test_all_named_settings_exist() -> None:
    text = "".join(read(file.name) for file in DEPLOY.iterdir() if file.is_file())
    named = set(re.findall(r"\b[A-Z]+(?:_[A-Z]+)+\b", text))
    assert named - SETTINGS <= DATABASES, named - SETTINGS
    assert {"DATA_DIR", "DATABASE_URL", "WEBHOOK_URL"} <= named


@pytest.mark.parametrize("unit", UNITS)
def test_systemd_finds_the_units_right(unit: str) -> None:
    if not shutil.which("systemd-analyze"):
        pytest.skip("systemd is not installed")
    checked = subprocess.run(  # noqa: S603
        ["systemd-analyze", "verify", "--man=no", "--recursive-errors=no", str(DEPLOY / unit)],  # noqa: S607
        env={**os.environ, "SYSTEMD_UNIT_PATH": f"{DEPLOY}:"},
        capture_output=True,
        text=True,
    )
    assert checked.returncode == 0, checked.stderr
    assert not [line for line in checked.stderr.splitlines() if "digit-" in line]


def test_units_are_confined_and_start_what_is_there() -> None:
    confined = read("digit-.service.d/confined.conf")
    assert "DynamicUser=yes" in confined and "NoNewPrivileges=yes" in confined
    modules = [re.findall(r"python -m (\S+)", read(unit.replace("8081", ""))) for unit in UNITS]
    assert modules == [["bot"], ["bot"], ["bot.worker"]]


def test_nginx_finds_its_configuration_right(tmp_path: Path) -> None:
    if not NGINX or not shutil.which("openssl"):
        pytest.skip("nginx is not installed (Debian: apt install nginx-light)")
    make = [
        "openssl",
        "req",
        "-x509",
        "-newkey",
        "rsa:2048",
        "-nodes",
        "-days",
        "1",
        "-subj",
        "/CN=test",
    ]
    files = "-keyout", str(tmp_path / "privkey.pem"), "-out", str(tmp_path / "fullchain.pem")
    subprocess.run([*make, *files], check=True, capture_output=True)  # noqa: S603
    server = read("nginx.conf").replace("/etc/nginx/certificates", str(tmp_path))
    (tmp_path / "nginx.conf").write_text(
        f"pid {tmp_path}/pid;error_log {tmp_path}/errors;events {{}}http {{{server}}}"
    )
    checked = subprocess.run(  # noqa: S603
        [NGINX, "-t", "-e", str(tmp_path / "errors"), "-c", str(tmp_path / "nginx.conf")],
        capture_output=True,
        text=True,
    )
    assert checked.returncode == 0, checked.stderr
