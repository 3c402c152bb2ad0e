"""Secrets are planted where the author's code fails; neither the browser nor the log gets to know one."""

from __future__ import annotations

import json
import logging
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from tests.transports.clients import BASE, SSEClient, WebSocketClient, raw_request
from tests.transports.conftest import App
from tests.transports.making import CHAT, SCOPE, TERMINAL_TYPES, hello, new_run, send
from vizro_ws_chat.actions.streaming import StreamingChatAction
from vizro_ws_chat.protocol.codec import encode
from vizro_ws_chat.protocol.frames import FeedbackFrame
from vizro_ws_chat.threads.signing import Scope
from vizro_ws_chat.uploads.store import UploadStore

KEY = "Kx81-planted-key-of-the-model"
HEADER = "Hx82-planted-session-of-the-reader"
PROMPT = 'Hx83 planted prompt: my "salary" is\n50 000 €'
COMMENT = "Cx84 planted comment: it's wrong"
ANSWER = "Ax85 planted answer of before"
PATH = "/srv/px86-planted/path.py"


def failure(*more: str) -> Exception:
    """Return what a client library raises that quotes all it knows."""
    request = {
        "headers": {"Authorization": f"Bearer {HEADER}", "Cookie": f"a=b; session={HEADER}"},
        "input": list(more),
    }
    cause = ConnectionError(f"POST https://ada:{KEY}@models.example/v1?api_key={KEY} failed: {json.dumps(request)}")
    error = RuntimeError(f"{PATH}: the key {KEY} was refused: {request!r}")
    error.__cause__ = cause
    return error


def raises(error: Exception) -> Callable[..., Any]:
    def fail(*args: Any) -> None:
        raise error

    return fail


class Planted:
    """An app with planted secrets, and all that comes out of it."""

    def __init__(self, app: App, log: pytest.LogCaptureFixture) -> None:
        self.app = app
        self.heard: list[Any] = []
        self._log = log

    @property
    def log(self) -> str:
        """What is in the log."""
        return self._log.text

    def hear(self, frames: list[Any]) -> None:
        """Keep what a browser got."""
        self.heard += frames

    def check(self, *, reported: bool = True) -> None:
        """See that no secret has come out, and that what went wrong is found by its reference."""
        browser, log = encode(self.heard), self.log
        for secret in (KEY, HEADER, PROMPT, COMMENT, ANSWER):
            for form in (secret, repr(secret)[1:-1], json.dumps(secret)[1:-1]):
                assert form not in browser
                assert form not in log
        for hidden in (PATH, "RuntimeError", "Traceback", "models.example"):
            assert hidden not in browser
        if reported:
            [ref] = {frame.ref for frame in self.heard if getattr(frame, "ref", None)}
            assert ref in log
            assert "RuntimeError" in log
            assert "[redacted]" in log


@pytest.fixture
def planted(app: App, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch) -> Iterator[Planted]:
    monkeypatch.setenv("MODEL_API_KEY", KEY)
    with caplog.at_level(logging.DEBUG, "vizro_ws_chat"):
        yield Planted(app, caplog)


HEADERS = {"Authorization": f"Bearer {HEADER}"}


def of_websocket(app: App, *frames: Any) -> list[Any]:
    with WebSocketClient(app.address, headers=HEADERS) as client:
        client.send(hello(), *frames)
        return client.hear_until(lambda frame: frame.type in TERMINAL_TYPES | {"refused", "need-history"})


def of_sse(app: App, *frames: Any) -> list[Any]:
    with SSEClient(app.address, hello(), *frames, headers=HEADERS) as client:
        return client.hear_the_end() if client.status == 200 else [client.refusal()]


transports = pytest.mark.parametrize("ask", [of_websocket, of_sse])
Ask = Callable[..., list[Any]]


@transports
def test_when_nothing_fails_nothing_is_logged_of_what_was_said(planted: Planted, ask: Ask) -> None:
    planted.app.responder.finish(ANSWER)
    frames = ask(planted.app, send(text=PROMPT))
    assert frames[-1].type == "finish"
    planted.check(reported=False)


@transports
def test_when_an_answer_fails(planted: Planted, ask: Ask) -> None:
    planted.app.responder.say("It ", failure(PROMPT))
    planted.hear(ask(planted.app, send(text=PROMPT)))
    assert planted.heard[-1].type == "error"
    planted.check()


