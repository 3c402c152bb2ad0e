"""The conversation with one browser: what is answered, refused and logged."""

from __future__ import annotations

import logging
from collections.abc import Iterator

import pytest

from tests.manual_scheduler import ManualScheduler
from tests.transports.making import (
    TERMINAL_TYPES,
    Browser,
    Dictated,
    Unasking,
    hello,
    make_service,
    new_run,
    send,
    types,
)
from tests.waiting import wait_until
from vizro_ws_chat.protocol.frames import Cancel, Frame, History, Ping
from vizro_ws_chat.streams.cancel import RunContext
from vizro_ws_chat.transports.service import Question


@pytest.mark.parametrize(
    "frame", [Ping(), send(), Cancel(run=new_run()), History(run=new_run(), index=0, count=1, text="[]")]
)
def test_hello_comes_first(frame: Frame) -> None:
    responder = Dictated()
    browser = Browser(make_service(responder))
    [refused] = browser.say(frame)
    assert refused.code == "bad-frame"
    assert responder.conversations == []


def test_welcome_tells_the_limits() -> None:
    service = make_service(Dictated(), heartbeat_seconds=1.5, idle_seconds=2, max_prompt_chars=7)
    [welcome] = Browser(service).say(hello())
    assert (welcome.heartbeat_ms, welcome.idle_ms, welcome.max_prompt_chars) == (1500, 2000, 7)


def test_a_chat_that_is_not_there_ends_the_connection() -> None:
    browser = Browser(make_service(Dictated()))
    refusal = browser.session.receive('[{"type":"hello","v":1,"chat":"other","resume":[]}]')
    assert refusal is not None
    assert refusal.code == "unknown-chat"
    assert types(browser.hear()) == ["refused"]


@pytest.mark.parametrize(
    ("message", "code"),
    [
        ("", "bad-frame"),
        ("[]", "bad-frame"),
        ("{}", "bad-frame"),
        (b"\xff\x00", "bad-frame"),
        ("[" * 100_000, "bad-frame"),
        ('[{"type":"hello","v":2,"chat":"chat","resume":[]}]', "version"),
        ('[{"type":"hello","v":1,"chat":"chat","resume":[],"more":1}]', "bad-frame"),
        ('[{"type":"welcome","v":1,"heartbeat_ms":1,"idle_ms":1,"max_prompt_chars":1}]', "bad-frame"),
    ],
)
def test_what_is_not_of_the_protocol_ends_the_connection(message: str | bytes, code: str) -> None:
    browser = Browser(make_service(Dictated()))
    refusal = browser.session.receive(message)
    assert refusal is not None
    assert refusal.code == code
    assert [frame.code for frame in browser.hear()] == [code]


def test_a_message_is_taken_whole_or_not_at_all() -> None:
    responder = Dictated()
    browser = Browser(make_service(responder))
    browser.session.receive('[{"type":"hello","v":1,"chat":"chat","resume":[]},{"type":"nonsense"}]')
    assert types(browser.hear()) == ["refused"]


def test_ping_is_answered() -> None:
    assert types(Browser(make_service(Dictated())).say(hello(), Ping(), Ping())) == ["welcome", "pong", "pong"]


def test_cancel_stops_a_run_and_tells_at_once() -> None:
    responder = Dictated()
    browser = Browser(make_service(responder), hello())
    the_send = send()
    browser.say(the_send)
    responder.say("a")
    browser.hear_text("a")
    frames = browser.say(Cancel(run=the_send.run))
    assert types(frames) == ["part-end", "stopped"]
    assert frames[-1].message.role == "assistant"
    wait_until(lambda: responder.ended == 1, "the end of the generator")
    assert browser.say(Cancel(run=the_send.run), Cancel(run=new_run())) == []


def test_cancel_before_the_send_means_that_the_run_never_starts() -> None:
    responder = Dictated()
    browser = Browser(make_service(responder), hello())
    the_send = send()
    frames = browser.say(Cancel(run=the_send.run), the_send)
    assert types(frames) == ["accepted", "stopped"]
    assert frames[-1].message is None
    assert not browser.session.is_reading
    assert responder.conversations == []


