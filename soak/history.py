"""What was seen of one run, as evidence for the checker. Each reader writes its own part."""

from __future__ import annotations

from dataclasses import dataclass, field

from vizro_ws_chat.protocol.codes import RefusalCode
from vizro_ws_chat.protocol.frames import MessageRef, OutputFrame
from vizro_ws_chat.protocol.run_state import RunStatus


@dataclass
class Stretch:
    """The frames of a run that came over one connection, as they came.

    Attributes:
        asked: The last `seq` that the reader had each time it asked to read on; 0 for from the start.
        frames: What came.
    """

    asked: list[int]
    frames: list[OutputFrame] = field(default_factory=list)


@dataclass
class Reading:
    """What one reader saw.

    Attributes:
        reader: Which one.
        stretches: Its connections, in order.
        accepted: The question, as often as it was accepted.
        text: The text that it ended with.
        status: The status that it ended with.
        refused: The refusal that ended it.
        refused_at: When that came, monotonic seconds.
    """

    reader: str
    stretches: list[Stretch] = field(default_factory=list)
    accepted: list[MessageRef] = field(default_factory=list)
    text: str = ""
    status: RunStatus = RunStatus.SUBMITTED
    refused: RefusalCode | None = None
    refused_at: float = 0.0


@dataclass
class RunHistory:
    """A run and all of its readers.

    Attributes:
        run: Its id.
        truth: The whole answer, as the author's code makes it.
        parent: The message that was answered, or that the question follows: what `accepted` must name.
        answers_parent: Whether `parent` itself was answered again.
        first_sent: When it was sent first, monotonic seconds; it can't have ended before.
        is_cancelled: Whether anybody pressed Stop.
        is_left: Whether a reader's connection ended before the run did.
        readings: What was seen.
    """

    run: str
    truth: str
    parent: str | None
    answers_parent: bool
    first_sent: float
    is_cancelled: bool = False
    is_left: bool = False
    readings: list[Reading] = field(default_factory=list)
