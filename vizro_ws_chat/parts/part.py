"""What all parts have in common, and how one that is in an answer changes."""

from __future__ import annotations

import json
from abc import ABC, abstractmethod
from typing import Any

from plotly.utils import PlotlyJSONEncoder

from vizro_ws_chat.exceptions import AnswerError
from vizro_ws_chat.protocol.content import OutputKind
from vizro_ws_chat.streams.output import AnswerWriter


class Part(ABC):
    """What `generate_response` may yield beside text. The `yield` returns the part itself, unless it says otherwise."""

    @abstractmethod
    def write_to(self, answer: AnswerWriter) -> object:
        """Write it; called by the chat."""


class Place:
    """Where a part stands in an answer.

    Args:
        answer: The answer.
        kind: The part's kind.
        text: Its text, JSON.
    """

    def __init__(self, answer: AnswerWriter, kind: OutputKind, text: str) -> None:
        self._run_id = answer.run_id
        self._index = answer.add(kind, text)

    def change(self, answer: AnswerWriter, text: str) -> None:
        """Give the part another text.

        Raises:
            AnswerError: When it stands in another answer.
        """
        if answer.run_id != self._run_id:
            raise AnswerError("A part of another answer was changed: that one has ended. Yield a new part instead.")
        answer.replace(self._index, text)


class Change(Part):
    """A change of a part that was yielded before; made by the part's own methods.

    Args:
        part: What is changed; the `yield` returns it.
        place: Where that stands; `None` while it was not yielded.
        text: What it is from now on, JSON.
    """

    def __init__(self, part: Part, place: Place | None, text: str) -> None:
        self._part = part
        self._place = place
        self._text = text

    def write_to(self, answer: AnswerWriter) -> Part:  # noqa: D102 - see Part
        if self._place is None:
            raise AnswerError(f"A {type(self._part).__name__} was changed that is not in the answer: yield it first.")
        self._place.change(answer, self._text)
        return self._part


def to_json(value: Any, what: str) -> str:
    """Return the JSON of a value.

    Args:
        value: Anything that Plotly's encoder can write: numbers, dates and arrays of NumPy and pandas as well.
        what: What it is, for the error.

    Raises:
        AnswerError: If it can't be written as JSON.
    """
    try:
        return json.dumps(value, cls=PlotlyJSONEncoder, separators=(",", ":"))
    except (TypeError, ValueError, RecursionError) as error:
        raise AnswerError(f"{what} can't be written as JSON: {error}.") from error
