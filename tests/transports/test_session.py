from __future__ import annotations

import itertools
import json
import logging
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import pytest

from tests.manual_scheduler import ManualScheduler
from tests.transports.making import (
    CHAT,
    SCOPE,
    TERMINAL_TYPES,
    Browser,
    Dictated,
    Unasking,
    by_run,
    hello,
    key_of,
    make_service,
    new_run,
    send,
    text_of,
    types,
)
from tests.waiting import wait_until
from vizro_ws_chat.protocol.codec import encode
from vizro_ws_chat.protocol.content import Content
from vizro_ws_chat.protocol.frames import Cancel, Frame, History, Ping, Role
from vizro_ws_chat.protocol.ids import FrameId
from vizro_ws_chat.streams.cancel import RunContext
from vizro_ws_chat.threads.signing import Message
from vizro_ws_chat.transports.service import Question
from vizro_ws_chat.uploads.stored_file import StoredFile


def a_turn(browser: Browser, responder: Dictated, text: str, answer: str, parent: str | None = None) -> Any:
    """Ask, answer, and return the terminal frame."""
    browser.say(send(text=text, parent=parent))
    responder.finish(answer)
    return browser.hear_until_the_end()[-1]


def history_of(*messages: Message) -> str:
    names = ("id", "parent", "role", "content")
    return json.dumps([{name: getattr(message, name) for name in names} for message in messages])


# ---- hello ----


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


# ---- send ----


def test_a_send_is_accepted_and_answered() -> None:
    responder = Dictated()
    browser = Browser(make_service(responder), hello())
    run = new_run()
    [accepted] = browser.say(send(run, "Hi"))
    assert accepted.run == run
    assert (accepted.message.role, accepted.message.parent) == ("user", None)
    responder.finish("Hello", " there")
    frames = browser.hear_until_the_end()
    assert types(frames) == ["part-start", "text-delta", "text-delta", "part-end", "finish"]
    assert [frame.frame_id.seq for frame in frames] == [1, 2, 3, 4, 5]
    assert text_of(frames) == "Hello there"
    assert frames[-1].message.parent == accepted.message.id
    assert responder.conversations == [[("user", "Hi")]]


def test_the_next_turn_brings_the_whole_conversation() -> None:
    responder = Dictated()
    browser = Browser(make_service(responder), hello())
    first = a_turn(browser, responder, "One?", "1")
    a_turn(browser, responder, "Two?", "2", parent=first.message.id)
    assert responder.conversations[1] == [("user", "One?"), ("assistant", "1"), ("user", "Two?")]


def test_the_same_send_on_one_connection_is_one_run() -> None:
    responder = Dictated()
    browser = Browser(make_service(responder), hello())
    the_send = send()
    [first] = browser.say(the_send)
    [again] = browser.say(the_send)
    assert first == again
    responder.finish("once")
    assert text_of(browser.hear_until_the_end()) == "once"
    assert len(responder.conversations) == 1


def test_the_same_send_on_two_connections_is_one_run_with_the_same_frames() -> None:
    responder = Dictated()
    service = make_service(responder)
    the_send = send()
    one, two = Browser(service, hello(), the_send), Browser(service, hello(), the_send)
    responder.finish("a", "b")
    assert by_run(one.hear_until_the_end(), the_send.run) == by_run(two.hear_until_the_end(), the_send.run)
    assert len(responder.conversations) == 1


def test_the_same_send_after_the_end_replays_the_run() -> None:
    responder = Dictated()
    service = make_service(responder)
    browser = Browser(service, hello())
    the_send = send()
    browser.say(the_send)
    responder.finish("once")
    frames = browser.hear_until_the_end()
    [_, *again] = browser.say(the_send)
    assert again == frames
    assert len(responder.conversations) == 1


def test_several_runs_can_be_read_at_once() -> None:
    one, two = Dictated(), Dictated()
    service = make_service(one, two)
    browser = Browser(service, hello(CHAT))
    first, second = send(), send()
    browser.say(first, hello(f"{CHAT}-1"), second)
    one.finish("1")
    two.finish("2")
    frames = browser.hear_until_the_end()
    assert text_of(by_run(frames, first.run)) == "1"
    assert text_of(by_run(frames, second.run)) == "2"


def test_a_prompt_that_is_too_long_is_refused_and_the_connection_goes_on() -> None:
    responder = Dictated()
    browser = Browser(make_service(responder, max_prompt_chars=3), hello())
    too_long = send(text="four")
    assert browser.session.receive(f"[{too_long.model_dump_json()}]") is None
    [refused] = browser.hear()
    assert (refused.code, refused.run) == ("too-large", too_long.run)
    assert types(browser.say(send(text="👋👋👋"))) == ["accepted"]
    responder.finish()
    browser.hear_until_the_end()


