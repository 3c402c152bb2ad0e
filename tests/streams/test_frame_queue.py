from __future__ import annotations

import gc

from hypothesis import given
from hypothesis import strategies as st

from tests.streams.making import EPOCH, RUN_ID
from vizro_ws_chat.protocol.frames import OutputFrame, PartEnd, TextDelta
from vizro_ws_chat.protocol.ids import FrameId
from vizro_ws_chat.streams.frame_queue import FrameQueue


def frame_of(seq: int, text: str | None) -> OutputFrame:
    frame_id = f"{EPOCH}-{seq}"
    if text is None:
        return PartEnd(run=RUN_ID, id=frame_id, part=seq % 20)
    return TextDelta(run=RUN_ID, id=frame_id, part=seq % 20, d=text)


@given(
    st.lists(st.none() | st.text(st.characters(exclude_categories=["Cs"])), min_size=1, max_size=20),
    st.integers(0, 1_000),
    st.data(),
)
def test_frames_come_out_as_they_went_in(texts: list[str | None], before: int, data: st.DataObject) -> None:
    frames = [frame_of(seq, text) for seq, text in enumerate(texts, before + 1)]
    queue = FrameQueue(RUN_ID, FrameId(EPOCH, before))
    for frame in frames:
        queue.append(frame)
        assert queue.last == frame.frame_id
        assert queue.read(FrameId(EPOCH, frame.frame_id.seq - 1)) == [frame]
    taken = data.draw(st.integers(0, len(frames)))
    assert queue.take(taken) == frames[:taken]
    assert len(queue) == len(frames) - taken
    after = data.draw(st.integers(taken, len(frames)))
    assert queue.read(FrameId(EPOCH, before + after)) == frames[after:]
    assert queue.last == frames[-1].frame_id


def test_frames_of_text_count_less_than_others() -> None:
    queue = FrameQueue(RUN_ID, FrameId(EPOCH, 0))
    assert queue.overhead == 0
    overheads = []
    for seq, text in enumerate(["a", "b", None, "c"], 1):
        queue.append(frame_of(seq, text))
        overheads.append(queue.overhead)
    assert overheads == [500, 570, 640, 1140]
    queue.take(2)
    assert queue.overhead == 1000


def test_all_but_the_newest_are_nothing_to_the_garbage_collector() -> None:
    run_id = "of-this-test-alone"
    queue = FrameQueue(run_id, FrameId(EPOCH, 0))
    for seq in range(1, 1_001):
        queue.append(TextDelta(run=run_id, id=f"{EPOCH}-{seq}", part=0, d="token "))
    models = [kept for kept in gc.get_objects() if isinstance(kept, TextDelta) and kept.run == run_id]
    assert models == queue.read(FrameId(EPOCH, 999))
