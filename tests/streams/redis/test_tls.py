"""Redis over TLS: answers come through, and a server that is not who it says it is, is told at start-up."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

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

KEY = RunKey("chat", "owner", "over-tls-over-tls")


class TlsServer:
    """A server that speaks TLS on another port, and the certificate that it shows."""

    def __init__(self, folder: Path) -> None:
        self.certificate = make_certificate(folder)
        both, port = str(self.certificate), str(free_port())
        self.server = RedisServer(
            ["--tls-port", port, "--tls-cert-file", both, "--tls-key-file", both, "--tls-auth-clients", "no"]
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


@pytest.mark.parametrize("trusted", ["another's", "the system's"])
def test_who_is_not_trusted_is_told_at_the_start(
    tls: TlsServer, tmp_path: Path, trusted: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(check_module, "_PATIENCE_SECONDS", 0.0)
    folder = tmp_path / "others"
    folder.mkdir()
    url = tls.url(make_certificate(folder)) if trusted == "another's" else tls.address
    client = open_client(url, 5.0)
    with pytest.raises(ConfigurationError, match=r"(?s)certificate.*ssl_ca_certs"):
        check_server(client, "chats")
    client.close()
