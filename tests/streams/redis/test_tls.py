"""Redis over TLS: answers come through, and a server that is not who it says it is, is told at start-up."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask

from tests.streams.making import text_of
from tests.streams.redis.conftest import MakeRuns
from tests.streams.storyteller import Reader, Storyteller
from tests.streams.upstream_server import make_certificate
from vizro_ws_chat.exceptions import ConfigurationError
from vizro_ws_chat.streams.redis import check as check_module
from vizro_ws_chat.streams.redis.check import check_server
from vizro_ws_chat.streams.redis.client import open_client
from vizro_ws_chat.streams.run import RunKey
from vizro_ws_chat.testing import RedisServer
from vizro_ws_chat.testing.processes import free_port
from vizro_ws_chat.transports.mount import mount

KEY = RunKey("chat", "owner", "over-tls-over-tls")


class TlsServer:
    """A server that speaks TLS on another port, and the certificate that it shows."""

    def __init__(self, folder: Path, *options: str) -> None:
        self.certificate = make_certificate(folder)
        both, port = str(self.certificate), str(free_port())
        self.server = RedisServer(
            ["--tls-port", port, "--tls-cert-file", both, "--tls-key-file", both, "--tls-auth-clients", "no", *options]
        )
        self.address = f"rediss://127.0.0.1:{port}/0"

    def url(self, certificates: Path) -> str:
        """Where it answers those who trust these certificates."""
        return f"{self.address}?ssl_ca_certs={certificates}"


@pytest.fixture
def tls(tmp_path: Path) -> Iterator[TlsServer]:
    made = TlsServer(tmp_path)
    with made.server:
        yield made


def test_an_answer_is_read_in_another_process_and_stopped_there(tls: TlsServer, make_runs: MakeRuns) -> None:
    near, far = (make_runs(tls.server, redis_url=tls.url(tls.certificate)) for _ in range(2))
    teller = Storyteller()
    reader = Reader(near, teller.started(near, KEY))
    run = far.get(KEY)
    assert run is not None
    far_reader = Reader(far, run)
    far.cancel(KEY)
    for each in (reader, far_reader):
        frames = each.read_to_the_end()
        assert (text_of(frames), frames[-1].type) == ("Hello", "stopped")
    teller.go_on.set()


@pytest.fixture
def at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Give a server no time to come up."""
    monkeypatch.setattr(check_module, "_PATIENCE_SECONDS", 0.0)


def check(url: str) -> None:
    client = open_client(url, 5.0)
    try:
        check_server(client, "chats")
    finally:
        client.close()


@pytest.mark.parametrize("trusted", ["another's", "the system's"])
def test_who_is_not_trusted_is_told_at_the_start(tls: TlsServer, tmp_path: Path, trusted: str) -> None:
    folder = tmp_path / "others"
    folder.mkdir()
    url = tls.url(make_certificate(folder)) if trusted == "another's" else tls.address
    with pytest.raises(ConfigurationError, match=r"(?s)certificate.*ssl_ca_certs"):
        check(url)


def test_it_is_told_when_the_app_is_made_with_such_a_setting(tls: TlsServer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("VIZRO_WS_CHAT_REDIS_URL", tls.address)
    app = Flask(__name__)
    app.secret_key = "a secret"
    with pytest.raises(ConfigurationError, match="ssl_ca_certs"):
        mount(app, "/", "/")


def test_a_certificate_of_another_host(tls: TlsServer) -> None:
    with pytest.raises(ConfigurationError, match="Use a host in redis_url that the certificate is made for"):
        check(f"{tls.url(tls.certificate).replace('127.0.0.1', 'localhost')}&ssl_check_hostname=true")


def test_a_file_that_is_none(tls: TlsServer, tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match=r"none\.pem as ssl_ca_certs, which is no file"):
        check(tls.url(tmp_path / "none.pem"))


@pytest.mark.usefixtures("at_once")
def test_tls_where_there_is_none_and_none_where_there_is(tls: TlsServer) -> None:
    plain = tls.server.url.replace("redis://", "rediss://")
    for url in (plain, tls.address.replace("rediss://", "redis://")):
        with pytest.raises(ConfigurationError, match="rediss:// for a port that speaks TLS"):
            check(url)


def test_a_password_over_tls_is_told_and_not_shown(tmp_path: Path) -> None:
    tls = TlsServer(tmp_path, "--requirepass", "geheim")
    with tls.server:
        for password in ("falsch", ""):
            url = tls.url(tls.certificate).replace("rediss://", f"rediss://:{password}@")
            with pytest.raises(ConfigurationError, match="user and password") as told:
                check(url)
            assert "falsch" not in str(told.value)
        check(tls.url(tls.certificate).replace("rediss://", "rediss://:geheim@"))


def test_a_server_that_wants_a_certificate_of_its_clients(tmp_path: Path) -> None:
    certificate = make_certificate(tmp_path)
    tls = TlsServer(tmp_path, "--tls-auth-clients", "yes", "--tls-ca-cert-file", str(certificate))
    with tls.server:
        check(f"{tls.url(tls.certificate)}&ssl_certfile={tls.certificate}&ssl_keyfile={tls.certificate}")
