"""The example's nginx, as it stands but for ports and folders: what it lets pass, what it holds back, what it ends."""

from __future__ import annotations

import http.client
import itertools
import socket
import ssl
import threading
import urllib.error
import urllib.request
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager

import pytest

from tests.deploy.deployment import Deployment, deploy, nginx_before
from tests.transports.clients import SSEClient, WebSocketClient
from tests.transports.making import hello, new_run, send, text_of
from tests.waiting import DEADLINE_SECONDS, wait_until
from vizro_ws_chat.protocol.frames import Pong
from vizro_ws_chat.testing import Gate, NginxServer, Scenario
from vizro_ws_chat.testing.processes import free_port

TRANSPORTS = ["websocket", "sse"]
NOBODY = ["127.0.0.1:1", "127.0.0.1:2"]


def test_nginx_has_nothing_to_say_against_it() -> None:
    nginx_before(NOBODY).check()


@pytest.mark.parametrize("transport", TRANSPORTS)
def test_each_token_comes_when_it_is_there(deployment: Deployment, transport: str) -> None:
    gates = [Gate(), Gate(), Gate()]
    text = f"tokens {new_run()}"
    deployment.model.on(text, Scenario(["a", "b", "c", "d"], hold_after=dict(enumerate(gates, start=1))))
    accepting = {"Accept-Encoding": "gzip, deflate, br"}  # as every browser
    with deployment.open(transport, hello("sync"), send(text=text), headers=accepting) as client:
        for letter, gate in zip("abc", gates, strict=True):
            assert text_of(client.hear("text-delta")) == letter
            gate.release()
        assert text_of(client.hear("finish")) == "d"
        if isinstance(client, SSEClient):
            assert client.response.getheader("Content-Encoding") is None
    assert deployment.get(accepting)[0]["Content-Encoding"] == "gzip", "the page itself is compressed"


def test_the_cookie_is_for_https_only(deployment: Deployment) -> None:
    cookie = deployment.get()[0]["Set-Cookie"]
    assert "; Secure" in cookie
    assert "; HttpOnly" in cookie


def test_http_is_led_to_https() -> None:
    plain_port = free_port()
    with nginx_before(NOBODY, {"listen 80 ": f"listen 127.0.0.1:{plain_port} "}):
        connection = http.client.HTTPConnection("127.0.0.1", plain_port, timeout=DEADLINE_SECONDS)
        connection.request("GET", "/some/page?a=b")
        response = connection.getresponse()
        assert (response.status, response.getheader("Location")) == (308, "https://127.0.0.1/some/page?a=b")
        connection.close()


def test_a_long_conversation_is_brought_back_by_post(deployment: Deployment) -> None:
    """nginx' own limit is 1 MB."""
    body = b"[" + b" " * 15_000_000 + b"]"
    headers = {
        "Content-Type": "application/json",
        "X-Vizro-WS-Chat": "1",
        "Origin": deployment.url.rstrip("/"),
        "Cookie": deployment.cookie,
    }
    request = urllib.request.Request(f"{deployment.url}_vizro_ws_chat/stream", body, headers)
    with pytest.raises(urllib.error.HTTPError) as refused:
        urllib.request.urlopen(request, context=deployment.nginx.trusting, timeout=DEADLINE_SECONDS)
    with refused.value as response:
        assert response.code == 400
        assert b'"bad-frame"' in response.read(), "the chat itself has read it"


@pytest.fixture(scope="module")
def impatient() -> Iterator[Deployment]:
    """nginx with time-outs that are far below what is asked of it."""
    replaced = {
        "proxy_read_timeout 60s": "proxy_read_timeout 2s",
        "client_header_timeout 10s": "client_header_timeout 1s",
    }
    settings = {"VIZRO_WS_CHAT_DEAD_SECONDS": "2", "VIZRO_WS_CHAT_GRACE_SECONDS": "1"}
    with deploy(path="/sub/", replaced=replaced, environment=settings) as deployment:
        yield deployment


