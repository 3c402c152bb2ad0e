"""Feedback through sessions and both transports."""

from __future__ import annotations

import json
import threading
from typing import Any

import pytest
from flask import Flask

from tests.transports.clients import WebSocketClient, command
from tests.transports.conftest import App
from tests.transports.making import SCOPE, Browser, Dictated, hello, make_service, new_run, send, types
from tests.waiting import wait_until
from vizro_ws_chat.protocol.frames import FeedbackFrame, History, Ping
from vizro_ws_chat.threads.signing import Scope
from vizro_ws_chat.transports.service import ChatService


def feedback(message: str, **fields: Any) -> FeedbackFrame:
    return FeedbackFrame(**{"run": new_run(), "message": message, "rating": "up", "comment": "", **fields})


def answer_in(service: ChatService, scope: Scope = SCOPE) -> str:
    question = service.archive.add(scope, None, "user", "Hi")
    return service.archive.add(scope, question.id, "assistant", "Hello").id


def hear_until(browser: Browser, kind: str) -> Any:
    wait_until(lambda: browser.hear() is not None and kind in types(browser.heard), kind)
    return browser.heard[-1]


def test_the_author_hears_of_the_conversation_up_to_the_answer() -> None:
    responder = Dictated()
    service = make_service(responder)
    frame = feedback(answer_in(service), rating="down", comment="Too short")
    browser = Browser(service, hello(), frame)
    assert hear_until(browser, "feedback-taken").run == frame.run
    assert responder.feedback == [(["Hi", "Hello"], "down", "Too short")]
    assert not browser.session.is_awaiting
    assert browser.wakes == 1


def test_who_may_not_use_the_chat_any_more_rates_nothing() -> None:
    responder = Dictated()
    allowed = [True, False]
    responder.authorize = lambda request: allowed.pop(0)
    service = make_service(responder)
    with Flask(__name__).test_request_context("/"):
        browser = Browser(service, hello(), feedback(answer_in(service)))
    assert browser.heard[-1].code == "denied"
    assert responder.feedback == []


def test_what_was_not_heard_to_be_taken_is_taken_once() -> None:
    responder = Dictated()
    service = make_service(responder)
    frame = feedback(answer_in(service))
    for _ in range(2):
        hear_until(Browser(service, hello(), frame), "feedback-taken")
    assert len(responder.feedback) == 1


def test_the_history_is_asked_for_when_it_is_not_here() -> None:
    responder = Dictated()
    service = make_service(responder)
    frame = feedback(answer_in(service))
    messages = service.archive.chain(SCOPE, frame.message)
    assert messages is not None
    service.archive._messages.clear()
    browser = Browser(service)
    assert types(browser.say(hello(), frame)) == ["welcome", "need-history"]
    text = json.dumps([message._asdict() for message in messages])
    browser.say(History(run=frame.run, index=0, count=1, text=text), frame)
    hear_until(browser, "feedback-taken")
    assert responder.feedback == [(["Hi", "Hello"], "up", "")]


def test_an_answer_of_another_owner_or_chat_is_not_there() -> None:
    responder = Dictated()
    service = make_service(responder, Dictated())
    for scope in (Scope("chat", "browser:other"), Scope("chat-1", SCOPE.owner)):
        browser = Browser(service)
        assert types(browser.say(hello(), feedback(answer_in(service, scope)))) == ["welcome", "need-history"]
    assert responder.feedback == []


def test_only_answers_are_rated() -> None:
    service = make_service(Dictated())
    question = service.archive.add(SCOPE, None, "user", "Hi")
    [_, refused] = Browser(service).say(hello(), feedback(question.id))
    assert refused.code == "no-feedback"


def test_a_chat_that_asks_for_no_feedback_gets_none() -> None:
    responder = Dictated()
    responder.takes_feedback = False
    service = make_service(responder)
    [_, refused] = Browser(service).say(hello(), feedback(answer_in(service)))
    assert refused.code == "no-feedback"
    assert responder.feedback == []


def test_comments_have_a_limit() -> None:
    responder = Dictated()
    service = make_service(responder, max_comment_chars=3)
    browser = Browser(service, hello())
    [refused] = browser.say(feedback(answer_in(service), comment="four"))
    assert refused.code == "too-large"
    browser.say(feedback(answer_in(service), comment="👋" * 3))
    hear_until(browser, "feedback-taken")


def test_a_failure_of_the_author_has_a_reference() -> None:
    responder = Dictated()
    responder.on_feedback = lambda: 1 / 0
    service = make_service(responder)
    frame = feedback(answer_in(service))
    refused = hear_until(Browser(service, hello(), frame), "refused")
    assert (refused.code, refused.run) == ("internal", frame.run)
    assert refused.ref


def test_a_slow_author_does_not_delay_the_answers_of_a_connection(app: App) -> None:
    gate = threading.Event()
    app.responder.on_feedback = gate.wait
    try:
        with WebSocketClient(app.address) as browser:
            browser.send(hello(), send(), feedback(answer_in(app.service)))
            app.responder.finish("All of it")
            assert "feedback-taken" not in types(browser.hear("finish"))
            gate.set()
            browser.hear("feedback-taken")
    finally:
        gate.set()


def test_a_command_brings_feedback_and_waits_for_the_author(app: App) -> None:
    status, frames = command(app.address, hello(), feedback(answer_in(app.service), comment="Thanks"))
    assert (status, types(frames)) == (200, ["welcome", "feedback-taken"])
    assert app.responder.feedback == [(["Hi", "Hello"], "up", "Thanks")]


def test_a_command_does_not_wait_without_end(app: App) -> None:
    status, frames = command(app.address, hello(), Ping(), feedback("a" * 43))
    assert (status, types(frames)) == (200, ["welcome", "pong", "need-history"])


@pytest.mark.parametrize("model", ["gpt-5", None])
def test_who_asks_hears_what_writes_the_answer(model: str | None) -> None:
    responder = Dictated()
    responder.model = model
    browser = Browser(make_service(responder))
    accepted = browser.say(hello(), the_send := send())[1]
    assert (accepted.run, accepted.model) == (the_send.run, model)
    responder.finish("x")
    browser.hear_until_the_end()
