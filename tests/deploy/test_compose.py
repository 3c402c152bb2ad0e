"""The parts of the example agree with each other. Without Docker its containers are not started here."""

from __future__ import annotations

import re
import runpy
from typing import Any

import pytest
import yaml

from tests.deploy.deployment import EXAMPLE, GUNICORNS
from vizro_ws_chat.settings import ENVIRONMENT_PREFIX, Settings

COMPOSE = yaml.safe_load((EXAMPLE / "docker-compose.yml").read_text(encoding="utf-8"))
WEB = [name for name in COMPOSE["services"] if name.startswith("web-")]
NGINX = (EXAMPLE / "nginx.conf").read_text(encoding="utf-8")


def service(name: str) -> dict[str, Any]:
    found: dict[str, Any] = COMPOSE["services"][name]
    return found


def address_of(name: str) -> str:
    address: str = service(name)["networks"]["default"]["ipv4_address"]
    return address


def test_nginx_leads_to_all_machines_by_addresses_that_they_have() -> None:
    assert re.findall(r"server (\S+):8000 ", NGINX) == WEB
    assert service("nginx")["extra_hosts"] == [f"{name}:{address_of(name)}" for name in WEB]


@pytest.mark.parametrize("name", WEB)
def test_machines_believe_nginx_alone_and_share_what_they_must(name: str) -> None:
    environment = service(name)["environment"]
    assert environment["FORWARDED_ALLOW_IPS"] == address_of("nginx")
    assert "@redis:6379" in environment["VIZRO_WS_CHAT_REDIS_URL"]
    [volume] = service(name)["volumes"]
    assert volume == f"uploads:{environment['VIZRO_WS_CHAT_UPLOAD_FOLDER']}"
    assert f"0700 {environment['VIZRO_WS_CHAT_UPLOAD_FOLDER']}" in (EXAMPLE / "Dockerfile").read_text(encoding="utf-8")
    of_the_chat = {variable for variable in environment if variable.startswith(ENVIRONMENT_PREFIX)}
    assert {variable.removeprefix(ENVIRONMENT_PREFIX).lower() for variable in of_the_chat} <= set(Settings.model_fields)


@pytest.mark.parametrize("gunicorn", GUNICORNS)
def test_nobody_is_more_impatient_than_who_waits_for_them(gunicorn: str) -> None:
    config = runpy.run_path(str(EXAMPLE / gunicorn))
    [kept_seconds] = re.findall(r"keepalive_timeout (\d+)s;  # below", NGINX)
    [read_seconds] = re.findall(r"proxy_read_timeout (\d+)s;  # well above heartbeat_seconds", NGINX)
    settings = Settings()
    assert config["keepalive"] > int(kept_seconds)
    assert int(service("web-1")["stop_grace_period"].removesuffix("s")) > config["graceful_timeout"]
    assert config["timeout"] > config["graceful_timeout"] * settings.shutdown_share
    assert int(read_seconds) > 2 * settings.heartbeat_seconds
    assert config["worker_connections"] > config.get("threads", 0)


def test_nginx_lets_pass_what_the_chat_takes() -> None:
    settings = Settings()
    [megabytes] = re.findall(r"client_max_body_size (\d+)m;", NGINX)
    largest = max(settings.max_upload_bytes, settings.max_frame_bytes + 4 * settings.max_history_chars)
    assert int(megabytes) * 1024**2 >= largest


def test_what_is_asked_of_the_environment_is_explained() -> None:
    explained = set(
        re.findall(r"^#? ?([A-Z_]+)=", (EXAMPLE / ".env.example").read_text(encoding="utf-8"), re.MULTILINE)
    )
    assert set(re.findall(r"\$\{([A-Z_]+)", (EXAMPLE / "docker-compose.yml").read_text(encoding="utf-8"))) == explained


def test_the_files_of_the_image_are_there() -> None:
    copied = re.findall(r"^COPY (.+) \S+$", (EXAMPLE / "Dockerfile").read_text(encoding="utf-8"), re.MULTILINE)
    for name in " ".join(copied).split():
        assert (EXAMPLE / name).is_file()