@pytest.mark.parametrize("transport", TRANSPORTS)
def test_what_is_quiet_for_longer_than_nginx_waits_stays_open(impatient: Deployment, transport: str) -> None:
    go_on = Gate()
    text = f"quiet {new_run()}"
    impatient.model.on(text, Scenario(["At last ", "the end"], hold_after={1: go_on}))
    with impatient.open(transport, hello("sync"), send(text=text)) as client:
        client.hear("text-delta")
        beats = 20  # of 0.2 s: twice as long as nginx waits for a word
        if isinstance(client, WebSocketClient):
            client.send(Pong())  # it may have been asked before the answer began
            for _ in range(beats):
                client.hear("ping")
                client.send(Pong())
            go_on.release()
            assert text_of(client.hear("finish")) == "the end"
        else:
            with ThreadPoolExecutor() as pool:
                reading = pool.submit(client.hear, "finish")
                wait_until(lambda: client.comments >= beats, "comments")
                go_on.release()
                assert text_of(reading.result()) == "the end"


def test_half_a_request_holds_nginx_for_a_while_and_gunicorn_never(impatient: Deployment) -> None:
    slow = [_begin_request(impatient) for _ in range(100)]  # more than there are threads
    assert b"vizro" in impatient.get()[1]
    for sock in slow:
        assert sock.recv(1) == b"", "nginx has ended it"
        sock.close()


def _begin_request(deployment: Deployment) -> ssl.SSLSocket:
    sock = socket.create_connection(deployment.nginx.address, timeout=DEADLINE_SECONDS)
    wrapped = deployment.nginx.trusting.wrap_socket(sock, server_hostname="127.0.0.1")
    wrapped.sendall(b"GET / HTTP/1.1\r\nHost: 127.0.0.1\r\nX-Slow: ")
    return wrapped


def test_a_reader_that_vanishes_behind_nginx_is_noticed(impatient: Deployment) -> None:
    text = f"gone {new_run()}"
    impatient.model.on(text, Scenario(lambda _: itertools.repeat("word "), delay_seconds=0.02))
    client = impatient.open("websocket", hello("sync"), send(text=text))
    client.hear("text-delta")
    client.fall_silent()
    [request] = impatient.requests(text)
    assert request.wait_disconnected(DEADLINE_SECONDS), "nobody read it any more"
    client.hang_up()


class Failing:
    """A machine that takes requests and falls dead before it answers."""

    def __init__(self) -> None:
        self.requests: list[bytes] = []
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.netloc = "{}:{}".format(*self._listener.getsockname())
        self._thread = threading.Thread(target=self._serve)
        self._thread.start()

    def _serve(self) -> None:
        while True:
            connection, _ = self._listener.accept()
            with connection:
                head = connection.recv(65_536)
                if not head:
                    return
                self.requests.append(head.split(b" ")[0])

    def close(self) -> None:
        host, port = self._listener.getsockname()
        socket.create_connection((host, port)).close()
        self._thread.join()
        self._listener.close()


@contextmanager
def failing_machines() -> Iterator[tuple[list[Failing], NginxServer]]:
    machines = [Failing(), Failing()]
    try:
        with nginx_before([machine.netloc for machine in machines]) as nginx:
            yield machines, nginx
    finally:
        for machine in machines:
            machine.close()


@pytest.mark.parametrize(("method", "asked"), [("GET", 2), ("POST", 1)])
def test_what_changes_something_is_never_asked_of_two_machines(method: str, asked: int) -> None:
    with failing_machines() as (machines, nginx):
        connection = http.client.HTTPSConnection(*nginx.address, timeout=DEADLINE_SECONDS, context=nginx.trusting)
        connection.request(method, "/_dash-update-component", b"{}")
        assert connection.getresponse().status == 502
        connection.close()
        assert [request for machine in machines for request in machine.requests] == [method.encode()] * asked


def test_one_address_can_not_take_all_connections() -> None:
    with deploy(replaced={"limit_conn connections 100": "limit_conn connections 3"}) as deployment:
        held = [deployment.open("websocket", hello("sync")) for _ in range(3)]
        assert not _is_let_in(deployment)
        for client in held:
            client.hang_up()
        wait_until(lambda: _is_let_in(deployment), "a free connection")


def _is_let_in(deployment: Deployment) -> bool:
    try:
        return bool(deployment.get())
    except urllib.error.HTTPError as refused:
        with refused:
            return refused.code != 429
