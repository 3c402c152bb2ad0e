from __future__ import annotations

import itertools
import threading

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.streams.making import EPOCH, RUN_ID, fold
from vizro_ws_chat.protocol.frames import Finish, OutputFrame, PartEnd, PartStart, Snapshot, TextDelta, TextSplice
from vizro_ws_chat.protocol.ids import FrameId
from vizro_ws_chat.streams.composition import Composition
from vizro_ws_chat.streams.log import MemoryLog


def answer(deltas: list[str]) -> list[OutputFrame]:
    ids = (str(FrameId(EPOCH, seq)) for seq in itertools.count(1))
    return [
        PartStart(run=RUN_ID, id=next(ids), part=0, kind="text"),
        *(TextDelta(run=RUN_ID, id=next(ids), part=0, d=delta) for delta in deltas),
        PartEnd(run=RUN_ID, id=next(ids), part=0),
        Finish(run=RUN_ID, id=next(ids), message=None),
    ]


@given(data=st.data(), deltas=st.lists(st.text(max_size=3), max_size=60), max_frames=st.integers(2, 70))
def test_reading_on_from_any_frame_gives_the_whole(data: st.DataObject, deltas: list[str], max_frames: int) -> None:
    frames = answer(deltas)
    log = MemoryLog(RUN_ID, max_frames)
    rest = list(frames)
    while rest:
        size = data.draw(st.integers(1, len(rest)))
        log.append(rest[:size])
        rest = rest[size:]
    whole = fold(frames)
    assert fold(log.read(None)).parts() == whole.parts()
    for seen in range(len(frames) + 1):
        state = fold(frames[:seen])
        new = log.read(state.last)
        if seen < len(frames):
            state.apply(new)
            assert isinstance(new[0], Snapshot) or new[0].frame_id.seq == seen + 1
        else:
            assert new == []
        assert (state.parts(), state.status, state.last) == (whole.parts(), whole.status, whole.last)


@given(st.lists(st.text(max_size=3), max_size=40), st.integers(2, 20))
def test_a_reader_that_keeps_up_never_needs_a_snapshot(deltas: list[str], max_frames: int) -> None:
    log = MemoryLog(RUN_ID, max_frames)
    seen: list[OutputFrame] = []
    for frame in answer(deltas):
        log.append([frame])
        seen += log.read(seen[-1].frame_id if seen else None)
    assert seen == answer(deltas)


def test_old_frames_are_folded_and_their_number_stays_within_the_limit() -> None:
    log = MemoryLog(RUN_ID, 10)
    for frame in answer(["x"] * 200):
        log.append([frame])
        assert len(log.read(None)) <= 10 + 1
    snapshot, *rest = log.read(None)
    assert isinstance(snapshot, Snapshot)
    assert rest[0].frame_id.seq == snapshot.frame_id.seq + 1
    assert isinstance(rest[-1], Finish)


def test_reading_again_gives_the_same() -> None:
    log = MemoryLog(RUN_ID, 10)
    log.append(answer(["x"] * 30))
    assert log.read(None) == log.read(None)


def test_an_empty_log() -> None:
    log = MemoryLog(RUN_ID, 10)
    assert log.read(None) == log.read(FrameId(EPOCH, 3)) == []
    assert not log.is_closed


def test_an_id_of_another_epoch_is_answered_from_the_start() -> None:
    log = MemoryLog(RUN_ID, 10)
    log.append(answer(["x"]))
    assert log.read(FrameId(EPOCH - 1, 2)) == log.read(FrameId(EPOCH + 1, 2)) == answer(["x"])


def test_an_id_from_the_future_has_nothing_after_it() -> None:
    log = MemoryLog(RUN_ID, 10)
    log.append(answer(["x"]))
    assert log.read(FrameId(EPOCH, 10**14)) == []


def test_the_log_is_closed_by_the_terminal_frame() -> None:
    log = MemoryLog(RUN_ID, 10)
    *before, end = answer(["x"])
    log.append(before)
    assert not log.is_closed
    log.append([end])
    assert log.is_closed


def test_listeners_are_called_after_each_append_with_the_frames_readable() -> None:
    log, heard = MemoryLog(RUN_ID, 10), []

    def listen() -> None:
        heard.append(len(log.read(None)))

    log.subscribe(listen)
    first, second, *_ = answer(["x"])
    log.append([first])
    log.append([second])
    log.unsubscribe(listen)
    log.append(answer(["x"])[2:])
    assert heard == [1, 2]


