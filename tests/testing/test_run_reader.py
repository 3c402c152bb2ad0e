"""Reads the golden runs as the browser's reducer does; assets/test/protocol/run-reducer.test.ts is its counterpart."""

from __future__ import annotations

import itertools
import json
from collections.abc import Iterable
from typing import Any, NamedTuple, cast

import pytest

from tests.wire_files import golden
from vizro_ws_chat.protocol.codec import decode_server
from vizro_ws_chat.protocol.frames import (
    Finish,
    Interrupted,
    OutputFrame,
    PartEnd,
    PartStart,
    Snapshot,
    SnapshotPart,
    TextDelta,
)
from vizro_ws_chat.testing.run_reader import RunReader

RUN = "b2J4c0V5d1pqUm1uQ2hhdA"


class Reading(NamedTuple):
    """All that can be seen of a reader."""

    status: str
    text: str
    after: str | None
    message: str | None


class GoldenRun(NamedTuple):
    frames: list[OutputFrame]
    outcome: Reading


def load(case: Any) -> GoldenRun:
    frames = cast("list[OutputFrame]", decode_server(json.dumps(case["frames"])))
    state = case["state"]
    text = "".join(part["text"] for part in state["parts"] if part["kind"] != "view")
    return GoldenRun(frames, Reading(state["status"], text, frames[-1].id, state["message"]))


def reader_of(frames: Iterable[OutputFrame] = ()) -> RunReader:
    """Return a reader that has read frames without a gap."""
    reader = RunReader(RUN)
    assert [frame for frame in frames if reader.apply(frame)] == []
    return reader


def reading(reader: RunReader) -> Reading:
    assert reader.resume.run == reader.run_id == RUN
    return Reading(str(reader.status), reader.text, reader.resume.after, reader.message_id)


def at(seq: int) -> str:
    return f"1795372800000-{seq}"


def part_start(seq: int, part: int = 0) -> PartStart:
    return PartStart(run=RUN, id=at(seq), part=part, kind="text")


def delta(seq: int, text: str, part: int = 0) -> TextDelta:
    return TextDelta(run=RUN, id=at(seq), part=part, d=text)


def snapshot(seq: int, *texts: str) -> Snapshot:
    return Snapshot(run=RUN, id=at(seq), parts=[SnapshotPart(kind="text", text=text, ended=False) for text in texts])


@pytest.fixture(params=golden("runs"), ids=lambda case: case["name"])
def run(request: pytest.FixtureRequest) -> GoldenRun:
    return load(request.param)


def test_a_fresh_reader_begins_at_the_start() -> None:
    assert reading(reader_of()) == Reading("submitted", "", None, None)


class TestGoldenRun:
    def test_whole(self, run: GoldenRun) -> None:
        assert reading(reader_of(run.frames)) == run.outcome

    def test_after_each_frame_it_resumes_from_that_frame(self, run: GoldenRun) -> None:
        reader = reader_of()
        for frame in run.frames:
            assert not reader.apply(frame)
            assert reader.resume.after == frame.id

    def test_every_frame_several_times(self, run: GoldenRun) -> None:
        assert reading(reader_of(frame for frame in run.frames for _ in range(3))) == run.outcome

    def test_resumed_after_every_frame_with_every_overlap(self, run: GoldenRun) -> None:
        for cut in range(len(run.frames) + 1):
            for start in range(cut + 1):
                assert reading(reader_of([*run.frames[:cut], *run.frames[start:]])) == run.outcome, (start, cut)

    def test_what_was_seen_before_changes_nothing(self, run: GoldenRun) -> None:
        for cut in range(1, len(run.frames) + 1):
            reader = reader_of(run.frames[:cut])
            before = reading(reader)
            for frame in reversed(run.frames[:cut]):
                assert not reader.apply(frame)
                assert reading(reader) == before

    def test_whatever_stretch_is_missing_it_is_a_gap_until_it_is_sent_again(self, run: GoldenRun) -> None:
        for start, end in itertools.combinations(range(len(run.frames)), 2):
            if isinstance(run.frames[end], Snapshot):
                continue
            reader = reader_of(run.frames[:start])
            before = reading(reader)
            for frame in run.frames[end:]:
                assert reader.apply(frame)
                assert reading(reader) == before
            for frame in run.frames[start:]:
                assert not reader.apply(frame)
            assert reading(reader) == run.outcome

    @pytest.mark.parametrize("seqs_later", [1, 2])
    def test_nothing_follows_the_terminal_frame(self, run: GoldenRun, seqs_later: int) -> None:
        reader = reader_of(run.frames)
        seq = run.frames[-1].frame_id.seq + seqs_later
        for late in (
            part_start(seq, part=1),
            delta(seq, "late"),
            snapshot(seq, "late"),
            Finish(run=RUN, id=at(seq), message=None),
            Interrupted(run=RUN, id=at(seq), message=None),
        ):
            assert not reader.apply(late)
            assert reading(reader) == run.outcome


class TestSnapshot:
    """What a snapshot does to a reader that has the first three frames: two characters of text."""

    @pytest.fixture
    def reader(self) -> RunReader:
        return reader_of([part_start(1), delta(2, "a"), delta(3, "b")])

    @pytest.mark.parametrize("seq", [1, 2, 3])
    def test_up_to_what_is_there_is_dropped(self, reader: RunReader, seq: int) -> None:
        assert not reader.apply(snapshot(seq, "other"))
        assert reading(reader) == Reading("streaming", "ab", at(3), None)

    @pytest.mark.parametrize("seq", [4, 5, 900])
    def test_of_more_replaces_everything_and_closes_the_gap(self, reader: RunReader, seq: int) -> None:
        assert not reader.apply(snapshot(seq, "abc", "d"))
        assert reading(reader) == Reading("streaming", "abcd", at(seq), None)
        assert reader.apply(delta(seq + 2, "f", part=1))
        assert not reader.apply(delta(seq + 1, "e", part=1))
        assert reading(reader) == Reading("streaming", "abcde", at(seq + 1), None)

    def test_can_be_the_first(self) -> None:
        assert reading(reader_of([snapshot(7, "seven")])) == Reading("streaming", "seven", at(7), None)

    def test_of_a_run_without_text_yet(self) -> None:
        assert reading(reader_of([snapshot(7)])) == Reading("streaming", "", at(7), None)


@pytest.mark.parametrize(
    "frame",
    [delta(3, "x"), PartEnd(run=RUN, id=at(3), part=0), PartEnd(run=RUN, id=at(3), part=1), part_start(3, part=2)],
    ids=["text for an ended part", "an end of an ended part", "an end of no part", "a part too far"],
)
def test_what_is_next_in_line_and_does_not_fit_is_an_error_and_not_taken(frame: OutputFrame) -> None:
    reader = reader_of([part_start(1), PartEnd(run=RUN, id=at(2), part=0)])
    with pytest.raises(ValueError, match="part"):
        reader.apply(frame)
    assert reading(reader) == Reading("streaming", "", at(2), None)
