from __future__ import annotations

from tests.manual_scheduler import ManualScheduler
from tests.streams.making import EPOCH, RUN_ID, fold
from vizro_ws_chat.protocol.frames import OutputFrame
from vizro_ws_chat.streams.composition import Composition
from vizro_ws_chat.streams.deltas import DeltaBuffer
from vizro_ws_chat.streams.text_flow import TextFlow

INTERVAL = 0.5


class Flowing:
    """A flow of text, and what has come of it."""

    def __init__(self) -> None:
        self.scheduler = ManualScheduler()
        self.parts = Composition(RUN_ID, EPOCH)
        self.due = 0
        self.flow = TextFlow(self.parts, DeltaBuffer(INTERVAL, 100), self.scheduler, self._when_due)
        self._frames: list[OutputFrame] = []

    def _when_due(self) -> None:
        self.due += 1
        self.flow.send()

    @property
    def shown(self) -> list[tuple[str, str, bool, int | None]]:
        self._frames += self.parts.take()
        return [(part.kind, part.text, part.ended, part.ms) for part in fold(self._frames).parts()]


def test_the_first_text_is_sent_at_once_and_the_next_when_it_is_due() -> None:
    it = Flowing()
    for chunk in "abc":
        it.flow.add(chunk, "text")
    assert it.shown == [("text", "a", False, None)]
    assert not it.flow.is_empty
    assert it.scheduler.waiting == 1
    it.scheduler.advance(INTERVAL)
    assert it.shown == [("text", "abc", False, None)]
    assert it.flow.is_empty
    assert it.due == 1


def test_no_part_begins_without_text() -> None:
    it = Flowing()
    it.flow.add("", "text")
    it.flow.send()
    it.flow.end()
    assert it.shown == []
    assert it.scheduler.waiting == 0


def test_what_is_held_back_goes_into_its_own_part_when_another_kind_begins() -> None:
    it = Flowing()
    for chunk in ("I th", "ink"):
        it.flow.add(chunk, "reasoning")
    it.scheduler.advance(0.2)
    it.flow.add("So:", "text")
    it.flow.add(" yes", "text")
    it.flow.end()
    assert it.shown == [("reasoning", "I think", True, 200), ("text", "So: yes", True, None)]


def test_reasoning_tells_how_long_it_took_each_time() -> None:
    it = Flowing()
    it.flow.add("a", "reasoning")
    it.scheduler.advance(2)
    it.flow.add("b", "reasoning")
    it.scheduler.advance(1)
    it.flow.end()
    it.scheduler.advance(5)
    it.flow.add("c", "reasoning")
    it.flow.end()
    assert it.shown == [("reasoning", "ab", True, 3000), ("reasoning", "c", True, 0)]


def test_sending_does_not_end_the_part() -> None:
    it = Flowing()
    it.flow.add("a", "text")
    it.flow.add("b", "text")
    it.flow.send()
    assert it.shown == [("text", "ab", False, None)]
    assert it.scheduler.waiting == 0
    it.flow.add("c", "text")
    it.flow.end()
    assert it.shown == [("text", "abc", True, None)]


def test_half_a_character_ends_with_its_part() -> None:
    it = Flowing()
    it.flow.add("a\ud83d", "reasoning")
    it.flow.add("b", "text")
    it.flow.end()
    assert [part[:2] for part in it.shown] == [("reasoning", "a\ufffd"), ("text", "b")]


def test_ending_twice_is_ending_once() -> None:
    it = Flowing()
    it.flow.add("a", "text")
    it.flow.end()
    it.flow.end()
    it.flow.send()
    assert it.shown == [("text", "a", True, None)]


def test_who_is_too_fast_is_told() -> None:
    it = Flowing()
    it.flow.add("x" * 100, "text")
    assert it.flow.seconds_ahead == 0
    it.flow.add("x" * 100, "text")
    assert it.flow.seconds_ahead > 0
