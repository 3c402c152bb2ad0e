"""Runs that are read again, from anywhere, by whoever may."""

from __future__ import annotations

import itertools

from tests.manual_scheduler import ManualScheduler
from tests.streams.making import fold
from tests.transports.making import (
    Browser,
    Dictated,
    a_turn,
    by_run,
    hello,
    key_of,
    make_service,
    new_run,
    send,
    text_of,
    types,
)
from vizro_ws_chat.protocol.codec import encode
from vizro_ws_chat.protocol.frames import Cancel
from vizro_ws_chat.protocol.ids import FrameId


def test_resuming_from_any_id_gives_exactly_the_rest() -> None:
    responder = Dictated()
    service = make_service(responder)
    browser = Browser(service, hello())
    the_send = send()
    browser.say(the_send)
    responder.finish(*"abcde")
    frames = browser.hear_until_the_end()
    for position, frame in enumerate(frames):
        other = Browser(service)
        [_, *rest] = other.say(hello(**{the_send.run: frame.id}))
        assert rest == frames[position + 1 :]
        assert not other.session.is_reading
    [_, *everything] = Browser(service).say(hello(**{the_send.run: None}))
    assert everything == frames


def test_resuming_in_mid_answer_goes_on_with_it() -> None:
    responder = Dictated()
    service = make_service(responder)
    the_send = send()
    first = Browser(service, hello(), the_send)
    responder.say("a", "b")
    first.hear_text("ab")
    first.session.close()
    second = Browser(service)
    assert types(second.say(hello(**{the_send.run: first.heard[-1].id}))) == ["welcome"]
    responder.finish("c")
    assert text_of(second.hear_until_the_end()) == "c"


def test_resuming_a_run_that_is_not_known_is_refused_and_the_others_go_on() -> None:
    responder = Dictated()
    service = make_service(responder)
    the_send = send()
    Browser(service, hello(), the_send)
    unknown = new_run()
    browser = Browser(service)
    [_, refused] = browser.say(hello(**{unknown: None, the_send.run: None}))
    assert (refused.code, refused.run) == ("unknown-run", unknown)
    responder.finish("x")
    assert text_of(browser.hear_until_the_end()) == "x"


def test_resuming_twice_on_one_connection_starts_from_the_later_request() -> None:
    responder = Dictated()
    service = make_service(responder)
    the_send = send()
    browser = Browser(service, hello(), the_send)
    responder.say("a")
    browser.hear_text("a")
    frames = browser.say(hello(**{the_send.run: None}))
    assert text_of(frames) == "a"
    responder.finish("b")
    assert text_of(browser.hear_until_the_end()) == "b"


def test_a_frame_that_is_yet_to_come_can_not_be_resumed_after() -> None:
    responder = Dictated()
    service = make_service(responder)
    the_send = send()
    first = Browser(service, hello(), the_send)
    [_, refused] = Browser(service).say(hello(**{the_send.run: "1795372800000-1"}))
    assert (refused.code, refused.run) == ("bad-resume", the_send.run)
    responder.finish("a")
    last = FrameId.parse(first.hear_until_the_end()[-1].id)
    for seq, answer in ((last.seq, ["welcome"]), (last.seq + 1, ["welcome", "refused"])):
        browser = Browser(service)
        assert types(browser.say(hello(**{the_send.run: str(FrameId(last.epoch, seq))}))) == answer
        assert not browser.session.is_reading


def test_a_run_whose_log_has_gone_is_neither_read_nor_executed_again() -> None:
    responder, scheduler = Dictated(), ManualScheduler()
    service = make_service(responder, scheduler=scheduler, log_ttl_seconds=10)
    the_send = send()
    first = Browser(service, hello(), the_send)
    responder.finish("a")
    first.hear_until_the_end()
    scheduler.advance(11)
    browser = Browser(service, hello(**{the_send.run: None}), the_send)
    assert [(frame.type, getattr(frame, "code", None)) for frame in browser.heard[1:]] == [
        ("refused", "unknown-run"),
        ("refused", "unknown-run"),
    ]
    assert len(responder.conversations) == 1


def test_who_is_far_behind_catches_up_in_messages_of_limited_size() -> None:
    responder = Dictated()
    service = make_service(responder, max_output_chars=20_000_000, max_delta_chars=100_000)
    the_send = send()
    first = Browser(service, hello(), the_send)
    responder.finish(*(f"{number:02}" * 50_000 for number in range(50)))
    first.hear_until_the_end()
    late = Browser(service)
    late.session.receive(encode([hello(**{the_send.run: None})]))
    messages = []
    while late.session.is_reading:
        wakes = late.wakes
        messages.append(late.hear())
        assert late.wakes > wakes or not late.session.is_reading, "it must be woken for the rest"
    whole, caught_up = (fold(by_run(browser.heard, the_send.run)) for browser in (first, late))
    assert (caught_up.parts(), caught_up.status) == (whole.parts(), whole.status)
    assert max(len(text_of(message)) for message in messages) <= 100_000, "no more than one of these large frames"


def test_long_answers_on_one_connection_take_turns() -> None:
    responders = Dictated(), Dictated()
    service = make_service(*responders, max_delta_chars=20_000)
    late = Browser(service)
    runs: list[str] = []
    for chat, responder in zip(service.responders, responders, strict=True):
        the_send = send()
        first = Browser(service, hello(chat), the_send)
        responder.finish(*["x" * 20_000] * 20)
        first.hear_until_the_end()
        late.session.receive(encode([hello(chat, **{the_send.run: None})]))
        runs.append(the_send.run)
    late.hear()  # begins with the answers to both
    turns: list[set[str]] = []
    while late.session.is_reading:
        turns.append({frame.run for frame in late.hear() if frame.type == "text-delta"})
    assert len(turns) > 10
    assert all(one | other == set(runs) for one, other in itertools.pairwise(turns[:10]))


def test_a_run_of_another_chat_is_not_there() -> None:
    service = make_service(Dictated(), Dictated())
    the_send = send()
    Browser(service, hello(), the_send)
    other = Browser(service)
    assert [frame.code for frame in other.say(hello("chat-1", **{the_send.run: None}))[1:]] == ["unknown-run"]
    other.say(Cancel(run=the_send.run))
    run = service.hub.get(key_of(the_send.run))
    assert run is not None
    assert not run.status.is_terminal
    service.hub.cancel(run.key)


def test_a_send_of_a_run_that_is_over_is_refused_before_its_history_is_asked_for() -> None:
    scheduler = ManualScheduler()
    responder = Dictated()
    service = make_service(responder, scheduler=scheduler, log_ttl_seconds=300)
    browser = Browser(service, hello())
    parent = a_turn(browser, responder, "Hi", "Hello").message.id
    the_send = send(text="More", parent=parent)
    browser.say(the_send)
    responder.finish("Of course")
    browser.hear_until_the_end()
    scheduler.advance(301)
    service.archive._messages.clear()
    [refused] = browser.say(the_send)
    assert (refused.type, refused.code) == ("refused", "unknown-run")


def test_answers_do_not_wait_for_much_text() -> None:
    responder = Dictated()
    service = make_service(responder)
    the_send = send()
    first = Browser(service, hello(), the_send)
    responder.say("much " * 10_000)
    first.hear_text("much " * 10_000)
    late = Browser(service)
    assert types(late.say(hello(**{the_send.run: None}))) == ["welcome", "part-start"]
    late.hear_text("much " * 10_000)
    responder.finish()
