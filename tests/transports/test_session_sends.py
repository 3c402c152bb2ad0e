"""What is sent to be answered: once, in its conversation, with its history and what is known of the page."""

from __future__ import annotations

import json
from typing import Any

import pytest

from tests.transports.making import (
    CHAT,
    SCOPE,
    Browser,
    Dictated,
    a_turn,
    by_run,
    hello,
    make_service,
    new_run,
    send,
    text_of,
    types,
)
from vizro_ws_chat.protocol.frames import History
from vizro_ws_chat.threads.signing import Message


def history_of(*messages: Message) -> str:
    names = ("id", "parent", "role", "content")
    return json.dumps([{name: getattr(message, name) for name in names} for message in messages])


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


def test_what_is_known_of_the_page_comes_with_the_question() -> None:
    responder = Dictated()
    responder.page_inputs = (("country", "value"), ("years", "value"))
    browser = Browser(make_service(responder))
    browser.say(hello(), send(inputs=["France", [1952, 2007]]))
    responder.finish("x")
    browser.hear_until_the_end()
    assert responder.inputs == [["France", [1952, 2007]]]


@pytest.mark.parametrize("inputs", [None, ["France"], ["France", 1, "more"]])
def test_a_page_that_knows_of_other_inputs_is_out_of_date(inputs: list[Any] | None) -> None:
    responder = Dictated()
    responder.page_inputs = (("country", "value"), ("years", "value"))
    browser = Browser(make_service(responder))
    browser.say(hello())
    assert types(browser.say(send(inputs=inputs))) == ["refused"]
    assert browser.heard[-1].code == "version"
    assert responder.conversations == []
