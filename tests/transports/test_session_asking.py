"""What an answer asks its reader, over both transports."""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from pydantic import BaseModel, SecretStr

from tests.transports.clients import SSEClient, WebSocketClient, command
from tests.transports.conftest import App
from tests.transports.making import (
    SCOPE,
    Browser,
    Dictated,
    by_run,
    hello,
    key_of,
    make_service,
    new_run,
    send,
    types,
)
from tests.waiting import wait_until
from vizro_ws_chat.parts import Ask
from vizro_ws_chat.protocol.content import ContentPart
from vizro_ws_chat.protocol.frames import AnswerFrame, Cancel
from vizro_ws_chat.protocol.run_state import RunState

MakeApp = Callable[..., App]

QUESTION = ["part-start", "text-delta", "part-end"]
CHANGE = ["text-splice", "part-end"]


def answer(run: str, value: Any = "Yes", part: int = 0) -> AnswerFrame:
    return AnswerFrame(run=run, part=part, value=value)


def ask() -> Ask:
    return Ask("Go on?", options=["Yes", "No"])


def asked(browser: Browser, responder: Dictated) -> str:
    """Begin a run that asks, and return its id."""
    run = new_run()
    browser.say(send(run))
    responder.say(ask())
    wait_until(lambda: browser.hear() is not None and types(by_run(browser.heard, run)) == QUESTION)
    return run


def ended(browser: Browser, responder: Dictated) -> None:
    responder.finish()
    browser.hear_until_the_end()


