"""Events of OpenAI's Responses API as text and parts."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from vizro_ws_chat.exceptions import AnswerError, ModelError
from vizro_ws_chat.integrations.turn import ModelTurn
from vizro_ws_chat.parts import Part, Reasoning, Source, ToolCall
from vizro_ws_chat.redaction import redacted_logger

logger = redacted_logger(__name__)

_BUILT_IN: dict[str, tuple[str, tuple[str, ...]]] = {
    "web_search_call": ("web_search", ("action",)),
    "file_search_call": ("file_search", ("queries",)),
    "code_interpreter_call": ("code_interpreter", ("code", "outputs")),
    "image_generation_call": ("image_generation", ()),
    "mcp_call": ("mcp", ("name", "arguments", "output", "error")),
}
"""By the type of its item, the name of a tool that the API runs by itself, and what the reader is shown of it."""


class ResponsesReader:
    """Makes text and parts of the events of one response.

    Args:
        turn: What is filled in.
    """

    def __init__(self, turn: ModelTurn) -> None:
        self._turn = turn
        self._steps: dict[str, ToolCall] = {}
        self._last: type = type(None)
        self._is_over = False

    def take(self, event: Any) -> Iterator[str | Part]:
        """Yield what an event adds to the answer.

        Raises:
            ModelError: When the API reports a failure.
        """
        for piece in self._pieces_of(event):
            self._last = type(piece)
            yield piece

    def end(self) -> Iterator[str | Part]:
        """Yield what comes behind the last event: nothing.

        Raises:
            ModelError: When the stream has broken off.
        """
        if not self._is_over:
            raise ModelError("The stream of the Responses API has ended before the response was complete.")
        yield from ()

    def _pieces_of(self, event: Any) -> Iterator[str | Part]:
        match event.type:
            case "response.output_text.delta" | "response.refusal.delta":
                yield event.delta
            case "response.reasoning_summary_part.added" if self._last is Reasoning:
                yield Reasoning("\n\n")
            case "response.reasoning_summary_text.delta" | "response.reasoning_text.delta":
                yield Reasoning(event.delta)
            case "response.output_text.annotation.added":
                yield from self._annotation(event.annotation)
            case "response.output_item.added":
                yield from self._begin_item(event.item)
            case "response.output_item.done":
                yield from self._end_item(event.item)
            case "response.completed" | "response.incomplete":
                yield from self._end_response(event.response)
            case "response.failed":
                error = event.response.error
                raise _failure(getattr(error, "code", None), getattr(error, "message", None))
            case "error":
                raise _failure(event.code, event.message)
            case _:  # of no interest to a reader
                pass

    def _annotation(self, annotation: Any) -> Iterator[Part]:
        # It has no type of its own in older versions of the SDK.
        cited = annotation.to_dict() if hasattr(annotation, "to_dict") else annotation or {}
        if cited.get("type") != "url_citation":
            return
        try:
            source = Source(cited["url"], cited.get("title") or None)
        except AnswerError as error:
            logger.warning("The model has cited a source that can't be shown: %s", error)
            return
        yield source

    def _begin_item(self, item: Any) -> Iterator[str | Part]:
        if item.type == "message" and self._last is str:
            yield "\n\n"
        elif item.type in _BUILT_IN:
            step = self._steps[item.id] = ToolCall(_BUILT_IN[item.type][0], _details(item))
            yield step

    def _end_item(self, item: Any) -> Iterator[str | Part]:
        self._turn.output.append(item.to_dict(mode="json"))
        if item.type == "function_call" and item.status != "incomplete":
            yield self._turn.ask(item.call_id, item.name, item.arguments, "responses")
        elif item.type in _BUILT_IN and item.id in self._steps:
            step = self._steps.pop(item.id)
            is_failed = item.status == "failed" or getattr(item, "error", None) is not None
            yield step.failed("The tool has failed.") if is_failed else step.result(_details(item))

    def _end_response(self, response: Any) -> Iterator[str | Part]:
        self._is_over = True
        self._turn.response_id = response.id
        self._turn.model = response.model
        if response.status == "incomplete":
            yield self._turn.end_early(getattr(response.incomplete_details, "reason", None) or "unknown")
        if response.usage is not None:
            yield self._turn.use(response.usage.input_tokens, response.usage.output_tokens)


def _details(item: Any) -> dict[str, Any] | None:
    """Return what the reader is shown of a tool that the API runs."""
    said = item.to_dict(mode="json")
    shown = {name: said[name] for name in _BUILT_IN[item.type][1] if said.get(name)}
    return shown or None


def _failure(code: str | None, message: str | None) -> ModelError:
    return ModelError(f"The model's API has reported a failure ({code or 'no code'}): {message or 'no message'}")
