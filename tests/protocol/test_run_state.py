import itertools
import json
from typing import Any, cast, get_args

import pytest

from tests.wire_files import golden
from vizro_ws_chat.protocol.codec import decode_server
from vizro_ws_chat.protocol.frames import (
    Finish,
    OutputFrame,
    PartEnd,
    PartStart,
    Snapshot,
    SnapshotPart,
    Stopped,
    TerminalFrame,
    TextDelta,
)
from vizro_ws_chat.protocol.ids import FrameId
from vizro_ws_chat.protocol.run_state import TRANSITIONS, RunState, RunStatus, status_after

RUN = "b2J4c0V5d1pqUm1uQ2hhdA"
ENDS = {RunStatus.DONE, RunStatus.STOPPED, RunStatus.ERROR, RunStatus.INTERRUPTED}


def output_frames(case: Any) -> list[OutputFrame]:
    return cast("list[OutputFrame]", decode_server(json.dumps(case["frames"])))


def folded(*frames: OutputFrame) -> RunState:
    state = RunState()
    state.apply(frames)
    return state


@pytest.mark.parametrize("case", golden("runs"), ids=lambda case: case["name"])
def test_golden_runs(case: Any) -> None:
    state = folded(*output_frames(case))
    assert {
        "status": str(state.status),
        "last": state.last and state.last.seq,
        "parts": [part.model_dump() for part in state.parts()],
        "message": state.message_id,
    } == case["state"]


@pytest.mark.parametrize("case", golden("runs"), ids=lambda case: case["name"])
def test_folding_frame_by_frame_is_folding_them_all(case: Any) -> None:
    frames = output_frames(case)
    state = RunState()
    for frame in frames:
        state.apply([frame])
        state.parts()
    assert state.parts() == folded(*frames).parts()
    assert (state.status, state.last) == (folded(*frames).status, folded(*frames).last)


class TestTable:
    def test_has_a_row_for_every_status(self) -> None:
        assert set(TRANSITIONS) == set(RunStatus)

    def test_nothing_follows_an_end_and_every_end_can_come_at_any_time(self) -> None:
        for before, after in itertools.product(RunStatus, RunStatus):
            allowed = after in TRANSITIONS[before]
            assert allowed == (before not in ENDS and after is not RunStatus.SUBMITTED), (before, after)
        assert {status for status in RunStatus if status.is_terminal} == ENDS

    def test_every_output_frame_leads_to_a_status(self) -> None:
        terminal = set(get_args(TerminalFrame))
        for kind in {*get_args(OutputFrame), *terminal} - {TerminalFrame}:
            status = status_after(kind.model_construct())
            assert status.is_terminal == (kind in terminal)


class TestWhatCannotFollow:
    START = PartStart(run=RUN, id="1-1", part=0, kind="text")

    @pytest.mark.parametrize("second", [Stopped, Finish])
    def test_a_frame_after_the_end(self, second: Any) -> None:
        state = folded(Stopped(run=RUN, id="1-1", message=None))
        with pytest.raises(ValueError, match="cannot follow"):
            state.apply([second(run=RUN, id="1-2", message=None)])
        assert (state.status, state.last) == (RunStatus.STOPPED, FrameId(1, 1))

    def test_text_without_a_part(self) -> None:
        with pytest.raises(ValueError, match="not open"):
            folded(TextDelta(run=RUN, id="1-1", part=0, d="x"))

    def test_text_after_the_part(self) -> None:
        with pytest.raises(ValueError, match="not open"):
            folded(self.START, PartEnd(run=RUN, id="1-2", part=0), TextDelta(run=RUN, id="1-3", part=0, d="x"))

    def test_a_part_that_ends_twice(self) -> None:
        end = PartEnd(run=RUN, id="1-2", part=0)
        with pytest.raises(ValueError, match="not open"):
            folded(self.START, end, end)

    @pytest.mark.parametrize("part", [0, 2])
    def test_parts_out_of_order(self, part: int) -> None:
        with pytest.raises(ValueError, match="the next part is 1"):
            folded(self.START, PartStart(run=RUN, id="1-2", part=part, kind="text"))


def test_a_snapshot_replaces_what_came_before() -> None:
    state = folded(
        PartStart(run=RUN, id="1-1", part=0, kind="text"),
        TextDelta(run=RUN, id="1-2", part=0, d="old"),
        Snapshot(run=RUN, id="1-9", parts=[SnapshotPart(kind="text", text="new", ended=False)]),
        TextDelta(run=RUN, id="1-10", part=0, d="er"),
    )
    assert state.parts() == [SnapshotPart(kind="text", text="newer", ended=False)]
    assert state.last == FrameId(1, 10)


def test_several_parts_can_be_open() -> None:
    state = folded(
        PartStart(run=RUN, id="1-1", part=0, kind="text"),
        PartStart(run=RUN, id="1-2", part=1, kind="text"),
        TextDelta(run=RUN, id="1-3", part=0, d="a"),
        TextDelta(run=RUN, id="1-4", part=1, d="b"),
        PartEnd(run=RUN, id="1-5", part=0),
    )
    assert [(part.text, part.ended) for part in state.parts()] == [("a", True), ("b", False)]
