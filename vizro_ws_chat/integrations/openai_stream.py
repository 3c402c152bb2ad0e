"""Streams of the `openai` package as text and parts. Their events are known by their shape; nothing is imported."""

from __future__ import annotations

from collections.abc import AsyncIterable, AsyncIterator, Generator, Iterable, Iterator
from typing import Any, Protocol

from vizro_ws_chat.exceptions import ModelError
from vizro_ws_chat.integrations.chat_chunks import ChatReader
from vizro_ws_chat.integrations.responses_events import ResponsesReader
from vizro_ws_chat.integrations.turn import ModelTurn
from vizro_ws_chat.parts import Part


class _Reader(Protocol):
    def take(self, event: Any) -> Iterator[str | Part]: ...

    def end(self) -> Iterator[str | Part]: ...


def openai_parts(
    stream: Iterable[Any], *, previous: ModelTurn | None = None
) -> Generator[str | Part, object, ModelTurn]:
    """Yield what a stream of OpenAI's SDK says: text, and parts for what else the model does.

    Example:
        ```python
        def generate_response(self, messages):
            turn = yield from openai_parts(client.responses.create(..., stream=True))
        ```

    Args:
        stream: Of the Responses API (`client.responses.create(..., stream=True)`) or of Chat Completions
            (`client.chat.completions.create(..., stream=True)`). It is closed at the end, and by Stop.
        previous: The turn before, when an answer takes several: its tokens are counted with those of this one.

    Returns:
        What the caller needs to go on: the functions that the model asks for, and its output for the next request.

    Raises:
        ModelError: When the API reports a failure within the stream, or the stream breaks off.
    """
    turn = ModelTurn.after(previous)
    reader: _Reader | None = None
    try:
        for event in stream:
            reader = reader or _reader_of(event, turn)
            yield from reader.take(event)
        yield from _begun(reader).end()
    finally:
        close = getattr(stream, "close", None)
        if close is not None:
            close()
    return turn


def openai_parts_async(stream: AsyncIterable[Any], *, previous: ModelTurn | None = None) -> AsyncOpenAIParts:
    """Return what a stream of OpenAI's `AsyncOpenAI` says, as `openai_parts` does.

    Example:
        ```python
        async def generate_response(self, messages):
            parts = openai_parts_async(await client.responses.create(..., stream=True))
            async for part in parts:
                yield part
            parts.turn.calls
        ```

    Args:
        stream: As of `openai_parts`, from an asynchronous client.
        previous: As of `openai_parts`.
    """
    return AsyncOpenAIParts(stream, ModelTurn.after(previous))


class AsyncOpenAIParts:
    """An async iterator of text and parts.

    Attributes:
        turn: What `openai_parts` returns; complete when the iteration has ended.
    """

    def __init__(self, stream: AsyncIterable[Any], turn: ModelTurn) -> None:
        self.turn = turn
        self._parts = _parts(stream, turn)

    def __aiter__(self) -> AsyncIterator[str | Part]:
        # The generator itself: what holds it holds the stream, which is how Stop finds it.
        return self._parts


async def _parts(stream: AsyncIterable[Any], turn: ModelTurn) -> AsyncIterator[str | Part]:
    reader: _Reader | None = None
    try:
        async for event in stream:
            reader = reader or _reader_of(event, turn)
            for piece in reader.take(event):
                yield piece
        for piece in _begun(reader).end():
            yield piece
    finally:
        close = getattr(stream, "close", None)
        if close is not None:
            await close()


def _reader_of(event: Any, turn: ModelTurn) -> _Reader:
    """Return what reads a stream that begins with this event."""
    return ChatReader(turn) if hasattr(event, "choices") else ResponsesReader(turn)


def _begun(reader: _Reader | None) -> _Reader:
    if reader is None:
        raise ModelError("The model's stream has ended without any event.")
    return reader
