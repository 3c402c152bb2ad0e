"""An answer in the format of `POST /v1/chat/completions`. No IO."""

from __future__ import annotations

import re
import time
import uuid
from collections.abc import Mapping, Sequence
from typing import Any

from vizro_ws_chat.testing.scripted_openai.pieces import CutOff, FunctionCall, Piece, Refusal, Thought
from vizro_ws_chat.testing.scripted_openai.requests import RecordedRequest
from vizro_ws_chat.testing.scripted_openai.wire import FAILURE, MODEL, count_tokens, error_body, sse_data


class ChatCompletionsFormat:
    """An `AnswerFormat` for the Chat Completions API."""

    def __init__(self, request: RecordedRequest) -> None:
        self._request = request
        self._head = {
            "id": f"chatcmpl-{uuid.uuid4().hex}",
            "created": int(time.time()),
            "model": request.body.get("model", MODEL),
        }
        self._pieces: list[Piece] = []
        options = request.body.get("stream_options")
        self._include_usage = isinstance(options, Mapping) and bool(options.get("include_usage"))

    def opening(self) -> bytes:  # noqa: D102 - see AnswerFormat
        return self._chunk({"role": "assistant", "content": "", "refusal": None})

    def delta(self, piece: Piece) -> bytes:  # noqa: D102
        self._pieces.append(piece)
        match piece:
            case str():
                return self._chunk({"content": piece})
            case Thought():
                return self._chunk({"reasoning_content": piece.text})
            case Refusal():
                return self._chunk({"refusal": piece.text})
            case FunctionCall():
                return self._call(piece)
            case _:
                return b""

    def closing(self) -> bytes:  # noqa: D102
        usage = sse_data(self._chunk_object([], self._usage())) if self._include_usage else b""
        return self._chunk({}, finish_reason=self._finish_reason()) + usage + b"data: [DONE]\n\n"

    def failure(self) -> bytes:  # noqa: D102
        return sse_data(error_body(500, FAILURE))

    def whole(self, pieces: Sequence[Piece]) -> dict[str, Any]:  # noqa: D102
        self._pieces = list(pieces)
        refusal = "".join(piece.text for piece in pieces if isinstance(piece, Refusal))
        calls = [_call_object(piece) for piece in pieces if isinstance(piece, FunctionCall)]
        message = {
            "role": "assistant",
            "content": "".join(piece for piece in pieces if isinstance(piece, str)),
            "refusal": refusal or None,
            **({"tool_calls": calls} if calls else {}),
        }
        choice = {"index": 0, "message": message, "logprobs": None, "finish_reason": self._finish_reason()}
        return {**self._head, "object": "chat.completion", "choices": [choice], "usage": self._usage()}

    def _call(self, call: FunctionCall) -> bytes:
        index = sum(isinstance(piece, FunctionCall) for piece in self._pieces) - 1
        begun = _call_object(call)
        begun["function"]["arguments"] = ""
        pieces = re.findall(r".{1,12}", call.json, re.DOTALL)
        return self._chunk({"tool_calls": [{"index": index, **begun}]}) + b"".join(
            self._chunk({"tool_calls": [{"index": index, "function": {"arguments": piece}}]}) for piece in pieces
        )

    def _finish_reason(self) -> str:
        for piece in self._pieces:
            if isinstance(piece, CutOff):
                return "length" if piece.reason == "max_output_tokens" else "content_filter"
        return "tool_calls" if any(isinstance(piece, FunctionCall) for piece in self._pieces) else "stop"

    def _chunk(self, delta: dict[str, Any], finish_reason: str | None = None) -> bytes:
        choice = {"index": 0, "delta": delta, "logprobs": None, "finish_reason": finish_reason}
        return sse_data(self._chunk_object([choice], None))

    def _chunk_object(self, choices: list[dict[str, Any]], usage: dict[str, Any] | None) -> dict[str, Any]:
        chunk = {**self._head, "object": "chat.completion.chunk", "choices": choices}
        return {**chunk, "usage": usage} if self._include_usage else chunk

    def _usage(self) -> dict[str, Any]:
        sent, said = count_tokens(self._request, self._pieces)
        thought = sum(isinstance(piece, Thought) for piece in self._pieces)
        return {
            "prompt_tokens": sent,
            "completion_tokens": said,
            "total_tokens": sent + said,
            "prompt_tokens_details": {"cached_tokens": 0},
            "completion_tokens_details": {"reasoning_tokens": thought},
        }


def _call_object(call: FunctionCall) -> dict[str, Any]:
    function = {"name": call.name, "arguments": call.json}
    return {"id": f"call_{uuid.uuid4().hex}", "type": "function", "function": function}