def test_too_many_runs_are_refused_with_a_time_to_come_back() -> None:
    responder = Dictated()
    browser = Browser(make_service(responder, max_runs=1, busy_retry_seconds=3), hello())
    browser.say(send())
    [refused] = browser.say(send())
    assert (refused.code, refused.retry_ms) == ("busy", 3000)
    responder.finish("x")
    browser.hear_until_the_end()
    assert types(browser.say(send())) == ["accepted"]
    responder.finish()
    browser.hear_until_the_end()


def test_text_null_answers_a_user_message_again() -> None:
    responder = Dictated()
    browser = Browser(make_service(responder), hello())
    [accepted] = browser.say(send())
    responder.finish("first")
    browser.hear_until_the_end()
    [again] = browser.say(send(text=None, parent=accepted.message.id))
    assert again.message == accepted.message
    responder.finish("second")
    assert browser.hear_until_the_end()[-1].message.parent == accepted.message.id
    assert responder.conversations == [[("user", "Hi")]] * 2


def test_text_null_can_not_answer_an_answer() -> None:
    responder = Dictated()
    browser = Browser(make_service(responder), hello())
    answer = a_turn(browser, responder, "Hi", "Hello")
    again = send(text=None, parent=answer.message.id)
    refusal = browser.session.receive(f"[{again.model_dump_json()}]")
    assert refusal is not None
    assert refusal.code == "bad-frame"
    assert len(responder.conversations) == 1


def test_text_null_needs_a_parent() -> None:
    responder = Dictated()
    browser = Browser(make_service(responder), hello())
    [refused] = browser.say(send(text=None))
    assert refused.code == "bad-frame"
    assert responder.conversations == []


# ---- history ----


@pytest.fixture
def remembered() -> tuple[str, str]:
    """A conversation of one turn that another worker with the same key has signed: its JSON and its last id."""
    archive = make_service().archive
    question = archive.add(SCOPE, None, "user", "Hi")
    answer = archive.add(SCOPE, question.id, "assistant", "Hello")
    return history_of(question, answer), answer.id


def test_a_conversation_that_is_not_known_is_asked_for(remembered: tuple[str, str]) -> None:
    history, parent = remembered
    responder = Dictated()
    browser = Browser(make_service(responder), hello())
    the_send = send(parent=parent)
    assert types(browser.say(the_send)) == ["need-history"]
    half = len(history) // 2
    pieces = [
        History(run=the_send.run, index=n, count=2, text=t) for n, t in enumerate([history[:half], history[half:]])
    ]
    assert types(browser.say(*pieces, the_send)) == ["accepted"]
    responder.finish("ok")
    browser.hear_until_the_end()
    assert responder.conversations == [[("user", "Hi"), ("assistant", "Hello"), ("user", "Hi")]]


def test_pieces_out_of_order_are_refused_and_can_be_sent_again(remembered: tuple[str, str]) -> None:
    history, parent = remembered
    responder = Dictated()
    browser = Browser(make_service(responder), hello())
    the_send = send(parent=parent)

    def piece(index: int, count: int, text: str) -> History:
        return History(run=the_send.run, index=index, count=count, text=text)

    [refused] = browser.say(piece(1, 2, history[9:]))
    assert (refused.code, refused.run) == ("bad-history", the_send.run)
    assert types(browser.say(piece(0, 3, "["), piece(2, 3, "]"))) == ["refused"]
    # A new beginning throws away what came before it.
    assert browser.say(piece(0, 2, "junk"), piece(0, 2, history[:9]), piece(1, 2, history[9:])) == []
    assert types(browser.say(the_send)) == ["accepted"]
    responder.finish()
    browser.hear_until_the_end()


def test_a_forged_history_is_refused(remembered: tuple[str, str]) -> None:
    history, parent = remembered
    browser = Browser(make_service(Dictated()), hello())
    the_send = send(parent=parent)
    forged = history.replace("Hello", "I am root")
    [refused, need_history] = browser.say(History(run=the_send.run, index=0, count=1, text=forged), the_send)
    assert refused.code == "bad-history"
    assert need_history.type == "need-history"


def test_a_history_that_is_too_long_is_refused(remembered: tuple[str, str]) -> None:
    history, _ = remembered
    browser = Browser(make_service(Dictated(), max_history_chars=len(history)), hello())
    run = new_run()
    [refused] = browser.say(
        History(run=run, index=0, count=2, text=history), History(run=run, index=1, count=2, text=" ")
    )
    assert refused.code == "too-large"
    assert browser.say(History(run=run, index=0, count=1, text=history)) == []


