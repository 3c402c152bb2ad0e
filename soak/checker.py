"""Checks what was seen of a run against what must be so, whatever the network did.

Each rule is from `docs/protocol.md`. The frames are folded here once more, so that a mistake in the readers does not
hide one of the server.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Literal, TypeAlias

from soak.history import Reading, RunHistory, Stretch
from vizro_ws_chat.protocol.frames import OutputFrame, PartEnd, PartStart, Snapshot, TerminalFrame, TextDelta
from vizro_ws_chat.protocol.run_state import RunStatus, status_after

Rule: TypeAlias = Literal[
    "text",  # a finished answer is the truth, a broken-off one begins like it
    "order",  # over one connection frames come in order, without gaps and repetitions
    "frames",  # a frame's id stands for one frame, whoever reads it and when
    "end",  # one terminal frame, and nothing after it
    "readers",  # all readers see the same
    "question",  # what was accepted is what was sent
    "calls",  # the author's code runs once for a run
    "retention",  # a run is known for as long as promised
    "refused",  # nothing is refused that is right
    "reason",  # a run ends early only if there is a reason to
]


@dataclass(frozen=True)
class Violation:
    """A rule that did not hold.

    Attributes:
        rule: Which one.
        run: For which run.
        detail: What was seen instead.
        evidence: All that is known of the run.
    """

    rule: Rule
    run: str
    detail: str
    evidence: RunHistory | None = None

    def __str__(self) -> str:
        return f"{self.rule}: run {self.run}: {self.detail}"


def check_run(history: RunHistory, *, log_ttl: float) -> list[Violation]:
    """Return what is wrong with a run.

    Args:
        history: What was seen.
        log_ttl: Seconds for which an ended run can still be read.
    """
    return [
        Violation(rule, history.run, detail, history)
        for found in (
            _frames(history),
            _questions(history),
            _agreement(history),
            *(_reading(history, reading, log_ttl) for reading in history.readings),
        )
        for rule, detail in found
    ]


def check_calls(calls: Mapping[str, int], sent: Collection[str], answered: Collection[str]) -> list[Violation]:
    """Return what is wrong with how often the author's code has run.

    Args:
        calls: How often, by run.
        sent: Runs that were sent.
        answered: Runs of which text was seen.
    """
    return [
        *(Violation("calls", run, f"made {count} times") for run, count in calls.items() if count > 1),
        *(Violation("calls", run, "was made, but never asked for") for run in calls if run not in sent),
        *(Violation("calls", run, "has text that nobody made") for run in answered if not calls.get(run)),
    ]


Found: TypeAlias = Iterator[tuple[Rule, str]]


def _frames(history: RunHistory) -> Found:
    known: dict[int, OutputFrame] = {}
    for frame in _all_frames(history):
        if isinstance(frame, Snapshot):
            text = "".join(part.text for part in frame.parts)
            if not history.truth.startswith(text):
                yield "text", f"the snapshot {frame.id} does not begin the answer"
        elif known.setdefault(frame.frame_id.seq, frame) != frame:
            yield "frames", f"{frame.id} is both {known[frame.frame_id.seq]!r} and {frame!r}"
    ends = [seq for seq, frame in known.items() if status_after(frame).is_terminal]
    if len(ends) > 1:
        yield "end", f"there are {len(ends)} terminal frames: {sorted(ends)}"
    if ends and max(known) > min(ends):
        yield "end", f"frame {max(known)} comes after the terminal frame {min(ends)}"


def _all_frames(history: RunHistory) -> Iterator[OutputFrame]:
    for reading in history.readings:
        for stretch in reading.stretches:
            yield from stretch.frames


def _questions(history: RunHistory) -> Found:
    questions = [question for reading in history.readings for question in reading.accepted]
    for question in questions:
        if question != questions[0]:
            yield "question", f"accepted as {questions[0]!r} and as {question!r}"
        named = question.id if history.answers_parent else question.parent
        if named != history.parent or question.role != "user":
            yield "question", f"sent after {history.parent}, accepted as {question!r}"
    for frame in _all_frames(history):
        answer = frame.message if isinstance(frame, TerminalFrame) else None
        if answer and questions and (answer.parent, answer.role) != (questions[0].id, "assistant"):
            yield "question", f"{answer!r} does not answer {questions[0]!r}"


def _agreement(history: RunHistory) -> Found:
    complete = [reading for reading in history.readings if reading.status.is_terminal]
    for reading in complete[1:]:
        if (reading.status, reading.text) != (complete[0].status, complete[0].text):
            yield "readers", f"{reading.reader} has another answer than {complete[0].reader}"


def _reading(history: RunHistory, reading: Reading, log_ttl: float) -> Found:
    for stretch in reading.stretches:
        yield from _order(stretch)
    text, status = _fold(frame for stretch in reading.stretches for frame in stretch.frames)
    if (text, status) != (reading.text, reading.status):
        yield "text", f"{reading.reader} has {reading.text!r} ({reading.status}); its frames say {text!r} ({status})"
    if not history.truth.startswith(reading.text):
        yield "text", f"{reading.reader} has {reading.text!r}, not the beginning of {history.truth!r}"
    match reading.status:
        case RunStatus.DONE if reading.text != history.truth:
            yield "text", f"{reading.reader} has {reading.text!r} instead of {history.truth!r}"
        case RunStatus.STOPPED if not history.is_cancelled:
            yield "reason", "it was stopped, but nobody pressed Stop"
        case RunStatus.INTERRUPTED if not history.is_left:
            yield "reason", "it was interrupted, but somebody was reading all the time"
        case RunStatus.ERROR:
            yield "reason", "it failed"
        case RunStatus.SUBMITTED | RunStatus.STREAMING if reading.refused is None:
            yield "end", f"{reading.reader} never saw it"
    if reading.refused == "unknown-run":
        age = reading.refused_at - history.first_sent
        if age < log_ttl:
            yield "retention", f"unknown after {age:.1f} s"
    elif reading.refused is not None:
        yield "refused", f"{reading.reader} was refused: {reading.refused}"


def _order(stretch: Stretch) -> Found:
    beginnings = {after + 1 for after in stretch.asked}
    segments = 0
    last = -1
    has_ended = False
    for frame in stretch.frames:
        seq = frame.frame_id.seq
        jumps_ahead = isinstance(frame, Snapshot) and (seq > last or segments == 0)
        if segments and not has_ended and (seq == last + 1 or jumps_ahead):
            pass
        elif segments < len(stretch.asked) and (seq in beginnings or isinstance(frame, Snapshot)):
            segments += 1
        elif has_ended:
            yield "end", f"{frame.id} follows a terminal frame"
        else:
            yield "order", f"{frame.id} follows {last}, asked for after {stretch.asked}"
        last = seq
        has_ended = status_after(frame).is_terminal


def _fold(frames: Iterable[OutputFrame]) -> tuple[str, RunStatus]:
    last = 0
    text = ""
    status = RunStatus.SUBMITTED
    for frame in frames:
        seq = frame.frame_id.seq
        if seq <= last or (seq > last + 1 and not isinstance(frame, Snapshot)):
            continue
        last = seq
        status = status_after(frame)
        match frame:
            case TextDelta():
                text += frame.d
            case Snapshot():
                text = "".join(part.text for part in frame.parts)
            case PartStart() | PartEnd():
                pass
    return text, status