class TestSession:
    def test_an_answer_goes_to_the_generator_and_the_question_changes(self) -> None:
        responder = Dictated()
        browser = Browser(make_service(responder), hello())
        run = asked(browser, responder)
        assert types(browser.say(answer(run))) == CHANGE
        responder.finish("Done.")
        frames = browser.hear_until_the_end()
        assert types(frames) == ["part-start", "text-delta", "part-end", "finish"]
        assert responder.replies == ["Yes", None]

    def test_the_same_answer_again_is_the_same_answer(self) -> None:
        responder = Dictated()
        browser = Browser(make_service(responder), hello())
        run = asked(browser, responder)
        assert types(browser.say(answer(run), answer(run))) == CHANGE
        assert browser.say(answer(run)) == []
        ended(browser, responder)
        assert browser.say(answer(run)) == [], "after the end of the run, too"
        assert responder.replies == ["Yes"]

    def test_another_answer_is_refused_and_the_connection_goes_on(self) -> None:
        responder = Dictated()
        browser = Browser(make_service(responder), hello())
        run = asked(browser, responder)
        browser.say(answer(run))
        [refused] = browser.say(answer(run, "No"))
        assert (refused.type, refused.code, refused.run) == ("refused", "not-asked", run)
        ended(browser, responder)
        assert responder.replies == ["Yes"]

    @pytest.mark.parametrize("value", ["Perhaps", None, 5, ["Yes"], {"Yes": True}], ids=repr)
    def test_what_was_not_offered_is_refused_and_the_question_stays(self, value: object) -> None:
        responder = Dictated()
        browser = Browser(make_service(responder), hello())
        run = asked(browser, responder)
        [refused] = browser.say(answer(run, value))
        assert (refused.code, refused.run) == ("not-offered", run)
        assert types(browser.say(answer(run))) == CHANGE
        ended(browser, responder)

    @pytest.mark.parametrize("part", [1, 100])
    def test_a_part_that_asks_nothing(self, part: int) -> None:
        responder = Dictated()
        browser = Browser(make_service(responder), hello())
        run = asked(browser, responder)
        [refused] = browser.say(answer(run, part=part))
        assert refused.code == "not-asked"
        browser.say(answer(run))
        ended(browser, responder)

    def test_nobody_else_can_answer(self) -> None:
        responder, other = Dictated(), Dictated()
        service = make_service(responder, other)
        browser = Browser(service, hello())
        run = asked(browser, responder)
        for stranger in (Browser(service, hello(), owner="browser:other"), Browser(service, hello("chat-1"))):
            [_, refused] = [*stranger.heard, *stranger.say(answer(run))][-2:]
            assert (refused.code, refused.run) == ("unknown-run", run)
        assert service.hub.get(key_of(run)).is_asking  # type: ignore[union-attr]
        browser.say(answer(run))
        ended(browser, responder)

    def test_another_connection_of_the_same_owner_can(self) -> None:
        responder = Dictated()
        service = make_service(responder)
        browser = Browser(service, hello())
        run = asked(browser, responder)
        assert types(Browser(service, hello()).say(answer(run))) == []
        assert types(browser.hear()) == CHANGE
        ended(browser, responder)
        assert responder.replies == ["Yes"]

    def test_hello_comes_first(self) -> None:
        browser = Browser(make_service(Dictated()))
        [refused] = browser.say(answer(new_run()))
        assert refused.code == "bad-frame"

    def test_after_stop_it_is_not_asked_any_more(self) -> None:
        responder = Dictated()
        browser = Browser(make_service(responder), hello())
        run = asked(browser, responder)
        frames = browser.say(Cancel(run=run), answer(run))
        assert sorted(types(frames)) == ["refused", "stopped"]
        wait_until(lambda: responder.ended == 1)
        assert responder.replies == []

    def test_who_may_not_ask_any_more_may_not_answer_either(self) -> None:
        responder = Dictated()
        browser = Browser(make_service(responder), hello())
        run = asked(browser, responder)
        responder.authorize = lambda _: False
        with Flask(__name__).test_request_context():
            [refused] = browser.say(answer(run))
        assert refused.code == "denied"
        responder.authorize = None
        browser.say(answer(run))
        ended(browser, responder)

    def test_it_counts_as_ten_frames(self) -> None:
        browser = Browser(make_service(Dictated(), max_frames_per_second=5), hello())
        codes = [frame.code for _ in range(6) for frame in browser.say(answer(new_run()))]
        assert codes == ["unknown-run"] * 4 + ["rate"] * 2

    @pytest.mark.parametrize(
        "value", ["[" * 10_000 + "]" * 10_000, "[" * 300 + "]" * 300, "9" * 5_000], ids=["very deep", "deep", "number"]
    )
    def test_what_is_costly_to_read_is_not_read(self, value: str) -> None:
        browser = Browser(make_service(Dictated()), hello())
        refusal = browser.session.receive(f'[{{"type":"answer","run":"{new_run()}","part":0,"value":{value}}}]')
        assert refusal is not None
        assert refusal.code == "bad-frame"

    def test_a_run_that_waits_for_its_reader_is_not_being_read(self) -> None:
        responder = Dictated()
        browser = Browser(make_service(responder), hello())
        run = asked(browser, responder)
        assert not browser.session.is_reading
        browser.say(answer(run))
        assert browser.session.is_reading
        ended(browser, responder)
        assert not browser.session.is_reading

    def test_what_was_asked_and_answered_is_read_again_from_the_beginning(self) -> None:
        responder = Dictated()
        service = make_service(responder)
        browser = Browser(service, hello())
        run = asked(browser, responder)
        browser.say(answer(run))
        ended(browser, responder)
        again = Browser(service, hello(**{run: None}))
        assert by_run(again.heard, run) == by_run(browser.heard, run)

    def test_passwords_are_neither_sent_back_nor_signed_nor_logged(self, caplog: pytest.LogCaptureFixture) -> None:
        class Login(BaseModel):
            user: str
            password: SecretStr

        responder = Dictated()
        service = make_service(responder)
        browser = Browser(service, hello())
        run = new_run()
        with caplog.at_level(logging.DEBUG):
            browser.say(send(run))
            responder.say(Ask("Who are you?", form=Login))
            wait_until(lambda: browser.hear() is not None and "part-end" in types(browser.heard))
            browser.say(answer(run, {"user": "me", "password": "swordfish"}))
            ended(browser, responder)
        assert responder.replies == [Login(user="me", password=SecretStr("swordfish"))]
        assert "swordfish" not in str(browser.heard)
        [_, said] = service.archive.chain(SCOPE, browser.heard[-1].message.id) or []
        assert "swordfish" not in str(said)
        assert "swordfish" not in caplog.text


