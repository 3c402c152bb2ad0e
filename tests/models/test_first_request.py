from __future__ import annotations

import threading
from typing import Any

from dash import Dash, html

from tests.waiting import DEADLINE_SECONDS
from vizro_ws_chat import StreamingChatAction
from vizro_ws_chat.models.dash_chat import dash_chat

SCRIPT = "/_dash-component-suites/vizro_ws_chat/static/chat.js"


def test_what_is_asked_for_while_dash_sets_itself_up_waits_for_that(echo: StreamingChatAction) -> None:
    is_being_set_up, go_on = threading.Event(), threading.Event()
    app = Dash(__name__)
    app.server.secret_key = "a secret"
    chat = dash_chat(echo, app=app)

    def layout() -> Any:
        is_being_set_up.set()
        go_on.wait(DEADLINE_SECONDS)
        return html.Div(chat)

    app.layout = layout
    is_being_set_up.clear()  # Dash looks at it when it is set
    statuses: dict[str, int] = {}

    def ask(path: str) -> None:
        statuses[path] = app.server.test_client().get(path).status_code

    page = threading.Thread(target=ask, args=("/",))
    page.start()
    assert is_being_set_up.wait(DEADLINE_SECONDS)
    script = threading.Thread(target=ask, args=(SCRIPT,))
    script.start()
    script.join(0.1)
    assert script.is_alive()
    go_on.set()
    page.join()
    script.join()
    assert statuses == {"/": 200, SCRIPT: 200}


def test_a_layout_that_fails_is_told_and_asked_again(echo: StreamingChatAction) -> None:
    app = Dash(__name__)
    app.server.secret_key = "a secret"
    chat = dash_chat(echo, app=app)
    outcomes = [chat, RuntimeError("not yet"), chat]  # Dash looks at it when it is set, too

    def layout() -> Any:
        outcome = outcomes.pop(0) if outcomes else chat
        if isinstance(outcome, Exception):
            raise outcome
        return html.Div(outcome)

    app.layout = layout
    client = app.server.test_client()
    assert client.get("/").status_code == 500
    assert client.get("/").status_code == 200
