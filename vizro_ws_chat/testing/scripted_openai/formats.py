"""The two APIs' answers as JSON objects and Server-Sent Events. No IO."""

from __future__ import annotations

import json
import time
import uuid
from collections.abc import Callable, Mapping, Sequence
from http import HTTPStatus
from typing import Any, Protocol

from vizro_ws_chat.testing.scripted_openai.requests import RecordedRequest

MODEL = "scripted-demo"
_FAILURE = "The scripted model failed, as its scenario asks."
# Status to (type, code), as OpenAI pairs them.
_ERROR_KINDS = {
    401: ("invalid_request_error", "invalid_api_key"),
    404: ("invalid_request_error", "not_found"),
    429: ("requests", "rate_limit_exceeded"),
}


class AnswerFormat(Protocol):
    """One answer in the format of one API. The methods that return bytes are for streams, and in their order."""

    def opening(self) -> bytes:
        """The events before the first text."""

    def delta(self, text: str) -> bytes:
        """The event for one chunk of text."""

    def closing(self) -> bytes:
        """The events after the last text."""

    def failure(self) -> bytes:
        """The event that says that the model has failed."""

    def whole(self, chunks: Sequence[str]) -> dict[str, Any]:
        """The answer as one object, when it is not streamed."""


class _Responses:
    """`POST /v1/responses`."""

    def __init__(self, request: RecordedRequest) -> None:
        self._request = request
        self._id = f"resp_{uuid.uuid4().hex}"
        self._item_id = f"msg_{uuid.uuid4().hex}"
        self._created_at = int(time.time())
        self._sequence = 0
        self._chunks: list[str] = []

    def opening(self) -> bytes:
        return b"".join(
            [
                self._event("response.created", response=self._response("in_progress")),
                self._event("response.in_progress", response=self._response("in_progress")),
                self._event("response.output_item.added", output_index=0, item=self._item("in_progress")),
                self._event("response.content_part.added", **self._place(), part=_output_text("")),
            ]
        )

    def delta(self, text: str) -> bytes:
        self._chunks.append(text)
        return self._event("response.output_text.delta", **self._place(), delta=text, logprobs=[])

    def closing(self) -> bytes:
        text = "".join(self._chunks)
        return b"".join(
            [
                self._event("response.output_text.done", **self._place(), text=text, logprobs=[]),
                self._event("response.content_part.done", **self._place(), part=_output_text(text)),
                self._event("response.output_item.done", output_index=0, item=self._item("completed", text)),
                self._event("response.completed", response=self._response("completed")),
            ]
        )

    def failure(self) -> bytes:
        error = {"code": "server_error", "message": _FAILURE}
        return self._event("response.failed", response={**self._response("failed"), "error": error})

    def whole(self, chunks: Sequence[str]) -> dict[str, Any]:
        self._chunks = list(chunks)
        return self._response("completed")

    def _event(self, kind: str, **fields: Any) -> bytes:
        event = {"type": kind, "sequence_number": self._sequence, **fields}
        self._sequence += 1
        return f"event: {kind}\n".encode() + _sse_data(event)

    def _place(self) -> dict[str, Any]:
        return {"item_id": self._item_id, "output_index": 0, "content_index": 0}

    def _item(self, status: str, text: str | None = None) -> dict[str, Any]:
        content = [] if text is None else [_output_text(text)]
        return {"id": self._item_id, "type": "message", "role": "assistant", "status": status, "content": content}

    def _response(self, status: str) -> dict[str, Any]:
        body = self._request.body
        completed = status == "completed"
        return {
            "id": self._id,
            "object": "response",
            "created_at": self._created_at,
            "status": status,
            "error": None,
            "incomplete_details": None,
            "instructions": body.get("instructions"),
            "max_output_tokens": body.get("max_output_tokens"),
            "metadata": body.get("metadata") or {},
            "model": body.get("model", MODEL),
            "output": [self._item("completed", "".join(self._chunks))] if completed else [],
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
            "usage": self._usage() if completed else None,
        }

    def _usage(self) -> dict[str, Any]:
        sent, said = _tokens(self._request, self._chunks)
        return {
            "input_tokens": sent,
            "input_tokens_details": {"cached_tokens": 0, "cache_write_tokens": 0},
            "output_tokens": said,
            "output_tokens_details": {"reasoning_tokens": 0},
            "total_tokens": sent + said,
        }


