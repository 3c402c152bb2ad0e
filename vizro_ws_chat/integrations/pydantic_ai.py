"""Agents of pydantic-ai. Needs it: `pip install 'vizro-ws-chat[pydantic-ai]'`, and the extra of the model's provider.

from vizro_ws_chat.integrations.pydantic_ai import chat_history, pydantic_ai_parts
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterable, Iterator, Sequence
from typing import Any

from vizro_ws_chat.actions import Message
from vizro_ws_chat.integrations.optional import require
from vizro_ws_chat.integrations.tool_values import plain, showable
from vizro_ws_chat.parts import Part, Reasoning, ToolCall, Usage

require("pydantic_ai", extra="pydantic-ai")

from pydantic_ai import Agent  # noqa: E402 - tells first what is missing
from pydantic_ai.messages import (  # noqa: E402
    FunctionToolCallEvent,
    FunctionToolResultEvent,
    ModelMessage,
    ModelRequest,
    ModelResponse,
    PartDeltaEvent,
    PartStartEvent,
    TextPart,
    TextPartDelta,
    ThinkingPart,
    ThinkingPartDelta,
    UserPromptPart,
)

__all__ = ["chat_history", "pydantic_ai_parts"]


async def pydantic_ai_parts(
    agent: Agent[Any, Any],
    prompt: str,
    *,
    message_history: Sequence[ModelMessage] | None = None,
    deps: Any = None,
    **options: Any,
) -> AsyncIterator[Any]:
    """Yield what an agent says: text, and parts for its reasoning, its tools and what it has taken.

    A tool that returns pydantic-ai's `ToolReturn` with a component or a figure as its `metadata` has it shown.

    Example:
        ```python
        async def generate_response(self, messages):
            *before, question = messages
            history = chat_history(before)
            async for part in pydantic_ai_parts(agent, question["content"], message_history=history):
                yield part
        ```

    Args:
        agent: The agent.
        prompt: The question.
        message_history: What was said before; see `chat_history`.
        deps: What the agent's tools depend on.
        **options: Further arguments of `Agent.iter`, such as `usage_limits` or `model_settings`.

    Yields:
        Text and parts, for `generate_response` to yield.
    """
    reader = _EventReader()
    async with agent.iter(prompt, message_history=message_history, deps=deps, **options) as run:
        async for node in run:
            if Agent.is_model_request_node(node) or Agent.is_call_tools_node(node):
                async with node.stream(run.ctx) as events:
                    async for event in events:
                        for piece in reader.take(event):
                            yield piece
        yield Usage(run.usage.input_tokens, run.usage.output_tokens)


def chat_history(messages: Iterable[Message]) -> list[ModelMessage]:
    """Return messages of the chat as pydantic-ai has them; what is no text is left out."""
    history: list[ModelMessage] = []
    for message in messages:
        text = message["content"]
        if not isinstance(text, str) or not text:
            continue
        if message["role"] == "user":
            history.append(ModelRequest(parts=[UserPromptPart(content=text)]))
        else:
            history.append(ModelResponse(parts=[TextPart(content=text)]))
    return history


class _EventReader:
    """Makes text and parts of the events of one run."""

    def __init__(self) -> None:
        self._steps: dict[str, ToolCall] = {}
        self._last: type = type(None)

    def take(self, event: Any) -> Iterator[Any]:
        for piece in self._pieces_of(event):
            self._last = type(piece)
            yield piece

    def _pieces_of(self, event: Any) -> Iterator[Any]:
        match event:
            case PartStartEvent(part=TextPart(content=text)):
                yield from self._text(text, begins=True)
            case PartDeltaEvent(delta=TextPartDelta(content_delta=text)):
                yield from self._text(text)
            case PartStartEvent(part=ThinkingPart(content=text)):
                yield from self._thought(text, begins=True)
            case PartDeltaEvent(delta=ThinkingPartDelta(content_delta=text)):
                yield from self._thought(text)
            case FunctionToolCallEvent(part=call):
                step = self._steps[call.tool_call_id] = ToolCall(call.tool_name, plain(call.args_as_dict()))
                yield step
            case FunctionToolResultEvent(part=result):
                yield from self._end_step(result)

    def _text(self, text: str, *, begins: bool = False) -> Iterator[str]:
        if begins and self._last is str:
            yield "\n\n"
        if text:
            yield text

    def _thought(self, text: str | None, *, begins: bool = False) -> Iterator[Part]:
        if begins and self._last is Reasoning:
            yield Reasoning("\n\n")
        if text:
            yield Reasoning(text)

    def _end_step(self, result: Any) -> Iterator[Any]:
        step = self._steps.pop(result.tool_call_id, None)
        if step is None:
            return
        outcome = getattr(result, "outcome", "failed")  # a call that is to be made again had none at first
        if outcome == "success":
            yield step.result(plain(result.content))
        elif outcome == "denied":
            yield step.denied()
        else:
            yield step.failed("The tool has failed.")
        yield from showable(getattr(result, "metadata", None))