def test_a_parent_of_another_chat_is_not_known_and_its_history_refused() -> None:
    one, two = Dictated(), Dictated()
    service = make_service(one, two)
    first = Browser(service, hello(CHAT))
    [accepted] = first.say(send(text="Hi"))
    one.finish()
    first.hear_until_the_end()
    other = Browser(service, hello(f"{CHAT}-1"))
    the_send = send(parent=accepted.message.id)
    assert types(other.say(the_send)) == ["need-history"]
    history = history_of(Message(accepted.message.id, None, "user", "Hi"))
    [refused] = other.say(History(run=the_send.run, index=0, count=1, text=history))
    assert refused.code == "bad-history"
    assert two.conversations == []


# ---- resume ----


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
    expected = first.hear_until_the_end()
    late = Browser(service)
    late.session.receive(encode([hello(**{the_send.run: None})]))
    messages = []
    while late.session.is_reading:
        wakes = late.wakes
        messages.append(late.hear())
        assert late.wakes > wakes or not late.session.is_reading, "it must be woken for the rest"
    assert by_run(late.heard, the_send.run) == expected[-len(by_run(late.heard, the_send.run)) :]
    assert text_of(late.heard) == text_of(first.heard)
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


# ---- cancel ----


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


# ---- limits and failures ----


def test_too_many_frames_end_the_connection() -> None:
    scheduler = ManualScheduler()
    browser = Browser(make_service(Dictated(), scheduler=scheduler, max_frames_per_second=1), hello())
    for _ in range(9):
        assert types(browser.say(Ping())) == ["pong"]
    refusal = browser.session.receive(f"[{Ping().model_dump_json()}]")
    assert refusal is not None
    assert refusal.code == "rate"
    [refused] = browser.hear()
    assert refused.retry_ms is not None
    scheduler.advance(refused.retry_ms / 1000)
    assert types(browser.say(Ping())) == ["pong"]


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


# ---- reading ----


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


# ---- how the author shows messages ----


class Showing(Dictated):
    """Shows messages in a way of its own."""

    has_views = True

    def __init__(self, times: int = 1) -> None:
        super().__init__()
        self.times = times
        self.shown: list[tuple[str, Content, list[str]]] = []

    def view(self, role: Role, content: Content, files: Sequence[StoredFile]) -> str | None:
        self.shown.append((role, content, [file.name for file in files]))
        return json.dumps(f"{role}: {content}" * self.times) if self.times else None


def test_messages_are_sent_with_how_the_author_shows_them() -> None:
    responder = Showing()
    browser = Browser(make_service(responder), hello())
    run = new_run()
    [accepted] = browser.say(send(run))
    assert accepted.view == '"user: Hi"'
    responder.finish("Hello")
    frames = browser.hear_until_the_end()
    assert [frame.kind for frame in frames if frame.type == "part-start"] == ["text", "view"]
    assert text_of(frames) == 'Hello"assistant: Hello"'
    assert responder.shown == [("user", "Hi", []), ("assistant", "Hello", [])]
    again, *_ = browser.say(send(run))
    assert again == accepted


def test_what_is_shown_is_not_signed() -> None:
    responder, plain = Showing(), Dictated()
    services = [make_service(each) for each in (responder, plain)]
    ends = [a_turn(Browser(service, hello()), service.responders[CHAT], "Hi", "Hello") for service in services]  # type: ignore[arg-type]
    assert ends[0].message == ends[1].message
    [question, answer] = services[0].archive.chain(SCOPE, ends[0].message.id) or []
    assert (question.content, answer.content) == ("Hi", "Hello")


@pytest.mark.parametrize("times", [0, 10_000])
def test_without_a_view_or_with_one_that_is_too_long_a_question_is_shown_as_it_is(times: int) -> None:
    responder = Showing(times)
    browser = Browser(make_service(responder), hello())
    [accepted] = browser.say(send())
    assert accepted.view is None
    responder.finish("Hello")
    browser.hear_until_the_end()


def test_the_author_shows_messages_in_the_apps_context() -> None:
    entered: list[str] = []

    @contextmanager
    def environment() -> Iterator[None]:
        entered.append("in")
        yield
        entered.append("out")

    class Noting(Showing):
        def view(self, role: Role, content: Content, files: Sequence[StoredFile]) -> str | None:
            entered.append(role)
            return None

    responder = Noting()
    browser = Browser(make_service(responder, environment=environment), hello())
    browser.say(send())
    assert entered[:3] == ["in", "user", "out"]
    responder.finish("Hello")
    browser.hear_until_the_end()
    assert entered.index("assistant") > 3
