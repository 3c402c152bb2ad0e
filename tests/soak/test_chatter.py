"""The reader without sockets: what it says, by `docs/protocol.md`."""

from __future__ import annotations

import json

from soak.chatter import Chatter, Conversation
from soak.history import Reading
from vizro_ws_chat.protocol.frames import (
    Accepted,
    Finish,
    Hello,
    History,
    MessageRef,
    NeedHistory,
    PartStart,
    Ping,
    Pong,
    RefusedFrame,
    Resume,
    Send,
    TextDelta,
)
from vizro_ws_chat.protocol.run_state import RunStatus

RUN = "r" * 22
FIRST = MessageRef(id="f" * 43, parent=None, role="user")
SEND = Send(run=RUN, parent=FIRST.id, text="And then?")
QUESTION = MessageRef(id="q" * 43, parent=FIRST.id, role="user")
ACCEPTED = Accepted(run=RUN, message=QUESTION)
START = PartStart(run=RUN, id="7-1", part=0, kind="text")


def delta(seq: int) -> TextDelta:
    return TextDelta(run=RUN, id=f"7-{seq}", part=0, d=f"{seq} ")


def hello(after: str | None = None, *, resumes: bool = True) -> Hello:
    return Hello(v=1, chat="chat", resume=[Resume(run=RUN, after=after)] if resumes else [])


def chatter(send: Send | None = SEND, *, history_pieces: int = 1) -> Chatter:
    before = Conversation()
    before.add(FIRST, "grüße")
    return Chatter("chat", RUN, send, before, Reading("tab"), history_pieces=history_pieces, clock=lambda: 5.0)


def test_a_send_is_repeated_until_it_is_accepted_and_then_resumed() -> None:
    tab = chatter()
    assert tab.open() == [hello(resumes=False), SEND]
    assert tab.open() == [hello(resumes=False), SEND]
    tab.receive([ACCEPTED])
    assert tab.open() == [hello()]
    tab.receive([START, delta(2)])
    assert tab.open() == [hello("7-2")]
    assert [stretch.asked for stretch in tab.reading.stretches] == [[0], [0], [0], [2]]


def test_a_gap_is_asked_for() -> None:
    tab = chatter()
    tab.open()
    assert tab.receive([ACCEPTED, START, delta(3)]) == [hello("7-1")]
    assert tab.receive([delta(2), delta(3)]) == []
    assert tab.reading.text == "2 3 "


def test_history_is_brought_in_pieces_and_then_the_send_again() -> None:
    tab = chatter(history_pieces=3)
    tab.open()
    *pieces, send = tab.receive([NeedHistory(run=RUN)])
    assert send == SEND
    assert all(isinstance(piece, History) and piece.count == len(pieces) == 3 for piece in pieces)
    text = "".join(piece.text for piece in pieces if isinstance(piece, History))
    assert json.loads(text) == [{"id": FIRST.id, "parent": None, "role": "user", "content": "grüße"}]
    assert tab.open() == [hello(resumes=False), *pieces, send]
    tab.receive([ACCEPTED])
    assert tab.open() == [hello()]


def test_a_ping_is_answered() -> None:
    tab = chatter()
    tab.open()
    assert tab.receive([Ping()]) == [Pong()]


def test_a_reader_of_what_another_has_sent_only_reads() -> None:
    tab = chatter(send=None)
    assert tab.open() == [hello()]
    assert tab.repeat() == []


def test_it_ends_with_the_answer() -> None:
    tab = chatter()
    tab.open()
    answer = MessageRef(id="a" * 43, parent=QUESTION.id, role="assistant")
    tab.receive([ACCEPTED, START, delta(2), Finish(run=RUN, id="7-3", message=answer)])
    assert tab.has_ended
    assert tab.answer == answer
    assert (tab.reading.status, tab.reading.text) == (RunStatus.DONE, "2 ")


def test_busy_is_to_come_back_and_a_refusal_is_an_end() -> None:
    tab = chatter()
    tab.open()
    tab.receive([RefusedFrame(code="busy", text="…", retry_ms=300)])
    assert (tab.has_ended, tab.retry_ms) == (False, 300)
    tab.open()
    assert tab.retry_ms is None
    tab.receive([RefusedFrame(code="unknown-run", text="…", run=RUN)])
    assert tab.has_ended
    assert (tab.reading.refused, tab.reading.refused_at) == ("unknown-run", 5.0)