class TestWebSocket:
    def test_a_question_and_its_answer(self, app: App) -> None:
        with WebSocketClient(app.address) as browser:
            run = new_run()
            browser.send(hello(), send(run))
            app.responder.say(ask())
            browser.hear("part-end")
            browser.send(answer(run))
            assert types(browser.hear("part-end")) == CHANGE
            app.responder.finish("Done.")
            browser.hear_the_end()
        assert app.responder.replies == ["Yes", None]
        app.wait_until_idle()

    def test_a_connection_whose_run_waits_is_idle_and_the_answer_may_come_by_another(self, make_app: MakeApp) -> None:
        app = make_app(idle_seconds=0.1)
        run = new_run()
        with WebSocketClient(app.address) as browser:
            browser.send(hello(), send(run))
            app.responder.say(ask())
            last = browser.hear("part-end")[-1].id
            [bye] = browser.hear("bye")
            assert bye.code == "idle"
            assert browser.wait_closed() == 1000
        with WebSocketClient(app.address) as browser:
            browser.send(hello(**{run: last}), answer(run))
            assert types(browser.hear("part-end")) == ["welcome", *CHANGE]
            app.responder.finish()
            browser.hear_the_end()
        assert app.responder.replies == ["Yes"]
        app.wait_until_idle()


class TestSSE:
    @pytest.fixture
    def app(self, make_app: Callable[..., App]) -> App:
        """An app whose streams wait hardly longer than there is something to read."""
        return make_app(idle_seconds=0.1)

    def test_the_stream_ends_with_the_question_and_the_answer_brings_the_next(self, app: App) -> None:
        run = new_run()
        app.responder.say(ask())
        with SSEClient(app.address, hello(), send(run)) as browser:
            first = browser.hear_the_end()
        assert types(first) == ["welcome", "accepted", *QUESTION]
        app.responder.finish("Done.")
        with SSEClient(app.address, hello(**{run: first[-1].id}), answer(run)) as browser:
            second = browser.hear_the_end()
        assert types(second) == ["welcome", *CHANGE, "part-start", "text-delta", "part-end", "finish"]
        assert app.responder.replies == ["Yes", None]
        state = RunState()
        state.apply(by_run([*first, *second], run))
        app.wait_until_idle()

    def test_an_answer_that_is_refused_ends_the_stream_as_well(self, app: App) -> None:
        run = new_run()
        app.responder.say(ask())
        with SSEClient(app.address, hello(), send(run)) as browser:
            last = browser.hear_the_end()[-1].id
        with SSEClient(app.address, hello(**{run: last}), answer(run, "Perhaps")) as browser:
            frames = browser.hear_the_end()
        assert types(frames) == ["welcome", "refused"]
        assert frames[-1].code == "not-offered"

    def test_before_hello_it_is_refused(self, app: App) -> None:
        with SSEClient(app.address, answer(new_run())) as browser:
            assert browser.status == 400
            assert browser.refusal().code == "bad-frame"

    def test_of_another_owner_it_is_not_there(self, app: App) -> None:
        run = new_run()
        app.responder.say(ask())
        with SSEClient(app.address, hello(), send(run)) as browser:
            browser.hear_the_end()
        with SSEClient(app.address, hello(), answer(run), headers=app.cookie_of("x" * 32)) as browser:
            frames = browser.hear_the_end()
        assert (frames[-1].type, frames[-1].code) == ("refused", "unknown-run")

    def test_stop_comes_by_a_command_of_its_own(self, app: App) -> None:
        run = new_run()
        app.responder.say(ask())
        with SSEClient(app.address, hello(), send(run)) as browser:
            last = browser.hear_the_end()[-1].id
        assert command(app.address, hello(), Cancel(run=run))[0] == 200
        with SSEClient(app.address, hello(**{run: last}), answer(run)) as browser:
            assert sorted(types(browser.hear_the_end())) == ["refused", "stopped", "welcome"]
        app.wait_until_idle()


def test_a_question_is_part_of_the_conversation_that_a_browser_brings_back() -> None:
    responder = Dictated()
    service = make_service(responder)
    browser = Browser(service, hello())
    run = asked(browser, responder)
    browser.say(answer(run))
    ended(browser, responder)
    end = browser.heard[-1]
    state = RunState()
    state.apply(by_run(browser.heard, run))
    chain = service.archive.chain(SCOPE, end.message.id)
    assert chain is not None
    [part] = state.parts()
    assert chain[-1].content == (ContentPart("ask", part.text),)
