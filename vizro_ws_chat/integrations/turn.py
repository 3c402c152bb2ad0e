"""One turn of a model: what it has said, and what it asks for."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import Any, Literal, TypeAlias

from vizro_ws_chat.parts import Part, ToolCall, Usage

Api: TypeAlias = Literal["responses", "chat"]
"""The Responses API, or Chat Completions."""


@dataclass
class FunctionCall:
    """A function that the model asks for.

    Attributes:
        call_id: What the API calls it.
        name: The function's.
        arguments: JSON, as the model wrote it: not checked.
        step: The part that shows it: `yield call.step.result(value)` when it was called.
        api: Whose it is.
    """

    call_id: str
    name: str
    arguments: str
    step: ToolCall
    api: Api = "responses"

    @property
    def readable(self) -> dict[str, Any]:
        """What the arguments say; nothing when they are no JSON object."""
        said = _readable(self.arguments)
        return said if isinstance(said, dict) else {}

    def output(self, text: str) -> dict[str, Any]:
        """Return the item of the next request that tells the model what the function gave."""
        if self.api == "chat":
            return {"role": "tool", "tool_call_id": self.call_id, "content": text}
        return {"type": "function_call_output", "call_id": self.call_id, "output": text}


@dataclass
class ModelTurn:
    """What the caller needs to go on.

    Attributes:
        calls: The functions that the model asks for, in order.
        output: What it has put out, for the next request: items of the `input` of the Responses API, or a message of
            Chat Completions.
        response_id: The id of the response, or of the completion.
        model: Which model it was, as the API tells.
        cut_off: Why the answer ended before it was complete, as the API calls it: `max_output_tokens`,
            `content_filter`, `length`.
        input_tokens: Tokens read, in this turn and those before it.
        output_tokens: Tokens written, in this turn and those before it.
    """

    calls: list[FunctionCall] = field(default_factory=list)
    output: list[dict[str, Any]] = field(default_factory=list)
    response_id: str | None = None
    model: str | None = None
    cut_off: str | None = None
    input_tokens: int = 0
    output_tokens: int = 0

    @classmethod
    def after(cls, previous: ModelTurn | None) -> ModelTurn:
        """Return an empty turn that counts on where another has ended."""
        if previous is None:
            return cls()
        return cls(input_tokens=previous.input_tokens, output_tokens=previous.output_tokens)

    def ask(self, call_id: str, name: str, arguments: str, api: Api) -> Part:
        """Add a call of a function, and return the part that shows it."""
        step = ToolCall(name, _readable(arguments))
        self.calls.append(FunctionCall(call_id, name, arguments, step, api))
        return step

    def use(self, input_tokens: int, output_tokens: int) -> Part:
        """Count tokens, and return the part that tells of all so far."""
        self.input_tokens += input_tokens
        self.output_tokens += output_tokens
        return Usage(self.input_tokens, self.output_tokens, self.model)

    def end_early(self, reason: str) -> str:
        """Note why the answer is not complete, and return the sentence that says so."""
        self.cut_off = reason
        why = _REASONS.get(reason, f"before it is complete ({reason})")
        return f"\n\n*The answer ends here, {why}.*"


_LENGTH = "as it has reached the length that was allowed"
_REASONS = {
    "max_output_tokens": _LENGTH,
    "length": _LENGTH,
    "content_filter": "as the model's content filter has stopped it",
}


def _readable(arguments: str) -> Any:
    """Return arguments for the reader: what their JSON says, or the text when it is none."""
    try:
        return json.loads(arguments)
    except ValueError:
        return arguments
