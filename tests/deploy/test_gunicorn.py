"""Every configuration of gunicorn in the example, with the example's own dashboard and two processes."""

from __future__ import annotations

from collections.abc import Iterator
from urllib.parse import urlsplit

import pytest

from tests.deploy.deployment import EXAMPLE, GUNICORNS, SOURCE
from tests.transports.clients import SSEClient, WebSocketClient
from tests.transports.making import hello, new_run, send, text_of
from tests.waiting import DEADLINE_SECONDS, wait_until
from vizro_ws_chat.protocol.frames import Cancel, Frame
from vizro_ws_chat.testing import AppProcess, Gate, RedisServer, Scenario, ScriptedOpenAI, serve_gunicorn
from vizro_ws_chat.testing.procfs import child_pids

TRANSPORTS = ["websocket", "sse"]


@pytest.fixture(scope="module", params=GUNICORNS)
def app(request: pytest.FixtureRequest, model: ScriptedOpenAI) -> Iterator[AppProcess]:
    with RedisServer() as redis:
        env = {
            "PYTHONPATH": str(SOURCE),
            "OPENAI_BASE_URL": model.base_url,
            "OPENAI_API_KEY": model.api_key,
            "SECRET_KEY": "of this test",
            "VIZRO_WS_CHAT_REDIS_URL": redis.url,
        }
        with serve_gunicorn(EXAMPLE / "app.py", configuration=EXAMPLE / request.param, env=env) as app:
            yield app


@pytest.fixture(scope="module")
def model() -> Iterator[ScriptedOpenAI]:
    with ScriptedOpenAI() as model:
        yield model


def address_of(app: AppProcess) -> tuple[str, int]:
    parts = urlsplit(app.url)
    assert parts.hostname
    assert parts.port
    return parts.hostname, parts.port


def open_(app: AppProcess, transport: str, *frames: Frame, resume: str | None = None) -> WebSocketClient | SSEClient:
    the_hello = hello("chat", **({resume: None} if resume else {}))
    if transport == "sse":
        return SSEClient(address_of(app), the_hello, *frames)
    client = WebSocketClient(address_of(app))
    client.send(the_hello, *frames)
    return client


def test_a_turn_stop_and_reading_on(app: AppProcess, model: ScriptedOpenAI) -> None:
    wait_until(lambda: len(child_pids(app.pid)) == 2, "both processes")
    model.on("turn", Scenario(["A whole ", "answer"]))
    for transport in TRANSPORTS:
        go_on = Gate()
        whole, halves, stopped = send(text="turn"), send(text=f"halves {new_run()}"), send(text=f"stop {new_run()}")
        model.on(str(halves.text), Scenario(["Both ", "halves"], hold_after={1: go_on}))
        model.on(str(stopped.text), Scenario(["Only ", "this"], hold_after={1: Gate()}))

        with open_(app, transport, whole) as client:
            assert text_of(client.hear("finish")) == "A whole answer"

        with open_(app, transport, stopped) as client:
            client.hear("text-delta")
            with open_(app, "websocket", Cancel(run=stopped.run)):  # a second tab, perhaps in the other process
                client.hear("stopped")
        [request] = [request for request in model.requests if request.text == stopped.text]
        assert request.wait_disconnected(DEADLINE_SECONDS)

        with open_(app, transport, halves) as client:
            client.hear("text-delta")
        with open_(app, transport, resume=halves.run) as client:
            assert text_of(client.hear("text-delta")) == "Both "
            go_on.release()
            assert text_of(client.hear("finish")) == "halves"
    assert "Traceback" not in app.output
