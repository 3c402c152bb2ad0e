"""What the browser asks for: the WebSocket, the stream of Server-Sent Events, and single commands."""

from __future__ import annotations

import weakref
from collections.abc import Callable

from flask import Blueprint, Response, g, request
from flask_sock import Sock
from simple_websocket import Server
from werkzeug.exceptions import ClientDisconnected
from wsproto.utilities import RemoteProtocolError

from vizro_ws_chat.exceptions import ProtocolError, RefusedError
from vizro_ws_chat.protocol import sse
from vizro_ws_chat.protocol.codes import RefusalCode
from vizro_ws_chat.redaction import redacted_logger
from vizro_ws_chat.settings import Settings
from vizro_ws_chat.transports.capacity import Capacity
from vizro_ws_chat.transports.guarded_socket import GuardedSocket, find_socket, replace_socket
from vizro_ws_chat.transports.history_routes import MAX_BODY_BYTES, HistoryRoutes
from vizro_ws_chat.transports.origin import check_origin, check_site
from vizro_ws_chat.transports.patience import body_patience, refusing_unread
from vizro_ws_chat.transports.responses import REFUSAL, frames_response, refusal_response
from vizro_ws_chat.transports.service import ChatService
from vizro_ws_chat.transports.shutdown import Shutdown
from vizro_ws_chat.transports.sse import SSEConnection, answer_commands
from vizro_ws_chat.transports.tcp import send_small_packets_at_once
from vizro_ws_chat.transports.upload_routes import CONTENT_TYPE, UploadRoutes
from vizro_ws_chat.transports.websocket import WebSocketConnection

logger = redacted_logger(__name__)

CUSTOM_HEADER = "X-Vizro-WS-Chat"
"""A header that a form or an image of another site can't send without a CORS preflight, which is never granted."""

_UNREAD_FRAMES = 2
_HANDSHAKE_FRAMES = 10
"""As how many frames of its owner a handshake counts: it takes the server about as long."""
_WEBSOCKET = "vizro_ws_chat.websocket"
_UPLOAD = "vizro_ws_chat.upload"
_READABLE = frozenset({"vizro_ws_chat.download", "vizro_ws_chat.threads", "vizro_ws_chat.thread"})
"""What a page asks for without saying where it comes from: browsers send no `Origin` when they only read from it."""
_READING = frozenset({"GET", "HEAD"})
_HEALTH = "vizro_ws_chat.health"


class ChatRoutes:
    """The routes of one app's chats.

    Args:
        service: What the chats share.
    """

    def __init__(self, service: ChatService) -> None:
        self._service = service
        self._settings = service.settings
        self._capacity = Capacity(service.settings)
        self._files = UploadRoutes(service, self._capacity)
        self._history = HistoryRoutes(service)
        self._shutdown = Shutdown(
            service.scheduler,
            is_busy=lambda: self._capacity.taken > 0 or service.hub.alive > 0,
            begin=lambda: self._capacity.ask_all_to_leave("shutdown"),
            finish=service.hub.interrupt_all,
            share=service.settings.shutdown_share,
            # Read by way of other processes, where they can be.
            goes_on=lambda: service.runs is not service.hub and service.hub.alive > 0,
        )

    # ---- before and after ----

    def check(self) -> None:
        """Refuse what may not be asked.

        Raises:
            RefusedError: Why not.
        """
        if request.endpoint == _HEALTH:
            return
        origin, sock = request.headers.get("Origin"), find_socket(request.environ)
        with refusing_unread(sock):
            if request.method not in _READING or request.endpoint not in _READABLE:
                check_origin(origin, request.host, self._settings.allowed_origins)
            if origin not in self._settings.allowed_origins:
                check_site(request.headers.get("Sec-Fetch-Site"))
            if request.method == "POST":
                _check_post(self._settings)
            elif request.method == "PATCH":
                _check_body("application/json", MAX_BODY_BYTES)
            elif request.method == "DELETE":
                _check_custom_header()
        if sock is not None:
            send_small_packets_at_once(sock)

    def prepare_websocket(self) -> None:
        """Take a place for a WebSocket, and put a guarded socket under it.

        Raises:
            RefusedError: When there is none, or its owner opens them too fast.
        """
        if request.endpoint != _WEBSOCKET or request.headers.get("Upgrade", "").lower() != "websocket":
            return
        browser = self._service.cookie.browser_of(request.cookies)
        self._service.rates.spend(browser, _HANDSHAKE_FRAMES)
        # Never negotiate compression: a small message could unpack to any size.
        request.environ.pop("HTTP_SEC_WEBSOCKET_EXTENSIONS", None)
        guarded = replace_socket(
            request.environ,
            lambda sock: GuardedSocket(
                sock,
                self._service.scheduler,
                deadline=self._settings.send_deadline_seconds,
                max_unread=_UNREAD_FRAMES * self._settings.max_frame_bytes,
            ),
        )
        if guarded is None:
            raise RefusedError("busy", "the server does not hand out its sockets")
        connection = WebSocketConnection(self._service, browser, guarded)
        try:
            self._capacity.enter_with_socket(connection)
        except RefusedError:
            guarded.discard()
            raise
        g.vizro_ws_chat_connection = connection  # from here on `leave` gives the place back
        self._shutdown.watch(self._capacity.server)

    def leave(self) -> None:
        """Give a WebSocket's place back, and tell the observer of a refusal."""
        refusal = g.pop(REFUSAL, None)
        if refusal is not None:
            self._service.observer.refused(refusal.code)
        connection = g.pop("vizro_ws_chat_connection", None)
        if connection is not None:
            self._capacity.leave(connection)
            connection.close()

    # ---- routes ----

    @staticmethod
    def websocket(ws: Server) -> None:
        """Serve a WebSocket until it is closed."""
        g.vizro_ws_chat_connection.serve(ws)

    def stream(self) -> Response:
        """Answer with Server-Sent Events."""
        message = self._body()  # before a place is taken: this waits for the browser
        connection = SSEConnection(
            self._service, self._service.cookie.browser_of(request.cookies), find_socket(request.environ)
        )
        try:
            self._capacity.enter(connection)
            self._shutdown.watch(self._capacity.server)
            connection.receive(message)
        except BaseException:
            self._end_stream(connection)
            raise
        headers = {"Cache-Control": "no-store", "X-Accel-Buffering": "no"}
        body = connection.stream()
        response = Response(body, content_type=sse.CONTENT_TYPE, headers=headers)
        # Not in the generator: one that was never started runs no `finally`. And not only when the response is closed:
        # Werkzeug's server forgets to, when the browser resets the connection at the wrong moment.
        end = weakref.finalize(body, self._end_stream, connection)
        end.atexit = False
        response.call_on_close(end)
        return response

    def _end_stream(self, connection: SSEConnection) -> None:
        connection.close()
        self._capacity.leave(connection)

    def command(self) -> Response:
        """Answer with one message."""
        return frames_response(
            answer_commands(self._service, self._service.cookie.browser_of(request.cookies), self._body())
        )

    def _body(self) -> bytes:
        """Read the request's body, from a browser that may have gone.

        Raises:
            RefusedError: `busy`, when too many are on their way.
        """
        sock, size = find_socket(request.environ), request.content_length or 0
        patience = body_patience(sock, size, self._settings, self._service.scheduler)
        with refusing_unread(sock), self._capacity.reading(), patience:
            try:
                return request.get_data()
            except OSError as error:
                raise ClientDisconnected from error

    def health(self) -> Response:
        """Tell a load balancer whether this process can be sent more."""
        return self._service.health.response(is_stopping=self._capacity.server.is_stopping())

    def threads(self) -> Response:
        """Return conversations of the reader's."""
        return self._history.threads()

    def thread(self, thread_id: str) -> Response:
        """Return a conversation, give it another title, or delete it."""
        if request.method == "PATCH":
            return self._history.rename(thread_id, self._body())
        if request.method == "DELETE":
            return self._history.delete(thread_id)
        return self._history.thread(thread_id)

    def upload(self) -> Response:
        """Take a file that is to be attached to a message."""
        return self._files.upload()

    def download(self, upload_id: str) -> Response:
        """Give a file back."""
        return self._files.download(upload_id)

    def discard(self, upload_id: str) -> Response:
        """Delete a file that no message uses."""
        return self._files.discard(upload_id)


