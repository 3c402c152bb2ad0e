"""What readers say into answers that are being made, as it comes over a connection."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest

from tests.transports.clients import SSEClient, command
from tests.transports.conftest import App
from tests.transports.making import Browser, Dictated, a_turn, hello, make_service, new_run, send, types
from tests.waiting import wait_until
from vizro_ws_chat.parts import Ask
from vizro_ws_chat.protocol.content import ContentPart
from vizro_ws_chat.protocol.frames import AnswerFrame, Cancel, DeliverFrame
from vizro_ws_chat.transports.service import ChatService


class Steered(Dictated):
    """A responder whose answers take messages."""

    takes_deliveries = True


def deliver(run: str, text: str = "Only Europe", id_: str | None = None) -> DeliverFrame:
    return DeliverFrame(run=run, id=id_ or new_run(), text=text)


class Fixture:
    """An answer that is alive."""

    def __init__(self, responder: Dictated | None = None, **settings: Any) -> None:
        self.responder = responder or Steered()
        self.service: ChatService = make_service(self.responder, **settings)
        self.browser = Browser(self.service, hello())
        self.run = new_run()
        self.browser.say(send(self.run))
        wait_until(lambda: self.responder.contexts)

    @property
    def inbox(self) -> Any:
        return self.responder.contexts[-1].inbox

    def refusal(self, frame: DeliverFrame, browser: Browser | None = None) -> tuple[str, str | None, str | None]:
        [refused] = [heard for heard in (browser or self.browser).say(frame) if heard.type == "refused"]
        return refused.code, refused.run, refused.delivery

    def end(self) -> list[Any]:
        self.responder.finish("Done.")
        return self.browser.hear_until_the_end()


def test_it_arrives_and_nothing_is_answered_until_it_was_taken() -> None:
    it = Fixture()
    sent = deliver(it.run, "Nur 👋 Europa")
    assert it.browser.say(sent) == []
    assert it.inbox.drain() == ["Nur 👋 Europa"]
    [start, delta, _] = it.browser.hear()
    assert start.kind == "steer"
    assert json.loads(delta.d) == {"id": sent.id, "text": "Nur 👋 Europa"}
    it.end()


def test_what_is_sent_again_on_another_connection_arrives_once() -> None:
    it = Fixture()
    sent = deliver(it.run)
    it.browser.say(sent, sent)
    assert types(Browser(it.service, hello()).say(sent)) == []
    assert it.inbox.drain() == ["Only Europe"]
    it.end()
    assert it.browser.say(sent) == []


def test_it_is_signed_and_the_next_answer_gets_it() -> None:
    it = Fixture()
    sent = deliver(it.run)
    it.browser.say(sent)
    it.inbox.get()
    finish = it.end()[-1]
    a_turn(it.browser, it.responder, "And then?", "Then.", finish.message.id)
    steer = ContentPart("steer", json.dumps({"id": sent.id, "text": "Only Europe"}))
    assert it.responder.conversations[-1][1] == ("assistant", (steer, ContentPart("text", "Done.")))


def test_it_arrives_while_the_answer_asks_its_reader() -> None:
    it = Fixture()
    it.responder.say(Ask("Which?", options=["a", "b"]))
    wait_until(lambda: it.browser.hear() is not None and "part-end" in types(it.browser.heard))
    assert it.browser.say(deliver(it.run)) == []
    assert it.inbox.drain() == ["Only Europe"]
    it.browser.say(AnswerFrame(run=it.run, part=0, value="a"))
    it.end()


def test_only_its_owner_can_say_something() -> None:
    it = Fixture()
    somebody = Browser(it.service, hello(), owner="browser:somebody-else")
    sent = deliver(it.run)
    assert it.refusal(sent, somebody) == ("unknown-run", it.run, sent.id)
    assert len(it.inbox) == 0
    it.end()


@pytest.mark.parametrize("ended_by", [Cancel, None])
def test_nothing_is_said_into_an_answer_that_has_ended(ended_by: Callable[..., Any] | None) -> None:
    it = Fixture()
    early = deliver(it.run)
    it.browser.say(early)
    if ended_by:
        it.browser.say(ended_by(run=it.run))
        it.browser.hear_until_the_end()
    else:
        it.end()
    late = deliver(it.run)
    assert it.refusal(late) == ("not-delivered", it.run, late.id)
    assert "steer" not in [frame.kind for frame in it.browser.heard if frame.type == "part-start"]


def test_there_are_limits() -> None:
    it = Fixture(max_run_messages=2, max_prompt_chars=20)
    long = deliver(it.run, "x" * 21)
    assert it.refusal(long) == ("too-large", it.run, long.id)
    it.browser.say(deliver(it.run, "x" * 20), deliver(it.run))
    more = deliver(it.run)
    assert it.refusal(more) == ("inbox-full", it.run, more.id)
    it.end()


def test_a_chat_whose_author_has_not_chosen_so_takes_none() -> None:
    it = Fixture(Dictated())
    sent = deliver(it.run)
    assert it.refusal(sent) == ("not-delivered", it.run, sent.id)
    it.end()


def test_a_run_that_nobody_knows() -> None:
    it = Fixture()
    sent = deliver(new_run())
    assert it.refusal(sent) == ("unknown-run", sent.run, sent.id)
    it.end()


def test_over_sse_it_is_a_command(make_app: Callable[..., App], monkeypatch: pytest.MonkeyPatch) -> None:
    app = make_app()
    monkeypatch.setattr(app.responder, "takes_deliveries", True)
    run = new_run()
    with SSEClient(app.address, hello(), send(run)) as browser:
        wait_until(lambda: app.responder.contexts)
        sent = deliver(run)
        for _ in range(2):
            status, frames = command(app.address, hello(), sent)
            assert (status, types(frames)) == (200, ["welcome"])
        assert app.responder.contexts[0].inbox.drain() == ["Only Europe"]
        app.responder.finish("Done.")
        frames = browser.hear_the_end()
    assert [frame.kind for frame in frames if frame.type == "part-start"] == ["steer", "text"]
    app.wait_until_idle()
