"""The same dashboard on every server that it may run on, alone and with Redis: a turn, Stop, a reload in mid answer."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from vizro_ws_chat.testing import (
    AppProcess,
    Gate,
    RedisServer,
    Scenario,
    ScriptedOpenAI,
    serve_development,
    serve_gunicorn,
)
from vizro_ws_chat.testing.chat_page import ChatPage

DASHBOARD = Path(__file__).parents[1] / "dashboard.py"
WAIT_SECONDS = 15
Serve = Callable[[Mapping[str, str]], AppProcess]

SERVERS: dict[str, Serve] = {
    "development": lambda env: serve_development(DASHBOARD, env=env),
    # Vizro's debug mode starts the reloader and Dash's developer tools, which would ask its makers for news.
    "debug": lambda env: serve_development(
        DASHBOARD, env={**env, "DASHBOARD_DEBUG": "1", "DASH_DISABLE_VERSION_CHECK": "true"}
    ),
    "gthread": lambda env: serve_gunicorn(DASHBOARD, worker_class="gthread", env=env),
    "gevent": lambda env: serve_gunicorn(DASHBOARD, worker_class="gevent", env=env),
    "sub-path": lambda env: serve_development(DASHBOARD, path="/sub/", env={**env, "DASHBOARD_PATH": "/sub/"}),
}


WITH_REDIS: dict[str, Serve] = {
    "development-redis": SERVERS["development"],
    # A page that is reloaded may come to the other process.
    "gthread-redis": lambda env: serve_gunicorn(DASHBOARD, worker_class="gthread", workers=2, env=env),
    "gevent-redis": lambda env: serve_gunicorn(DASHBOARD, worker_class="gevent", workers=2, env=env),
}


@pytest.fixture(scope="module")
def redis() -> Iterator[RedisServer]:
    with RedisServer() as server:
        yield server


@pytest.fixture(scope="module", params=[*SERVERS, *WITH_REDIS])
def app(request: pytest.FixtureRequest, upstream: ScriptedOpenAI, redis: RedisServer) -> Iterator[AppProcess]:
    env = {"OPENAI_BASE_URL": upstream.base_url, "OPENAI_API_KEY": upstream.api_key}
    if request.param in WITH_REDIS:
        env["VIZRO_WS_CHAT_REDIS_URL"] = redis.url
    serve: Serve = {**SERVERS, **WITH_REDIS}[request.param]
    with serve(env) as process:
        yield process


def test_turn_stop_and_reload(app: AppProcess, page: Page, upstream: ScriptedOpenAI) -> None:
    upstream.on("turn", Scenario("A *whole* answer."))
    upstream.on("stop", Scenario(["Only ", "this."], hold_after={1: Gate()}))
    gate = Gate()
    upstream.on("reload", Scenario(["Both ", "halves."], hold_after={1: gate}))
    page.goto(app.url)
    chat = ChatPage(page, "one")

    with page.expect_websocket():
        chat.send("turn")
    chat.wait_for_answer("A whole answer.")
    chat.wait_until_ready()

    chat.send("stop")
    chat.wait_for_answer("Only")
    chat.stop()
    chat.wait_until_ready()
    assert upstream.requests[-1].wait_disconnected(WAIT_SECONDS)

    chat.send("reload")
    chat.wait_for_answer("Both")
    page.reload()
    chat.wait_until_generating()
    gate.release()
    chat.wait_until_ready()
    expect(chat.messages).to_have_text(["turn", "A whole answer.", "stop", "Only", "reload", "Both halves."])
    assert [message["content"] for message in upstream.requests[-1].messages] == [
        "turn",
        "A *whole* answer.",
        "stop",
        "Only ",
        "reload",
    ]
    # The badge of Dash's developer tools, in debug mode.
    expect(page.locator(".test-devtools-error-count")).to_have_count(0)
    assert "Traceback" not in app.output