def make_blueprint(routes: Callable[[], ChatRoutes]) -> Blueprint:
    """Return the routes, to be registered on the app.

    Args:
        routes: Returns those of this process.
    """
    blueprint = Blueprint("vizro_ws_chat", __name__)
    blueprint.before_request(lambda: routes().check())
    blueprint.before_request(lambda: routes().prepare_websocket())
    blueprint.teardown_request(lambda _: routes().leave())
    blueprint.register_error_handler(RefusedError, refusal_response)
    blueprint.register_error_handler(RemoteProtocolError, _no_handshake)
    blueprint.register_error_handler(ConnectionError, _gone)
    Sock().route("/ws", bp=blueprint, endpoint="websocket")(ChatRoutes.websocket)
    blueprint.add_url_rule("/stream", "stream", lambda: routes().stream(), methods=["POST"])
    blueprint.add_url_rule("/command", "command", lambda: routes().command(), methods=["POST"])
    blueprint.add_url_rule("/health", "health", lambda: routes().health())
    blueprint.add_url_rule("/threads", "threads", lambda: routes().threads())
    blueprint.add_url_rule(
        "/threads/<thread_id>",
        "thread",
        lambda thread_id: routes().thread(thread_id),
        methods=["GET", "PATCH", "DELETE"],
    )
    blueprint.add_url_rule("/upload", "upload", lambda: routes().upload(), methods=["POST"])
    blueprint.add_url_rule("/upload/<upload_id>", "download", lambda upload_id: routes().download(upload_id))
    blueprint.add_url_rule(
        "/upload/<upload_id>", "discard", lambda upload_id: routes().discard(upload_id), methods=["DELETE"]
    )
    return blueprint


def _no_handshake(error: RemoteProtocolError) -> Response:
    return refusal_response(ProtocolError(f"no WebSocket handshake: {error}"))


def _gone(error: ConnectionError) -> Response:
    logger.debug("A browser has gone in mid request: %r", error)
    return Response(status=ClientDisconnected.code)


def _check_custom_header() -> None:
    if request.headers.get(CUSTOM_HEADER) is None:
        raise RefusedError("forbidden", f"this {request.method} needs the header {CUSTOM_HEADER}")


def _check_post(settings: Settings) -> None:
    if request.endpoint == _UPLOAD:
        _check_body(CONTENT_TYPE, settings.max_upload_bytes, "file-too-large")
    else:
        _check_body("application/json", settings.max_frame_bytes + 4 * settings.max_history_chars)


def _check_body(expected: str, limit: int, code: RefusalCode = "too-large") -> None:
    _check_custom_header()
    if request.mimetype != expected:
        raise RefusedError("forbidden", f"this {request.method} needs the type {expected}")
    if request.content_length is None or request.content_length > limit:
        raise RefusedError(code, f"a request of {request.content_length} bytes")
