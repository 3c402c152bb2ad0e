"""The checker finds each kind of wrong in a history that is otherwise right."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from soak.checker import check_calls, check_run
from soak.history import Reading, RunHistory, Stretch
from vizro_ws_chat.protocol.frames import (
    Finish,
    Interrupted,
    MessageRef,
    OutputFrame,
    PartEnd,
    PartStart,
    Snapshot,
    SnapshotPart,
    Stopped,
    TextDelta,
)
from vizro_ws_chat.protocol.run_state import RunStatus

RUN = "r" * 22
TTL = 20.0
PARENT = "p" * 43
QUESTION = MessageRef(id="q" * 43, parent=PARENT, role="user")
ANSWER = MessageRef(id="a" * 43, parent=QUESTION.id, role="assistant")


def frame_id(seq: int) -> str:
    return f"1795372800000-{seq}"


def delta(seq: int, text: str) -> TextDelta:
    return TextDelta(run=RUN, id=frame_id(seq), part=0, d=text)


def frames() -> list[OutputFrame]:
    return [
        PartStart(run=RUN, id=frame_id(1), part=0, kind="text"),
        delta(2, "one "),
        delta(3, "two "),
        delta(4, "three"),
        PartEnd(run=RUN, id=frame_id(5), part=0),
        Finish(run=RUN, id=frame_id(6), message=ANSWER),
    ]


def snapshot(seq: int, text: str) -> Snapshot:
    return Snapshot(run=RUN, id=frame_id(seq), parts=[SnapshotPart(kind="text", text=text, ended=False)])


def history() -> RunHistory:
    """Two readers: one was cut and resumed, one came late, to a log that was folded."""
    return RunHistory(
        run=RUN,
        truth="one two three",
        parent=PARENT,
        answers_parent=False,
        first_sent=100.0,
        is_left=True,
        readings=[
            Reading(
                "first",
                [Stretch([0], frames()[:3]), Stretch([3], frames()[3:])],
                [QUESTION],
                "one two three",
                RunStatus.DONE,
            ),
            Reading(
                "second",
                [Stretch([0], [snapshot(3, "one two "), *frames()[3:]])],
                [QUESTION],
                "one two three",
                RunStatus.DONE,
            ),
        ],
    )


def rules(history: RunHistory) -> set[str]:
    return {violation.rule for violation in check_run(history, log_ttl=TTL)}


def test_what_is_right_passes() -> None:
    assert check_run(history(), log_ttl=TTL) == []


def test_a_repeated_send_is_answered_from_the_start() -> None:
    right = history()
    right.readings[0].stretches = [Stretch([0, 0], [*frames(), *frames()])]
    assert rules(right) == set()


@pytest.mark.parametrize(
    ("end", "status"),
    [
        (Stopped(run=RUN, id=frame_id(4), message=None), RunStatus.STOPPED),
        (Interrupted(run=RUN, id=frame_id(4), message=None), RunStatus.INTERRUPTED),
    ],
)
def test_an_early_end_needs_a_reason(end: OutputFrame, status: RunStatus) -> None:
    broken_off = history()
    broken_off.readings = [Reading("first", [Stretch([0], [*frames()[:3], end])], [QUESTION], "one two ", status)]
    broken_off.is_cancelled = broken_off.is_left = True
    assert rules(broken_off) == set()
    broken_off.is_cancelled = broken_off.is_left = False
    assert rules(broken_off) == {"reason"}


def test_an_old_run_may_be_unknown_a_young_one_not() -> None:
    forgotten = history()
    forgotten.readings[1] = Reading("late", [Stretch([0])], refused="unknown-run", refused_at=100 + TTL + 1)
    assert rules(forgotten) == set()
    forgotten.readings[1].refused_at = 100 + TTL - 1
    assert rules(forgotten) == {"retention"}


def lose_a_frame(wrong: RunHistory) -> None:
    del wrong.readings[0].stretches[0].frames[1]


def lose_text(wrong: RunHistory) -> None:
    for stretch in (*wrong.readings[0].stretches, *wrong.readings[1].stretches):
        stretch.frames = [delta(4, "") if frame == frames()[3] else frame for frame in stretch.frames]
    for reading in wrong.readings:
        reading.text = "one two "


def lose_text_in_a_snapshot(wrong: RunHistory) -> None:
    wrong.readings[1].stretches[0].frames[0] = snapshot(3, "two ")
    wrong.readings[1].text = "two three"


def repeat_a_frame(wrong: RunHistory) -> None:
    wrong.readings[0].stretches[0].frames.append(frames()[2])


def repeat_text(wrong: RunHistory) -> None:
    wrong.readings[0].text = "one two two three"


def swap_frames(wrong: RunHistory) -> None:
    swapped = wrong.readings[0].stretches[0].frames
    swapped[1], swapped[2] = swapped[2], swapped[1]


def begin_elsewhere(wrong: RunHistory) -> None:
    wrong.readings[0].stretches[1].asked = [2]


def change_a_frame(wrong: RunHistory) -> None:
    wrong.readings[0].stretches[1].frames[0] = delta(4, "3")


def start_again(wrong: RunHistory) -> None:
    again = [frame.model_copy(update={"id": frame.id.replace("1795", "1796")}) for frame in frames()]
    wrong.readings[1].stretches = [Stretch([0], again)]


def go_on_after_the_end(wrong: RunHistory) -> None:
    wrong.readings[0].stretches[1].frames.append(delta(7, "!"))


def end_twice(wrong: RunHistory) -> None:
    wrong.readings[0].stretches[1].frames.append(Stopped(run=RUN, id=frame_id(7), message=None))


def never_end(wrong: RunHistory) -> None:
    wrong.readings[0].stretches.pop()
    wrong.readings[0].text = "one two "
    wrong.readings[0].status = RunStatus.STREAMING


def end_differently(wrong: RunHistory) -> None:
    wrong.readings[1].stretches[0].frames[-1] = Stopped(run=RUN, id=frame_id(6), message=ANSWER)
    wrong.readings[1].status = RunStatus.STOPPED
    wrong.is_cancelled = True


def answer_another_question(wrong: RunHistory) -> None:
    other = ANSWER.model_copy(update={"parent": "x" * 43})
    for reading in wrong.readings:
        reading.stretches[-1].frames[-1] = Finish(run=RUN, id=frame_id(6), message=other)


def accept_another_question(wrong: RunHistory) -> None:
    wrong.readings[0].accepted[0] = QUESTION.model_copy(update={"parent": None})


def refuse(wrong: RunHistory) -> None:
    wrong.readings[1] = Reading("second", [Stretch([0])], refused="bad-history", refused_at=1_000.0)


@pytest.mark.parametrize(
    ("mutate", "rule"),
    [
        (lose_a_frame, "order"),
        (lose_text, "text"),
        (lose_text_in_a_snapshot, "text"),
        (repeat_a_frame, "order"),
        (repeat_text, "text"),
        (swap_frames, "order"),
        (begin_elsewhere, "order"),
        (change_a_frame, "frames"),
        (start_again, "frames"),
        (go_on_after_the_end, "end"),
        (end_twice, "end"),
        (never_end, "end"),
        (end_differently, "readers"),
        (answer_another_question, "question"),
        (accept_another_question, "question"),
        (refuse, "refused"),
    ],
)
def test_what_is_wrong_is_found(mutate: Callable[[RunHistory], None], rule: str) -> None:
    wrong = history()
    mutate(wrong)
    assert rule in rules(wrong)


def test_every_call_of_the_authors_code_is_accounted_for() -> None:
    def broken(calls: dict[str, int], *, answered: set[str]) -> list[str]:
        return [violation.run for violation in check_calls(calls, {"one", "two"}, answered)]

    assert broken({"one": 1}, answered={"one"}) == []
    assert broken({"one": 2}, answered={"one"}) == ["one"]
    assert broken({"one": 1, "three": 1}, answered=set()) == ["three"]
    assert broken({"one": 1}, answered={"one", "two"}) == ["two"]
