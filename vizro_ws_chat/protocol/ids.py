"""Frame ids: `epoch-seq`, ordered, and valid as ids of a Redis Stream."""

from __future__ import annotations

import re
from typing import NamedTuple

PATTERN = r"^([0-9]{1,15})-([0-9]{1,15})$"
"""Fifteen digits stay below 2**53, so that a JavaScript number holds each half exactly. Not `\\d`: that is the digits
of every script."""

_COMPILED = re.compile(PATTERN)


class FrameId(NamedTuple):
    """The place of a frame in its run's log.

    Attributes:
        epoch: Start of the run, in milliseconds since 1970. Tells apart two runs of the same id (after a restart).
        seq: 1, 2, 3 … without gaps.
    """

    epoch: int
    seq: int

    def __str__(self) -> str:
        return f"{self.epoch}-{self.seq}"

    @classmethod
    def parse(cls, text: str) -> FrameId:
        """Read an id from the wire.

        Raises:
            ValueError: If `text` is not `epoch-seq`.
        """
        match = _COMPILED.fullmatch(text)
        if match is None:
            raise ValueError(f"{text!r} is not a frame id of the form 'epoch-seq'")
        return cls(int(match[1]), int(match[2]))
