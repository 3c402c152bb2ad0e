"""Two machines that share their answers, and what is read on one of them when the other one ends."""

from __future__ import annotations

import os
import signal
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Literal

import pytest

from tests.servers.conftest import DASHBOARD, Served
from tests.transports.making import TERMINAL_TYPES, hello, send, text_of
from vizro_ws_chat.protocol.frames import AnswerFrame
from vizro_ws_chat.testing import AppProcess, Gate, RedisServer, Scenario, serve_gunicorn

START = Callable[..., Served]


@pytest.fixture(scope="module")
def redis_server() -> Iterator[RedisServer]:
    with RedisServer() as server:
        yield server


WorkerClass = Literal["gthread", "gevent"]


@pytest.fixture(params=["gthread", "gevent"])
def worker_class(request: pytest.FixtureRequest) -> WorkerClass:
    return request.param  # type: ignore[no-any-return]


@pytest.fixture
def start_two(
    serve: START, redis_server: RedisServer, tmp_path: Path, worker_class: WorkerClass
) -> Callable[..., tuple[Served, Served]]:
    """Start two machines, which load the app before their workers begin, with arguments for gunicorn."""
    shared = {
        "VIZRO_WS_CHAT_REDIS_URL": redis_server.url,
        "VIZRO_WS_CHAT_KEY_FILE": str(tmp_path / "key"),
        "VIZRO_WS_CHAT_GRACE_SECONDS": "60",
        "VIZRO_WS_CHAT_LEASE_SECONDS": "60",  # so that nobody has to find out by waiting
    }

    def start(*arguments: str) -> tuple[Served, Served]:
        def server(env: dict[str, str]) -> AppProcess:
            return serve_gunicorn(DASHBOARD, worker_class=worker_class, arguments=["--preload", *arguments], env=env)

        return serve(server, **shared), serve(server, **shared)

    return start


def test_answers_are_read_and_asked_about_on_the_other_machine_which_hears_of_the_end_of_this_one(
    start_two: Callable[..., tuple[Served, Served]],
) -> None:
    near, far = start_two()
    question = send()
    with near.connect("websocket", "asking", question) as browser:
        browser.hear("part-end")
    with far.connect("websocket", "asking") as browser:
        far.tell(browser, "asking", hello("asking", **{question.run: None}))
        browser.hear("part-end")
        far.tell(browser, "asking", AnswerFrame(run=question.run, part=0, value="red"))
        assert text_of(browser.hear("finish")) == "It is red."

    near.model.on("endless", Scenario(["so ", "far ", "never"], hold_after={2: Gate()}))
    endless = send(text="endless")
    with near.connect("websocket", "async", endless) as browser:
        browser.hear("accepted")
    with far.connect("websocket", "async") as browser:
        far.tell(browser, "async", hello("async", **{endless.run: None}))
        heard = browser.hear("text-delta")
        os.kill(near.process.pid, signal.SIGTERM)
        heard += browser.hear("interrupted")
    assert text_of(heard) == "so far "
    assert heard[-1].message is not None, "what there is of it can be built upon"
    near.process.stop()
    assert "Traceback" not in near.process.output + far.process.output
    far.process.stop()


def test_an_answer_that_is_read_on_the_other_machine_goes_on_when_this_one_has_served_its_requests(
    start_two: Callable[..., tuple[Served, Served]],
) -> None:
    """Gevent patches what lets time pass in the worker, after the app was loaded."""
    near, far = start_two("--graceful-timeout", "20")
    go_on = Gate()
    near.model.on("long", Scenario(["so ", "far"], hold_after={1: go_on}))
    long = send(text="long")
    with near.connect("websocket", "sync", long) as browser:
        browser.hear("accepted")
    with far.connect("websocket", "sync") as browser:
        far.tell(browser, "sync", hello("sync", **{long.run: None}))
        heard = browser.hear("text-delta")
        os.kill(near.process.pid, signal.SIGTERM)
        assert near.process.wait_for_output("Worker exiting", 10)
        go_on.release()
        heard += browser.hear_until(lambda frame: frame.type in TERMINAL_TYPES)
    assert (text_of(heard), heard[-1].type) == ("so far", "finish")
    near.process.stop()
    far.process.stop()
