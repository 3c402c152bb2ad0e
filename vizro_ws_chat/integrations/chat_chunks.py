"""Chunks of OpenAI's Chat Completions API, and of the many servers that offer it, as text and parts."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from vizro_ws_chat.exceptions import ModelError
from vizro_ws_chat.integrations.turn import ModelTurn
from vizro_ws_chat.parts import Part, Reasoning

_CUT_OFF = frozenset({"length", "content_filter"})
_REASONING = ("reasoning_content", "reasoning")
"""What servers call it; OpenAI's own has none in this API."""


@dataclass
class _Call:
    call_id: str
    name: str = ""
    arguments: str = ""


class ChatReader:
    """Makes text and parts of the chunks of one completion.

    Args:
        turn: What is filled in.
    """

    def __init__(self, turn: ModelTurn) -> None:
        self._turn = turn
        self._text: list[str] = []
        self._calls: list[_Call] = []
        self._growing: dict[int, _Call] = {}
        self._finish_reason: str | None = None
        self._usage: Any = None

    def take(self, chunk: Any) -> Iterator[str | Part]:
        """Yield what a chunk adds to the answer."""
        self._turn.response_id = chunk.id
        self._turn.model = chunk.model
        self._usage = chunk.usage or self._usage  # some servers tell it again and again, all of it
        for choice in chunk.choices:
            if choice.index == 0:  # others are other answers to the same question
                self._finish_reason = choice.finish_reason or self._finish_reason
                if choice.delta is not None:
                    yield from self._take_delta(choice.delta)

    def end(self) -> Iterator[str | Part]:
        """Yield what comes behind the last chunk: calls of functions, why the answer is not complete, usage.

        Raises:
            ModelError: When the stream has broken off.
        """
        if self._finish_reason is None:
            raise ModelError("The stream of the Chat Completions API has ended before the answer was complete.")
        self._turn.output.append(self._message())
        if self._finish_reason in _CUT_OFF:
            yield self._turn.end_early(self._finish_reason)
        else:
            for call in self._calls:
                yield self._turn.ask(call.call_id, call.name, call.arguments, "chat")
        if self._usage is not None:
            yield self._turn.use(self._usage.prompt_tokens, self._usage.completion_tokens)

    def _take_delta(self, delta: Any) -> Iterator[str | Part]:
        for name in _REASONING:
            thought = getattr(delta, name, None)
            if isinstance(thought, str) and thought:
                yield Reasoning(thought)
                break
        for text in (delta.content, delta.refusal):
            if text:
                self._text.append(text)
                yield text
        for piece in delta.tool_calls or ():
            self._take_call(piece)

    def _take_call(self, piece: Any) -> None:
        call = self._growing.get(piece.index)
        if call is None or (piece.id and piece.id != call.call_id):  # some servers give all calls the same index
            call = self._growing[piece.index] = _Call(piece.id or "")
            self._calls.append(call)
        if piece.function is not None:
            call.name = piece.function.name or call.name
            call.arguments += piece.function.arguments or ""

    def _message(self) -> dict[str, Any]:
        message: dict[str, Any] = {"role": "assistant", "content": "".join(self._text) or None}
        if self._calls:
            message["tool_calls"] = [
                {
                    "id": call.call_id,
                    "type": "function",
                    "function": {"name": call.name, "arguments": call.arguments},
                }
                for call in self._calls
            ]
        return message
