"""The parts of one answer, and the frames that tell of them. No locks and no clocks: its run has those."""

from __future__ import annotations

from dataclasses import dataclass

from vizro_ws_chat.protocol.content import Content, ContentPart, OutputKind, content_of, is_said
from vizro_ws_chat.protocol.frames import OutputFrame, PartEnd, PartStart, TextDelta, TextSplice

_PIECE_CHARS = 32_768
"""Of text that is there at once, what goes into a frame: no message of the wire is to be much longer than others."""


@dataclass
class _Part:
    kind: OutputKind
    pieces: list[str]

    @property
    def text(self) -> str:
        self.pieces = ["".join(self.pieces)]
        return self.pieces[0]


class Composition:
    """Takes an answer's parts and makes their frames, which `take` hands out.

    Args:
        run_id: The run's.
        epoch: Its start in milliseconds since 1970.
    """

    def __init__(self, run_id: str, epoch: int) -> None:
        self._run_id = run_id
        self._epoch = epoch
        self._seq = 0
        self._parts: list[_Part] = []
        self._frames: list[OutputFrame] = []

    @property
    def is_empty(self) -> bool:
        """Whether nothing is said in it."""
        return not any(is_said(part.kind) for part in self._parts)

    @property
    def is_unanswered(self) -> bool:
        """Whether nothing is said in it but what its reader has said."""
        return not any(is_said(part.kind) and part.kind != "steer" for part in self._parts)

    @property
    def content(self) -> Content:
        """What is said in it."""
        return content_of(ContentPart(part.kind, part.text) for part in self._parts if is_said(part.kind))

    def texts(self, kind: OutputKind) -> list[str]:
        """Return the texts of all parts of a kind."""
        return [part.text for part in self._parts if part.kind == kind]

    def length(self, index: int) -> int:
        """Return how many characters a part has."""
        return sum(map(len, self._parts[index].pieces))

    def next_id(self) -> str:
        """Return the id of the next frame."""
        self._seq += 1
        return f"{self._epoch}-{self._seq}"

    def take(self) -> list[OutputFrame]:
        """Return the frames since the last time."""
        frames, self._frames = self._frames, []
        return frames

    def clear(self) -> None:
        """Forget the parts, which are in the log."""
        self._parts.clear()

    def begin(self, kind: OutputKind) -> int:
        """Begin a part and return its index."""
        index = len(self._parts)
        self._parts.append(_Part(kind, []))
        self._frames.append(PartStart(run=self._run_id, id=self.next_id(), part=index, kind=kind))
        return index

    def extend(self, index: int, text: str) -> None:
        """Add text to a part."""
        self._parts[index].pieces.append(text)
        for start in range(0, len(text), _PIECE_CHARS):
            piece = text[start : start + _PIECE_CHARS]
            self._frames.append(TextDelta(run=self._run_id, id=self.next_id(), part=index, d=piece))

    def end(self, index: int, ms: int | None = None) -> None:
        """End a part; `ms`: for how long it was written."""
        self._frames.append(PartEnd(run=self._run_id, id=self.next_id(), part=index, ms=ms))

    def replace(self, index: int, text: str) -> bool:
        """Give a part that has ended another text: what is between the same beginning and the same end is sent.

        Returns:
            Whether it is another one.
        """
        part = self._parts[index]
        before = part.text
        if text == before:
            return False
        at = _common_start(before, text)
        same_end = _common_start(before[at:][::-1], text[at:][::-1])
        added = text[at : len(text) - same_end]
        remove = len(before) - at - same_end
        for start in range(0, max(len(added), 1), _PIECE_CHARS):
            piece = added[start : start + _PIECE_CHARS]
            self._frames.append(
                TextSplice(run=self._run_id, id=self.next_id(), part=index, at=at + start, remove=remove, d=piece)
            )
            remove = 0
        part.pieces = [text]
        self.end(index)
        return True


def _common_start(one: str, other: str) -> int:
    """Return how many characters two texts begin with that are the same."""
    low, high = 0, min(len(one), len(other))
    while low < high:  # comparing slices is far faster than comparing characters in Python
        middle = (low + high + 1) // 2
        if one[low:middle] == other[low:middle]:
            low = middle
        else:
            high = middle - 1
    return low
