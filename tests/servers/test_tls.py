"""Where gunicorn speaks TLS itself, the server and the chat have one handle of a connection between them."""

from __future__ import annotations

import ssl
import subprocess
import sys
import urllib.request
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from tests.servers.conftest import DASHBOARD, Served
from tests.streams.upstream_server import make_certificate
from tests.transports.clients import WebSocketClient
from tests.transports.making import hello
from tests.waiting import DEADLINE_SECONDS, wait_until
from vizro_ws_chat.testing import AppProcess
from vizro_ws_chat.testing.processes import free_port

_BROWSERS = 3
_CONNECTIONS = 60


class EncryptedProcess(AppProcess):
    """An app with a certificate that not everybody trusts."""

    trust: ssl.SSLContext

    def _wait_until_up(self, process: subprocess.Popen[bytes]) -> None:
        def is_up() -> bool:
            try:
                with urllib.request.urlopen(self.url, context=self.trust, timeout=DEADLINE_SECONDS):
                    return True
            except OSError:
                return False

        wait_until(is_up, "the app to be up", 6 * DEADLINE_SECONDS)


def test_no_connection_reads_what_is_another_ones(serve: Callable[..., Served], tmp_path: Path) -> None:
    certificate = str(make_certificate(tmp_path))
    trust = ssl.create_default_context(cafile=certificate)

    def server(env: dict[str, str]) -> AppProcess:
        address = f"127.0.0.1:{free_port()}"
        arguments = ["--worker-class", "gthread", "--threads", "8", "--certfile", certificate, "--keyfile", certificate]
        process = EncryptedProcess(
            [sys.executable, "-m", "gunicorn", "--bind", address, *arguments, f"{DASHBOARD.stem}:app"],
            url=f"https://{address}/",
            env=env,
            cwd=DASHBOARD.parent,
        )
        process.trust = trust
        return process

    served = serve(server, VIZRO_WS_CHAT_MAX_OWNER_FRAMES_PER_SECOND="10000")

    def come_and_go(_: int) -> None:
        for number in range(_CONNECTIONS):
            with WebSocketClient(served.address, tls=trust) as browser:
                browser.send(hello("sync"))
                browser.hear("welcome")
                if number % 3:
                    browser.hang_up(reset=number % 3 == 1)
                else:
                    browser.close()

    with ThreadPoolExecutor(_BROWSERS) as browsers:
        list(browsers.map(come_and_go, range(_BROWSERS)))
    assert "Traceback" not in served.process.output
