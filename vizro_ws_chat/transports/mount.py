"""The one place where routes are put on a Flask app."""

from __future__ import annotations

import logging
import os
from typing import Any

from flask import Blueprint, Flask, Response, g, request
from flask_sock import Sock
from simple_websocket import Server
from wsproto.utilities import RemoteProtocolError

from vizro_ws_chat.exceptions import ConfigurationError, ProtocolError, RefusedError
from vizro_ws_chat.protocol import sse
from vizro_ws_chat.protocol.codec import encode
from vizro_ws_chat.protocol.codes import REFUSALS
from vizro_ws_chat.protocol.frames import Frame
from vizro_ws_chat.settings import Settings
from vizro_ws_chat.streams.hub import RunHub
from vizro_ws_chat.streams.scheduler import Scheduler
from vizro_ws_chat.threads.archive import ThreadArchive
from vizro_ws_chat.threads.signing import Signer, default_key_file, load_key
from vizro_ws_chat.transports.capacity import Capacity
from vizro_ws_chat.transports.guarded_socket import (
    GuardedSocket,
    find_socket,
    replace_socket,
    send_small_packets_at_once,
)
from vizro_ws_chat.transports.origin import check_origin
from vizro_ws_chat.transports.service import ChatService
from vizro_ws_chat.transports.session import refused_frame
from vizro_ws_chat.transports.sse import SSEConnection, answer_commands
from vizro_ws_chat.transports.websocket import WebSocketConnection

logger = logging.getLogger(__name__)

PATH = "_vizro_ws_chat/"
CUSTOM_HEADER = "X-Vizro-WS-Chat"
"""A header that a form or an image of another site can't send without a CORS preflight, which is never granted."""

_EXTENSION = "vizro_ws_chat"
_UNREAD_FRAMES = 4
_CONFIG = "VIZRO_WS_CHAT"


def mount(app: Flask, prefix: str) -> ChatService:
    """Put the chat's routes on a Flask app, once; return what its chats share.

    Args:
        app: The Flask app below the dashboard.
        prefix: The path under which the dashboard is served, with a slash at both ends.

    Raises:
        ConfigurationError: When the app's configuration of the chat is not a `Settings`.
    """
    mounted = app.extensions.get(_EXTENSION)
    if mounted is not None:
        return mounted  # type: ignore[no-any-return]
    settings = app.config.get(_CONFIG) or Settings.from_environment(os.environ)
    if not isinstance(settings, Settings):
        raise ConfigurationError(f"The Flask configuration {_CONFIG!r} must be a vizro_ws_chat.settings.Settings.")
    scheduler = Scheduler()
    service = ChatService(
        settings=settings,
        scheduler=scheduler,
        hub=RunHub(settings, scheduler),
        archive=ThreadArchive(
            Signer(load_key(app.secret_key, default_key_file(os.environ))), settings.max_cached_chars
        ),
        environment=app.app_context,
    )
    app.extensions[_EXTENSION] = service
    app.register_blueprint(_blueprint(service), url_prefix=f"{prefix}{PATH}".rstrip("/"))
    return service


def _blueprint(service: ChatService) -> Blueprint:
    blueprint = Blueprint("vizro_ws_chat", __name__)
    settings = service.settings
    capacity = Capacity(settings)

    @blueprint.before_request
    def check() -> Response | None:
        try:
            check_origin(request.headers.get("Origin"), request.host, settings.allowed_origins)
            if request.method == "POST":
                _check_post(settings)
        except RefusedError as refusal:
            return _refusal_response(refusal)
        return None

    @blueprint.before_request
    def speed_up() -> None:
        send_small_packets_at_once(find_socket(request.environ))

    @blueprint.before_request
    def prepare_websocket() -> Response | None:
        if request.headers.get("Upgrade", "").lower() != "websocket":
            return None
        # Never negotiate compression: a small message could unpack to any size.
        request.environ.pop("HTTP_SEC_WEBSOCKET_EXTENSIONS", None)
        guarded = replace_socket(
            request.environ,
            lambda sock: GuardedSocket(
                sock,
                service.scheduler,
                deadline=settings.send_deadline_seconds,
                max_unread=_UNREAD_FRAMES * settings.max_frame_bytes,
            ),
        )
        if guarded is None:
            return _refusal_response(RefusedError("busy", "the server does not hand out its sockets"))
        connection = WebSocketConnection(service, guarded)
        try:
            capacity.enter_with_socket(connection)
        except RefusedError as refusal:
            guarded.discard()
            return _refusal_response(refusal)
        g.vizro_ws_chat_connection = connection
        return None

    @blueprint.teardown_request
    def leave(_: BaseException | None) -> None:
        connection = g.pop("vizro_ws_chat_connection", None)
        if connection is not None:
            capacity.leave(connection)
            connection.close()

    @blueprint.errorhandler(RemoteProtocolError)
    def no_handshake(error: RemoteProtocolError) -> Response:
        return _refusal_response(ProtocolError(f"no WebSocket handshake: {error}"))

    def websocket(ws: Server) -> None:
        g.vizro_ws_chat_connection.serve(ws)

    Sock().route("/ws", bp=blueprint)(websocket)

    @blueprint.post("/stream")
    def stream() -> Response:
        message = request.get_data()  # before a place is taken: this waits for the browser, and may fail
        connection = SSEConnection(service, find_socket(request.environ))
        try:
            capacity.enter(connection)
            connection.receive(message)
        except RefusedError as refusal:
            capacity.leave(connection)
            connection.close()
            return _refusal_response(refusal)
        headers = {"Cache-Control": "no-store", "X-Accel-Buffering": "no"}
        response = Response(connection.stream(), content_type=sse.CONTENT_TYPE, headers=headers)
        # Not in the generator: one that was never started runs no `finally`.
        response.call_on_close(connection.close)
        response.call_on_close(lambda: capacity.leave(connection))
        return response

    @blueprint.post("/command")
    def command() -> Response:
        try:
            return _frames_response(answer_commands(service, request.get_data()))
        except RefusedError as refusal:
            return _refusal_response(refusal)

    return blueprint


def _check_post(settings: Settings) -> None:
    if request.mimetype != "application/json" or request.headers.get(CUSTOM_HEADER) is None:
        raise RefusedError("forbidden", f"a POST needs JSON and the header {CUSTOM_HEADER}")
    limit = settings.max_frame_bytes + 4 * settings.max_history_chars
    if request.content_length is None or request.content_length > limit:
        raise RefusedError("too-large", f"a request of {request.content_length} bytes")


def _frames_response(frames: list[Frame], status: int = 200, headers: dict[str, Any] | None = None) -> Response:
    return Response(encode(frames), status, {"Cache-Control": "no-store", **(headers or {})}, "application/json")


def _refusal_response(refusal: RefusedError) -> Response:
    logger.info("Refused: %s", refusal)
    headers = {"Retry-After": str(-(-refusal.retry_ms // 1000))} if refusal.retry_ms else None
    return _frames_response([refused_frame(refusal)], REFUSALS[refusal.code].http_status, headers)
