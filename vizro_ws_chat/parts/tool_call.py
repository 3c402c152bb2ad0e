"""What the answer's author has done by a tool: a step with its state, input, output and time."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any, Literal

from vizro_ws_chat.parts.part import Change, Part, Place, to_json
from vizro_ws_chat.streams.output import AnswerWriter

_MAX_CHARS = 20_000
"""Of what a step shows of its input or output."""

State = Literal["running", "done", "error", "denied"]


class ToolCall(Part):
    """A step of the answer: a tool that is called, and later what came of it.

    Example:
        ```python
        call = yield ToolCall("count_rows", {"table": "sales"})
        yield call.result(warehouse.count("sales"))
        ```

    Args:
        name: The tool's.
        args: What it is called with: anything that can be written as JSON.
        clock: Returns seconds; for tests.
    """

    def __init__(self, name: str, args: Any = None, *, clock: Callable[[], float] = time.monotonic) -> None:
        self._step: dict[str, Any] = {"name": name, "args": _shown(args), "state": "running"}
        self._clock = clock
        self._began = clock()
        self._place: Place | None = None

    def write_to(self, answer: AnswerWriter) -> Part:  # noqa: D102 - see Part
        self._began = self._clock()
        self._place = Place(answer, "tool", to_json(self._step, "A ToolCall"))
        return self

    def result(self, output: Any = None) -> Change:
        """Tell what the tool has returned; `yield` what this returns.

        Args:
            output: Text, or anything that can be written as JSON.

        Raises:
            AnswerError: If it can't be written as JSON.
        """
        return self._end("done", output)

    def failed(self, reason: str) -> Change:
        """Tell that the tool has failed; `yield` what this returns.

        Args:
            reason: A sentence for the reader.
        """
        return self._end("error", reason)

    def denied(self) -> Change:
        """Tell that the tool was not called because the reader did not want it; `yield` what this returns."""
        return self._end("denied", None)

    def _end(self, state: State, output: Any) -> Change:
        ms = round((self._clock() - self._began) * 1000)
        self._step = {**self._step, "state": state, "output": _shown(output), "ms": ms}
        return Change(self, self._place, to_json(self._step, "What a ToolCall gave"))


def _shown(value: Any) -> Any:
    """Return a value as it is, or the beginning of it when it is long: text as text, anything else as its JSON."""
    text = value if isinstance(value, str) else to_json(value, "What a ToolCall shows")
    return value if len(text) <= _MAX_CHARS else f"{text[:_MAX_CHARS]}…"
