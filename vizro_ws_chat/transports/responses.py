"""Answers by HTTP that are one message of frames."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from flask import Response, g, request

from vizro_ws_chat.exceptions import RefusedError
from vizro_ws_chat.log_fields import log_fields
from vizro_ws_chat.protocol.codec import encode
from vizro_ws_chat.protocol.codes import REFUSALS
from vizro_ws_chat.protocol.frames import Frame
from vizro_ws_chat.redaction import redacted_logger
from vizro_ws_chat.transports.session import refused_frame

logger = redacted_logger(__name__)

REFUSAL = "vizro_ws_chat_refusal"
"""Where Flask's `g` has what the request was answered with."""

_TRANSPORTS = {"vizro_ws_chat.websocket": "websocket", "vizro_ws_chat.stream": "sse", "vizro_ws_chat.command": "sse"}


def frames_response(frames: Sequence[Frame], status: int = 200, headers: Mapping[str, str] | None = None) -> Response:
    """Return an answer."""
    return Response(encode(frames), status, {"Cache-Control": "no-store", **(headers or {})}, "application/json")


def sentence_response(refusal: RefusedError) -> Response:
    """Return a refusal to somebody who has followed a link, and log it."""
    _note(refusal)
    headers = {"Cache-Control": "no-store", "X-Content-Type-Options": "nosniff"}
    return Response(refusal.text, REFUSALS[refusal.code].http_status, headers, mimetype="text/plain")


def refusal_response(refusal: RefusedError) -> Response:
    """Return a refusal, and log it."""
    _note(refusal)
    headers = {"Retry-After": str(-(-refusal.retry_ms // 1000))} if refusal.retry_ms else None
    return frames_response([refused_frame(refusal)], REFUSALS[refusal.code].http_status, headers)


def _note(refusal: RefusedError) -> None:
    setattr(g, REFUSAL, refusal)
    with log_fields({"transport": transport} if (transport := _TRANSPORTS.get(request.endpoint or "")) else {}):
        logger.info("Refused: %s", refusal)
