"""A database that hangs: who looks something up is told so, and answers go on."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from tests.transports.clients import WebSocketClient
from tests.transports.conftest import App
from tests.transports.making import hello, new_run
from tests.transports.test_history import ADA, THREAD, Reader, code_of
from tests.waiting import wait_until
from vizro_ws_chat.protocol.frames import Send
from vizro_ws_chat.testing import PostgresServer

OTHER = "o" * 20


@pytest.fixture
def server() -> Iterator[PostgresServer]:
    with PostgresServer() as started:
        yield started


@pytest.fixture
def app(make_app: Callable[..., App], server: PostgresServer) -> Iterator[App]:
    made = make_app(history=server.url)
    yield made
    made.service.history.close()


def health_of(app: App) -> Any:
    return app.flask.test_client().get("/_vizro_ws_chat/health").json


def test_answers_go_on_and_are_kept_later(app: App, server: PostgresServer) -> None:
    ada = Reader(app)
    ada.ask("Before", thread=OTHER)
    assert ada.titles() == ["Before"]
    with (
        WebSocketClient(app.address, headers=app.cookie_of(ADA)) as browser,
        ThreadPoolExecutor(1) as pool,
    ):

        def hear(text: str) -> None:
            app.responder.say(text)
            browser.hear_until(lambda frame: frame.type == "text-delta" and frame.d == text)

        browser.send(hello(), Send(run=new_run(), parent=None, text="Hi", thread=THREAD))
        hear("One")
        server.freeze()
        looking = pool.submit(ada.get)
        for _ in range(3):  # together they would take longer than the one who is looking
            app.service.scheduler.call_soon(lambda: app.service.history._forget(1))
        hear("Two")
        # What nobody here knows is looked for in the database.
        browser.send(Send(run=new_run(), parent="m" * 43, text="More", thread=OTHER))
        browser.hear("need-history")
        hear("Three")
        assert not looking.done()
        app.responder.finish("Four")
        browser.hear_the_end()
        assert not looking.done()
        response = looking.result()
        assert (response.status_code, code_of(response)) == (503, "busy")
        wait_until(lambda: health_of(app) == {"status": "degraded", "away": ["history"]}, "the news", deadline=30)
        server.thaw()
        wait_until(lambda: ada.get().status_code == 200, "the database", deadline=30)
        wait_until(lambda: sorted(ada.titles()) == ["Before", "Hi"], "the conversations", deadline=30)
    # The question may be kept a moment before its answer.
    kept = ["Hi", "OneTwoThreeFour"]
    wait_until(lambda: [message["content"] for message in ada.messages()] == kept, "the answer", deadline=30)
    wait_until(lambda: health_of(app) == {"status": "ok"}, "the end of what waits", deadline=30)
