from __future__ import annotations

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from tests.streams.making import EPOCH, RUN_ID, fold
from vizro_ws_chat.protocol.codec import decode_server, encode
from vizro_ws_chat.protocol.content import ContentPart
from vizro_ws_chat.protocol.frames import OutputFrame, Snapshot, SnapshotPart, TextDelta, TextSplice
from vizro_ws_chat.streams.composition import Composition
from vizro_ws_chat.streams.log import MemoryLog

LONG = 40_000
"""More than goes into a frame."""


def made() -> Composition:
    return Composition(RUN_ID, EPOCH)


def said(parts: Composition) -> object:
    return parts.content


def shown(frames: list[OutputFrame]) -> list[tuple[str, str, bool]]:
    return [(part.kind, part.text, part.ended) for part in fold(frames).parts()]


def replaced(before: str, after: str) -> list[TextSplice]:
    parts = made()
    index = parts.begin("tool")
    parts.extend(index, before)
    parts.end(index)
    start = parts.take()
    assert parts.replace(index, after) is (before != after)
    changes = parts.take()
    assert shown([*start, *changes]) == [("tool", after, True)]
    return [frame for frame in changes if isinstance(frame, TextSplice)]


def test_parts_count_from_zero_and_frames_from_one() -> None:
    parts = made()
    assert [parts.begin("text"), parts.begin("tool")] == [0, 1]
    assert [frame.frame_id.seq for frame in parts.take()] == [1, 2]
    assert parts.take() == []


def test_content_is_what_is_said() -> None:
    parts = made()
    assert parts.is_empty
    for kind in ("status", "usage", "problem", "view"):
        parts.extend(parts.begin(kind), "x")
    assert parts.is_empty
    assert said(parts) == ()
    parts.extend(parts.begin("text"), "Hel")
    parts.extend(4, "lo")
    assert said(parts) == "Hello"
    parts.extend(parts.begin("ask"), "{}")
    assert said(parts) == (ContentPart("text", "Hello"), ContentPart("ask", "{}"))
    assert parts.texts("ask") == ["{}"]
    assert parts.length(4) == 5


def test_only_what_differs_is_sent() -> None:
    [splice] = replaced('{"a":1,"b":2}', '{"a":10,"b":2}')
    assert (splice.at, splice.remove, splice.d) == (6, 0, "0")


def test_nothing_is_sent_for_the_same_text() -> None:
    assert replaced("{}", "{}") == []


def test_what_repeats_itself_is_not_taken_out_twice() -> None:
    for before, after in [("aaa", "aa"), ("aa", "aaaa"), ("abab", "ab"), ("", "x"), ("x", ""), ("xyx", "x")]:
        assert len(replaced(before, after)) == 1


def test_a_long_change_comes_in_pieces() -> None:
    splices = replaced('""', f'"{"x" * LONG}"')
    assert len(splices) == 2
    assert max(len(splice.d) for splice in splices) < LONG
    splices = replaced(f'"{"x" * LONG}"', f'"{"y" * LONG}"')
    assert [splice.remove for splice in splices] == [LONG, 0]


def test_a_long_text_comes_in_pieces() -> None:
    parts = made()
    parts.extend(parts.begin("text"), "x" * LONG)
    assert max(len(frame.d) for frame in parts.take() if isinstance(frame, TextDelta)) < LONG


@st.composite
def stories(draw: st.DrawFn) -> list[tuple[str, Any]]:
    """What may happen to an answer's parts, one after another."""
    text = st.text('ab{}",:', max_size=12)
    steps: list[tuple[str, Any]] = []
    whole = 0
    for _ in range(draw(st.integers(1, 12))):
        what = draw(st.sampled_from(["text", "whole", "replace"] if whole else ["text", "whole"]))
        if what == "replace":
            steps.append((what, (draw(st.integers(0, whole - 1)), draw(text))))
        else:
            whole += what == "whole"
            steps.append((what, draw(st.lists(text, max_size=4) if what == "text" else text)))
    return steps


def told(steps: list[tuple[str, Any]]) -> tuple[list[OutputFrame], list[tuple[str, str, bool]]]:
    """Return the frames of a story, and what its parts are in the end."""
    parts, expected, wholes = made(), list[tuple[str, str, bool]](), list[int]()
    for what, value in steps:
        if what == "replace":
            which, text = value
            parts.replace(wholes[which], text)
            expected[wholes[which]] = ("tool", text, True)
            continue
        index = parts.begin("text" if what == "text" else "tool")
        for piece in value if what == "text" else [value]:
            parts.extend(index, piece)
        parts.end(index)
        if what == "whole":
            wholes.append(index)
        expected.append(("text" if what == "text" else "tool", "".join(value), True))
    return parts.take(), expected


@given(stories())
def test_frames_add_up_to_the_parts_at_every_split_and_from_every_snapshot(steps: list[tuple[str, Any]]) -> None:
    frames, expected = told(steps)
    assert shown(frames) == expected
    assert decode_server(encode(frames)) == frames
    for split in range(1, len(frames)):
        state = fold(frames[:split])
        parts = [SnapshotPart.model_validate_json(part.model_dump_json()) for part in state.parts()]
        snapshot = Snapshot(run=RUN_ID, id=str(state.last), parts=parts)
        resumed = fold([snapshot])
        for one in (state, resumed):
            one.apply(frames[split:])
            assert [(part.kind, part.text, part.ended) for part in one.parts()] == expected


@given(stories(), st.integers(2, 8), st.data())
def test_a_log_that_folds_tells_the_same_from_every_frame(
    steps: list[tuple[str, Any]], max_frames: int, data: st.DataObject
) -> None:
    frames, expected = told(steps)
    log = MemoryLog(RUN_ID, max_frames)
    rest = list(frames)
    while rest:
        size = data.draw(st.integers(1, len(rest)))
        log.append(rest[:size])
        rest = rest[size:]
    for seen in range(len(frames)):
        state = fold(frames[:seen])
        state.apply(log.read(state.last))
        assert [(part.kind, part.text, part.ended) for part in state.parts()] == expected
