"""An answer in the format of `POST /v1/responses`. No IO."""

from __future__ import annotations

import time
import uuid
from collections.abc import Iterator, Sequence
from typing import Any

from vizro_ws_chat.testing.scripted_openai.pieces import CutOff, ErrorEvent, FunctionCall, Piece, Thought, WebSearch
from vizro_ws_chat.testing.scripted_openai.requests import RecordedRequest
from vizro_ws_chat.testing.scripted_openai.response_items import (
    Event,
    GrowingItem,
    function_call_events,
    function_call_item,
    growing_item,
    web_search_events,
    web_search_item,
)
from vizro_ws_chat.testing.scripted_openai.wire import FAILURE, MODEL, count_tokens, sse_data


class ResponsesFormat:
    """An `AnswerFormat` for the Responses API."""

    def __init__(self, request: RecordedRequest) -> None:
        self._request = request
        self._id = f"resp_{uuid.uuid4().hex}"
        self._created_at = int(time.time())
        self._sequence = 0
        self._pieces: list[Piece] = []
        self._items: list[dict[str, Any]] = []
        self._growing: GrowingItem | None = None
        self._cut_off: str | None = None

    def opening(self) -> bytes:  # noqa: D102 - see AnswerFormat
        begun = self._response("in_progress")
        return self._write([("response.created", {"response": begun}), ("response.in_progress", {"response": begun})])

    def delta(self, piece: Piece) -> bytes:  # noqa: D102
        return self._write(self._take(piece))

    def closing(self) -> bytes:  # noqa: D102
        if any(isinstance(piece, ErrorEvent) for piece in self._pieces):
            return b""
        return self._write(self._end())

    def failure(self) -> bytes:  # noqa: D102
        error = {"code": "server_error", "message": FAILURE}
        return self._write([("response.failed", {"response": {**self._response("failed"), "error": error}})])

    def whole(self, pieces: Sequence[Piece]) -> dict[str, Any]:  # noqa: D102
        events = [event for piece in pieces for event in self._take(piece)]
        events += self._end()
        response: dict[str, Any] = events[-1][1]["response"]
        return response

    def _take(self, piece: Piece) -> Iterator[Event]:
        self._pieces.append(piece)
        if isinstance(piece, CutOff):
            self._cut_off = piece.reason
        elif isinstance(piece, ErrorEvent):
            yield "error", {"code": "server_error", "message": piece.message, "param": None}
        elif isinstance(piece, FunctionCall):
            yield from self._end_item()
            item = function_call_item(piece)
            yield from function_call_events(item, len(self._items))
            self._items.append(item)
        elif isinstance(piece, WebSearch):
            yield from self._end_item()
            item = web_search_item(piece)
            yield from web_search_events(item, len(self._items))
            self._items.append(item)
        else:
            yield from self._grow(piece)

    def _grow(self, piece: Piece) -> Iterator[Event]:
        if self._growing is None or not self._growing.takes(piece):
            yield from self._end_item()
            encrypts = "reasoning.encrypted_content" in (self._request.body.get("include") or ())
            self._growing = growing_item(piece, len(self._items), encrypts=encrypts)
            yield from self._growing.begin()
        yield from self._growing.take(piece)

    def _end_item(self) -> Iterator[Event]:
        if self._growing is not None:
            yield from self._growing.end()
            self._items.append(self._growing.whole())
            self._growing = None

    def _end(self) -> Iterator[Event]:
        if not self._pieces:
            yield from self._grow("")  # a model that says nothing says an empty text
        yield from self._end_item()
        status = "incomplete" if self._cut_off else "completed"
        yield f"response.{status}", {"response": self._response(status)}

    def _write(self, events: Iterator[Event] | Sequence[Event]) -> bytes:
        written = []
        for kind, fields in events:
            event = {"type": kind, "sequence_number": self._sequence, **fields}
            self._sequence += 1
            written.append(f"event: {kind}\n".encode() + sse_data(event))
        return b"".join(written)

    def _response(self, status: str) -> dict[str, Any]:
        body = self._request.body
        has_ended = status in {"completed", "incomplete"}
        return {
            "id": self._id,
            "object": "response",
            "created_at": self._created_at,
            "status": status,
            "error": None,
            "incomplete_details": {"reason": self._cut_off} if self._cut_off else None,
            "instructions": body.get("instructions"),
            "max_output_tokens": body.get("max_output_tokens"),
            "metadata": body.get("metadata") or {},
            "model": body.get("model", MODEL),
            "output": self._items if has_ended else [],
            "parallel_tool_calls": True,
            "previous_response_id": body.get("previous_response_id"),
            "reasoning": {"effort": None, "summary": None},
            "store": False,
            "temperature": body.get("temperature", 1.0),
            "text": {"format": {"type": "text"}},
            "tool_choice": "auto",
            "tools": [],
            "top_p": body.get("top_p", 1.0),
            "truncation": "disabled",
            "usage": self._usage() if has_ended else None,
        }

    def _usage(self) -> dict[str, Any]:
        sent, said = count_tokens(self._request, self._pieces)
        thought = sum(isinstance(piece, Thought) for piece in self._pieces)
        return {
            "input_tokens": sent,
            "input_tokens_details": {"cached_tokens": 0, "cache_write_tokens": 0},
            "output_tokens": said,
            "output_tokens_details": {"reasoning_tokens": thought},
            "total_tokens": sent + said,
        }