def test_cancel_comes_from_any_connection() -> None:
    responder = Dictated()
    service = make_service(responder)
    the_send = send()
    browser = Browser(service, hello(), the_send)
    Browser(service, hello(), Cancel(run=the_send.run))
    assert types(browser.hear_until_the_end()) == ["stopped"]


def test_too_many_frames_end_the_connection() -> None:
    scheduler = ManualScheduler()
    browser = Browser(make_service(Dictated(), scheduler=scheduler, max_frames_per_second=2), hello())
    for _ in range(19):
        assert types(browser.say(Ping())) == ["pong"]
    refusal = browser.session.receive(f"[{Ping().model_dump_json()}]")
    assert refusal is not None
    assert refusal.code == "rate"
    [refused] = browser.hear()
    assert refused.retry_ms is not None
    scheduler.advance(refused.retry_ms / 1000)
    assert types(browser.say(Ping())) == ["pong"]


def test_what_starts_the_authors_code_counts_as_ten_frames() -> None:
    scheduler, responder = ManualScheduler(), Dictated()
    browser = Browser(make_service(responder, scheduler=scheduler, max_frames_per_second=3), hello())
    for _ in range(2):
        assert types(browser.say(send())) == ["accepted"]
    [refused] = browser.say(send())
    assert (refused.code, refused.retry_ms) == ("rate", 3_334)
    for _ in range(2):
        responder.finish()


def test_an_error_of_our_own_shows_a_reference_that_the_log_has_too(caplog: pytest.LogCaptureFixture) -> None:
    class Broken(Unasking):
        @property
        def is_async(self) -> bool:
            raise RuntimeError("the secret reason")

        def respond(self, question: Question, context: RunContext) -> Iterator[str]:
            raise NotImplementedError

    browser = Browser(make_service(Broken()), hello())
    the_send = send()
    with caplog.at_level(logging.ERROR, "vizro_ws_chat"):
        refusal = browser.session.receive(f"[{the_send.model_dump_json()}]")
    assert refusal is not None
    [refused] = browser.hear()
    assert (refused.code, refused.run) == ("internal", the_send.run)
    assert refused.ref in caplog.text
    assert "the secret reason" in caplog.text
    assert "secret" not in refused.text


def test_a_refusal_is_logged_with_its_reason(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.INFO, "vizro_ws_chat"):
        Browser(make_service(Dictated())).say(hello("nowhere"))
    assert "no chat has the id 'nowhere'" in caplog.text


def test_every_append_wakes_the_reader() -> None:
    responder = Dictated()
    browser = Browser(make_service(responder), hello(), send())
    responder.say("a")
    wait_until(lambda: browser.wakes == 1, "the first wake")
    responder.finish()
    wait_until(lambda: browser.wakes == 2, "the second wake")
    assert types(browser.hear())[-1] == "finish"


def test_the_terminal_frame_is_never_lost() -> None:
    """Whatever the order in which the run ends and the reader looks, the last frame read is a terminal one."""
    for _ in range(200):
        responder = Dictated()
        browser = Browser(make_service(responder), hello(), send())
        responder.finish("x")
        assert browser.hear_until_the_end()[-1].type in TERMINAL_TYPES


def test_closing_detaches_and_the_run_goes_on_for_the_grace_time() -> None:
    scheduler = ManualScheduler()
    responder = Dictated()
    service = make_service(responder, scheduler=scheduler, grace_seconds=60)
    the_send = send()
    one, two = Browser(service, hello(), the_send), Browser(service, hello(), the_send)
    one.session.close()
    one.session.close()
    scheduler.advance(100)
    assert two.session.is_reading
    two.session.close()
    scheduler.advance(59)
    assert service.hub.alive == 1
    three = Browser(service, hello(**{the_send.run: None}))
    scheduler.advance(100)
    assert service.hub.alive == 1
    three.session.close()
    scheduler.advance(60)
    assert service.hub.alive == 0
    wait_until(lambda: responder.ended == 1, "the end of the generator")
    [_, *frames] = Browser(service).say(hello(**{the_send.run: None}))
    assert types(frames)[-1] == "interrupted"


def test_a_closed_session_is_not_woken() -> None:
    responder = Dictated()
    browser = Browser(make_service(responder), hello(), send())
    browser.session.close()
    responder.finish("x")
    wait_until(lambda: responder.ended == 1, "the end of the generator")
    assert browser.wakes == 0