def test_when_the_answer_to_a_long_conversation_fails(planted: Planted) -> None:
    archive = planted.app.service.archive
    question = archive.add(SCOPE, None, "user", PROMPT)
    answer = archive.add(SCOPE, question.id, "assistant", ANSWER)
    planted.app.responder.say(failure(PROMPT, ANSWER))
    with WebSocketClient(planted.app.address) as client:
        client.send(hello(), send(text="And then?", parent=answer.id))
        planted.hear(client.hear_the_end())
    planted.check()


@transports
def test_when_a_message_can_not_be_shown(planted: Planted, ask: Ask, monkeypatch: pytest.MonkeyPatch) -> None:
    class Unshowable(StreamingChatAction):
        message_to_html = raises(failure(PROMPT))

    action, responder = Unshowable(id=new_run()), planted.app.responder
    monkeypatch.setattr(responder, "has_views", True)
    monkeypatch.setattr(responder, "view", lambda role, content, _: action.view({"role": role, "content": content}))
    responder.finish("It is so.")
    planted.hear(ask(planted.app, send(text=PROMPT)))
    assert planted.heard[-1].type == "finish"
    planted.check(reported=False)
    assert "message_to_html failed" in planted.log


@transports
@pytest.mark.parametrize("option", ["owner", "authorize"])
def test_when_who_may_come_in_can_not_be_told(
    planted: Planted, ask: Ask, option: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(planted.app.responder, option, raises(failure()))
    planted.hear(ask(planted.app, send(text=PROMPT)))
    planted.check()


def test_when_feedback_can_not_be_taken(planted: Planted) -> None:
    archive = planted.app.service.archive
    question = archive.add(SCOPE, None, "user", PROMPT)
    answer = archive.add(SCOPE, question.id, "assistant", ANSWER)
    planted.app.responder.on_feedback = raises(failure(PROMPT, ANSWER, COMMENT))
    frame = FeedbackFrame(run=new_run(), message=answer.id, rating="down", comment=COMMENT)
    with WebSocketClient(planted.app.address) as client:
        client.send(hello(), frame)
        planted.hear(client.hear("refused"))
    planted.check()


def test_when_a_file_can_not_be_kept(planted: Planted, monkeypatch: pytest.MonkeyPatch) -> None:
    error = OSError(5, f"RuntimeError of the disk, api_key={KEY}", PATH)
    monkeypatch.setattr(UploadStore, "save", raises(error))
    host, port = planted.app.address
    head = (
        f"POST {BASE}upload?chat={CHAT} HTTP/1.1\nHost: {host}:{port}\nOrigin: http://{host}:{port}\n"
        f"X-Vizro-WS-Chat: 1\nContent-Type: application/octet-stream\nContent-Length: 1\nCookie: session={HEADER}"
    )
    status, _, [frame] = raw_request(planted.app.address, head, b"x")
    assert (status, frame["type"]) == (500, "refused")
    assert PATH not in json.dumps(frame)
    assert KEY not in json.dumps(frame)


@pytest.mark.parametrize(
    "message",
    [
        [{"type": "send", "run": new_run(), "parent": None, "text": PROMPT, "role": "system"}],
        [{"type": "send", "run": PROMPT, "parent": None, "text": PROMPT}],
        [{"type": "send", "run": new_run(), "parent": PROMPT, "text": [PROMPT]}],
        {"text": PROMPT},
        PROMPT,
    ],
)
def test_when_a_message_is_not_of_the_protocol(planted: Planted, message: Any) -> None:
    with WebSocketClient(planted.app.address, headers=HEADERS) as client:
        client.send(hello())
        client.send_text(json.dumps(message))
        planted.hear(client.hear("refused"))
        client.wait_closed()
        assert PROMPT not in str(client.close_reason)
    planted.check(reported=False)


def test_another_owner_learns_nothing(planted: Planted) -> None:
    archive = planted.app.service.archive
    theirs = archive.add(Scope(CHAT, "user:ada"), None, "user", PROMPT)
    planted.hear(of_websocket(planted.app, send(text="And?", parent=theirs.id)))
    planted.check(reported=False)
