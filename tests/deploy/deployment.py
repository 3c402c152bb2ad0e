"""What `examples/deploy` describes, on this machine: nginx before two machines, each a gunicorn, that share a Redis."""

from __future__ import annotations

import secrets
import ssl
import urllib.request
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from email.message import Message
from pathlib import Path
from typing import Any, TypeAlias
from urllib.parse import urlsplit

import vizro_ws_chat
from tests.transports.clients import SSEClient, WebSocketClient, command
from tests.transports.making import hello
from tests.waiting import DEADLINE_SECONDS
from vizro_ws_chat.protocol.frames import Frame
from vizro_ws_chat.testing import AppProcess, NginxServer, RedisServer, ScriptedOpenAI, serve_gunicorn
from vizro_ws_chat.testing.processes import free_port
from vizro_ws_chat.testing.procfs import child_pids

EXAMPLE = Path(__file__).parents[2] / "examples" / "deploy"
GUNICORNS = ["gunicorn.gthread.conf.py", "gunicorn.gevent.conf.py"]
DASHBOARD = Path(__file__).parents[1] / "servers" / "apps" / "dashboard.py"
SOURCE = Path(vizro_ws_chat.__file__).parents[1]

_HSTS = "add_header Strict-Transport-Security"
_MACHINE = "X-Machine"

Client: TypeAlias = WebSocketClient | SSEClient


def nginx_before(machines: Sequence[str], replaced: Mapping[str, str] | None = None) -> NginxServer:
    """Return the example's nginx, with other ports, which tells clients which machine has answered.

    Args:
        machines: Host and port of both.
        replaced: What else is to be replaced in its configuration.
    """
    port, plain_port = free_port(), free_port()
    places = {
        "listen 443 ": f"listen 127.0.0.1:{port} ",
        "listen 80 ": f"listen 127.0.0.1:{plain_port} ",
        _HSTS: f"add_header {_MACHINE} $upstream_addr always;\n        {_HSTS}",
        **{f"web-{number}:8000": machine for number, machine in enumerate(machines, start=1)},
    }
    return NginxServer(EXAMPLE / "nginx.conf", port, {**places, **(replaced or {})})


@dataclass
class Deployment:
    """All that runs.

    Attributes:
        redis: What the machines share.
        model: What they ask.
        machines: The two.
        nginx: What browsers talk to.
        tls: How they trust it; `None` where TLS ends before it.
        base: The chat's path.
        cookie: A browser's.
    """

    redis: RedisServer
    model: ScriptedOpenAI
    machines: Sequence[AppProcess]
    nginx: NginxServer
    tls: ssl.SSLContext | None
    base: str
    cookie: str = ""

    @property
    def url(self) -> str:
        """The dashboard's, as browsers know it."""
        host, port = self.nginx.address
        return f"{'https' if self.tls else 'http'}://{host}:{port}{self.base.removesuffix('_vizro_ws_chat/')}"

    def get(self, headers: Mapping[str, str] | None = None) -> tuple[Message, bytes]:
        """Get the dashboard's page; return headers and body."""
        request = urllib.request.Request(self.url, headers=dict(headers or {}))
        with urllib.request.urlopen(request, context=self.tls, timeout=DEADLINE_SECONDS) as response:
            return response.headers, response.read()

    def open(self, transport: str, *frames: Frame, headers: Mapping[str, str] | None = None) -> Client:
        """Open a connection by way of nginx, as the browser that has the cookie, and say these frames."""
        named = {"Cookie": self.cookie, **(headers or {})}
        if transport == "sse":
            stream = SSEClient(self.nginx.address, *frames, base=self.base, headers=named, tls=self.tls)
            assert stream.status == 200, (stream.status, stream.response.read())
            return stream
        client = WebSocketClient(self.nginx.address, self.base, headers=named, tls=self.tls)
        client.send(*frames)
        return client

    def open_elsewhere(self, transport: str, than: int, *frames: Frame) -> Client:
        """Open a connection that nginx leads to the other machine. The frames may be said more than once."""
        with ExitStack() as here:
            while machine_of(client := self.open(transport, *frames), self) == than:
                here.enter_context(client)  # it stays open, so that the other machine has fewer
        return client

    def tell(self, client: Client, chat: str, *frames: Frame) -> None:
        """Say more: on the same connection, or by a command where it goes one way only."""
        if isinstance(client, WebSocketClient):
            client.send(*frames)
        else:
            cookie = {"Cookie": self.cookie}
            status, answer = command(
                self.nginx.address, hello(chat), *frames, base=self.base, headers=cookie, tls=self.tls
            )
            assert (status, [frame.type for frame in answer]) == (200, ["welcome"])

    def requests(self, text: str) -> list[Any]:
        """Return what the model was asked with this text."""
        return [request for request in self.model.requests if request.text == text]

    def worker_of(self, machine: int) -> int:
        """Return the process that answers on a machine, where there is one only."""
        [pid] = child_pids(self.machines[machine].pid)
        return pid


def machine_of(client: Client, deployment: Deployment) -> int:
    """Return which machine has a connection."""
    headers = client.headers if isinstance(client, WebSocketClient) else client.response.headers
    address = (headers.get(_MACHINE.lower()) or "").split(", ")[-1]  # the last of those that were tried
    return [urlsplit(machine.url).netloc for machine in deployment.machines].index(address)


@contextmanager
def deploy(
    app: Path = DASHBOARD,
    *,
    gunicorn: str = GUNICORNS[0],
    path: str = "/",
    has_tls: bool = True,
    replaced: Mapping[str, str] | None = None,
    model: ScriptedOpenAI | None = None,
    environment: Mapping[str, str] | None = None,
    environments: Sequence[Mapping[str, str]] = ({}, {}),
) -> Iterator[Deployment]:
    """Start everything, and end it.

    Args:
        app: The dashboard.
        gunicorn: The configuration of the machines.
        path: The dashboard's.
        has_tls: Whether TLS ends at nginx, as in the example, or somewhere before it.
        model: What the machines ask; one is made unless it is given.
        replaced: What else is to be replaced in nginx' configuration.
        environment: Environment variables of both machines.
        environments: Environment variables of each.
    """
    without_tls = {} if has_tls else {" ssl http2 default_server": " default_server"}
    with RedisServer() as redis, model or ScriptedOpenAI() as asked:
        env = {
            "PYTHONPATH": str(SOURCE),
            "OPENAI_BASE_URL": asked.base_url,
            "OPENAI_API_KEY": asked.api_key,
            "SECRET_KEY": secrets.token_hex(32),
            "WEB_CONCURRENCY": "1",
            "VIZRO_WS_CHAT_REDIS_URL": redis.url,
            "VIZRO_WS_CHAT_HEARTBEAT_SECONDS": "0.2",
            "BASE_PATH": path,
            **(environment or {}),
        }
        machines = [serve_gunicorn(app, configuration=EXAMPLE / gunicorn, env={**env, **own}) for own in environments]
        for machine in machines:
            machine.url += path.removeprefix("/")
        try:
            with (
                ThreadPoolExecutor() as pool,
                nginx_before(
                    [urlsplit(machine.url).netloc for machine in machines], {**without_tls, **(replaced or {})}
                ) as nginx,
            ):
                list(pool.map(AppProcess.start, machines))
                tls = nginx.trusting if has_tls else None
                deployment = Deployment(redis, asked, machines, nginx, tls, f"{path}_vizro_ws_chat/")
                deployment.cookie = deployment.get()[0]["Set-Cookie"].split(";")[0]
                yield deployment
        finally:
            for machine in machines:
                machine.kill()