def test_a_listener_may_unsubscribe_itself_while_it_is_called() -> None:
    log, heard = MemoryLog(RUN_ID, 10), []

    def once() -> None:
        heard.append("once")
        log.unsubscribe(once)

    log.subscribe(once)
    log.subscribe(lambda: heard.append("always"))
    for frame in answer([])[:2]:
        log.append([frame])
    assert heard == ["once", "always", "always"]


def test_a_listener_that_fails_keeps_nobody_from_hearing(caplog: pytest.LogCaptureFixture) -> None:
    log, heard = MemoryLog(RUN_ID, 100), []

    def fail() -> None:
        raise RuntimeError("can't start new thread")

    log.subscribe(fail)
    log.subscribe(lambda: heard.append(log.last))
    log.append(answer(["a"]))
    assert heard == [log.last]
    assert "can't start new thread" in caplog.text


def test_a_listener_that_is_subscribed_twice_is_counted_twice() -> None:
    log, heard = MemoryLog(RUN_ID, 10), []

    def listen() -> None:
        heard.append(1)

    log.subscribe(listen)
    log.subscribe(listen)
    log.unsubscribe(listen)
    log.append(answer([])[:1])
    assert heard == [1]


@pytest.mark.parametrize("max_frames", [10, 1_000])
def test_readers_on_other_threads_see_every_frame_once_in_order(max_frames: int) -> None:
    log, frames = MemoryLog(RUN_ID, max_frames), answer(["x"] * 500)
    results: list[str] = []

    def read_all() -> None:
        state, news = fold([]), threading.Event()
        log.subscribe(news.set)
        while not state.status.is_terminal:
            assert news.wait(10)
            news.clear()
            state.apply(log.read(state.last))
        log.unsubscribe(news.set)
        results.append(state.parts()[0].text)

    ready = [threading.Thread(target=read_all) for _ in range(3)]
    for thread in ready:
        thread.start()
    log.append(frames[:1])
    for frame in frames[1:-1]:
        log.append([frame])
    # Those that subscribed late wake too, for the last frame.
    log.append(frames[-1:])
    for thread in ready:
        while thread.is_alive():
            thread.join(0.01)
            log.append([])
    assert results == ["x" * 500] * 3


def changing(length: int, times: int) -> list[OutputFrame]:
    """Return the frames of a part that changes over and over."""
    parts = Composition(RUN_ID, EPOCH)
    index = parts.begin("component")
    parts.extend(index, "x" * length)
    parts.end(index)
    for number in range(times):
        parts.replace(index, "yz"[number % 2] * length)
    return parts.take()


def test_what_changes_over_and_over_is_folded_by_its_size() -> None:
    log, frames = MemoryLog(RUN_ID, 100_000), changing(30_000, 200)
    most = 0
    for frame in frames:
        log.append([frame])
        most = max(most, log.chars)
    assert most < 1_300_000
    snapshot, *rest = log.read(None)
    assert isinstance(snapshot, Snapshot)
    assert sum(len(frame.d) for frame in rest if isinstance(frame, TextSplice)) <= 1_000_000
    assert fold(log.read(None)).parts() == fold(frames).parts()


def test_a_snapshot_may_be_taken_within_a_change() -> None:
    frames = changing(10, 1)
    log = MemoryLog(RUN_ID, 2)
    for frame in frames[:-1]:
        log.append([frame])
    [part] = fold(log.read(None)).parts()
    assert (part.text, part.ended) == ("y" * 10, False)
    log.append(frames[-1:])
    assert fold(log.read(None)).parts() == fold(frames).parts()
    assert fold(frames).parts()[0].ended


def test_one_frame_is_kept_however_long_it_is() -> None:
    log = MemoryLog(RUN_ID, 10)
    log.append([PartStart(run=RUN_ID, id=str(FrameId(EPOCH, 1)), part=0, kind="text")])
    log.append([TextDelta(run=RUN_ID, id=str(FrameId(EPOCH, 2)), part=0, d="x" * 3_000_000)])
    assert len(log.read(None)[-1].d) == 3_000_000  # type: ignore[union-attr]