class _ChatCompletions:
    """`POST /v1/chat/completions`."""

    def __init__(self, request: RecordedRequest) -> None:
        self._request = request
        self._head = {
            "id": f"chatcmpl-{uuid.uuid4().hex}",
            "created": int(time.time()),
            "model": request.body.get("model", MODEL),
        }
        self._chunks: list[str] = []
        options = request.body.get("stream_options")
        self._include_usage = isinstance(options, Mapping) and bool(options.get("include_usage"))

    def opening(self) -> bytes:
        return self._chunk({"role": "assistant", "content": "", "refusal": None})

    def delta(self, text: str) -> bytes:
        self._chunks.append(text)
        return self._chunk({"content": text})

    def closing(self) -> bytes:
        usage = _sse_data(self._chunk_object([], self._usage())) if self._include_usage else b""
        return self._chunk({}, finish_reason="stop") + usage + b"data: [DONE]\n\n"

    def failure(self) -> bytes:
        return _sse_data(error_body(500, _FAILURE))

    def whole(self, chunks: Sequence[str]) -> dict[str, Any]:
        self._chunks = list(chunks)
        message = {"role": "assistant", "content": "".join(chunks), "refusal": None}
        choice = {"index": 0, "message": message, "logprobs": None, "finish_reason": "stop"}
        return {**self._head, "object": "chat.completion", "choices": [choice], "usage": self._usage()}

    def _chunk(self, delta: dict[str, Any], finish_reason: str | None = None) -> bytes:
        choice = {"index": 0, "delta": delta, "logprobs": None, "finish_reason": finish_reason}
        return _sse_data(self._chunk_object([choice], None))

    def _chunk_object(self, choices: list[dict[str, Any]], usage: dict[str, Any] | None) -> dict[str, Any]:
        chunk = {**self._head, "object": "chat.completion.chunk", "choices": choices}
        return {**chunk, "usage": usage} if self._include_usage else chunk

    def _usage(self) -> dict[str, Any]:
        sent, said = _tokens(self._request, self._chunks)
        return {
            "prompt_tokens": sent,
            "completion_tokens": said,
            "total_tokens": sent + said,
            "prompt_tokens_details": {"cached_tokens": 0},
            "completion_tokens_details": {"reasoning_tokens": 0},
        }


# The format of the answers at each path.
FORMATS: dict[str, Callable[[RecordedRequest], AnswerFormat]] = {
    "/v1/responses": _Responses,
    "/v1/chat/completions": _ChatCompletions,
}


def error_body(status: int, message: str) -> dict[str, Any]:
    """The JSON body of an HTTP error."""
    default = ("server_error", None) if status >= HTTPStatus.INTERNAL_SERVER_ERROR else ("invalid_request_error", None)
    kind, code = _ERROR_KINDS.get(status, default)
    return {"error": {"message": message, "type": kind, "param": None, "code": code}}


def model_list() -> dict[str, Any]:
    """The JSON body of `GET /v1/models`."""
    return {"object": "list", "data": [{"id": MODEL, "object": "model", "created": 0, "owned_by": "vizro-ws-chat"}]}


def _output_text(text: str) -> dict[str, Any]:
    return {"type": "output_text", "text": text, "annotations": [], "logprobs": []}


def _sse_data(value: object) -> bytes:
    return f"data: {json.dumps(value, ensure_ascii=False)}\n\n".encode()


def _tokens(request: RecordedRequest, chunks: list[str]) -> tuple[int, int]:
    """Tokens in and out. A word counts as one, and so does a chunk, so that rates can be computed from them."""
    return sum(len(message["content"].split()) for message in request.messages), len(chunks)
