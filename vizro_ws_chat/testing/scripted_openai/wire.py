"""What the answers of both APIs have in common. No IO."""

from __future__ import annotations

import json
from collections.abc import Sequence
from http import HTTPStatus
from typing import Any

from vizro_ws_chat.testing.scripted_openai.pieces import Piece
from vizro_ws_chat.testing.scripted_openai.requests import RecordedRequest

MODEL = "scripted-demo"
FAILURE = "The scripted model failed, as its scenario asks."
# Status to (type, code), as OpenAI pairs them.
_ERROR_KINDS = {
    401: ("invalid_request_error", "invalid_api_key"),
    404: ("invalid_request_error", "not_found"),
    429: ("requests", "rate_limit_exceeded"),
}


def error_body(status: int, message: str) -> dict[str, Any]:
    """The JSON body of an HTTP error."""
    default = ("server_error", None) if status >= HTTPStatus.INTERNAL_SERVER_ERROR else ("invalid_request_error", None)
    kind, code = _ERROR_KINDS.get(status, default)
    return {"error": {"message": message, "type": kind, "param": None, "code": code}}


def sse_data(value: object) -> bytes:
    """A Server-Sent Event with JSON."""
    return f"data: {json.dumps(value, ensure_ascii=False)}\n\n".encode()


def count_tokens(request: RecordedRequest, pieces: Sequence[Piece]) -> tuple[int, int]:
    """Tokens in and out. A word counts as one, and so does a piece, so that rates can be computed from them."""
    return sum(len(message["content"].split()) for message in request.messages), len(pieces)
