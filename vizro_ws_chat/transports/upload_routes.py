"""Files over HTTP: up, each in a request of its own before the message that it belongs to, and down to be looked at."""

from __future__ import annotations

import errno
import secrets
from urllib.parse import unquote

from flask import Response, request, send_file
from werkzeug.exceptions import RequestEntityTooLarge

from vizro_ws_chat.exceptions import RefusedError
from vizro_ws_chat.protocol.codes import ByeCode
from vizro_ws_chat.protocol.frames import FileRef, Uploaded
from vizro_ws_chat.redaction import redacted_logger
from vizro_ws_chat.threads.signing import Scope
from vizro_ws_chat.transports.admission import admit
from vizro_ws_chat.transports.capacity import Capacity
from vizro_ws_chat.transports.guarded_socket import find_socket
from vizro_ws_chat.transports.patience import Body, body_patience, refusing_unread
from vizro_ws_chat.transports.responses import frames_response, refusal_response, sentence_response
from vizro_ws_chat.transports.service import ChatService
from vizro_ws_chat.uploads.file_names import clean_name
from vizro_ws_chat.uploads.file_types import SAFE_IMAGE_TYPES, UNKNOWN_TYPE, accepts
from vizro_ws_chat.uploads.store import Offer

logger = redacted_logger(__name__)

NAME_HEADER = "X-Vizro-WS-Chat-File"
"""The file's name, percent-encoded UTF-8. Not in the URL, which servers write to their logs."""
TYPE_HEADER = "X-Vizro-WS-Chat-File-Type"
CONTENT_TYPE = UNKNOWN_TYPE
"""Of every upload, so that nothing takes it for a form or for JSON."""

_JSON, _PAGE = "application/json", "text/html"
_PIECE_BYTES = 65_536
_FULL = frozenset({errno.ENOSPC, errno.EDQUOT})
"""What the system says when there is no room, on the disk or for this user of the machine."""
_DOWNLOAD_HEADERS = {
    # A document among them, shown by whatever mistake, could do nothing.
    "Content-Security-Policy": "default-src 'none'; sandbox",
    "Cross-Origin-Resource-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
    "Cache-Control": "private, max-age=3600",
}


_UPLOAD_FRAMES = 10
"""As how many frames of its owner a file counts."""


class _UploadPlace:
    """An upload's place among the connections: it holds a thread, too."""

    idle_since = None

    def __init__(self, browser: str) -> None:
        self.browser = browser

    def make_room(self) -> bool:
        """Go on: it has something to do."""
        return False

    def ask_to_leave(self, reason: ByeCode) -> None:
        """Do nothing: it leaves when the file has come."""


class UploadRoutes:
    """Takes and gives back the files of one app's chats.

    Args:
        service: What the chats share.
        capacity: The places for what holds a thread.
    """

    def __init__(self, service: ChatService, capacity: Capacity) -> None:
        self._service = service
        self._capacity = capacity

    def upload(self) -> Response:
        """Take a file."""
        sock, size = find_socket(request.environ), request.content_length or 0
        with body_patience(sock, size, self._service.settings, self._service.scheduler):
            try:
                body = Body(request.stream)
            except RequestEntityTooLarge as error:
                raise RefusedError("file-too-large", "Flask's MAX_CONTENT_LENGTH") from error
            browser = self._service.cookie.browser_of(request.cookies)
            place = _UploadPlace(browser)
            with refusing_unread(sock):  # it would hold a thread that others wait for
                self._service.rates.spend(browser, _UPLOAD_FRAMES)
                self._capacity.enter(place)
            try:
                return frames_response([Uploaded(file=self._take(body))])
            except RefusedError:
                # A browser that is still sending would take the end of the connection for a failure of the network.
                while body.read(_PIECE_BYTES):
                    pass
                raise
            finally:
                self._capacity.leave(place)

    def _take(self, body: Body) -> FileRef:
        scope = self._scope()
        types = self._service.responders[scope.chat].file_types
        if types is None:
            raise RefusedError("no-uploads", f"the chat {scope.chat!r} takes no files")
        offer = Offer(
            name=clean_name(unquote(request.headers.get(NAME_HEADER, ""), errors="replace")),
            size=request.content_length or 0,
            claimed_type=request.headers.get(TYPE_HEADER, "").lower(),
        )
        try:
            return self._service.uploads.save(*scope, offer, body, lambda kind: accepts(types, offer.name, kind))
        except OSError as error:
            if error.errno in _FULL:
                logger.exception("A file could not be kept")
                raise RefusedError("uploads-full", "the disk is full") from error
            ref = secrets.token_hex(4)
            logger.exception("A file could not be kept (reference %s)", ref)
            raise RefusedError("internal", ref=ref) from error

    def download(self, upload_id: str) -> Response:
        """Give a file to its owner: an image to be looked at, anything else to be saved."""
        try:
            response = self._send(upload_id)
        except RefusedError as refusal:
            is_page = request.accept_mimetypes.best_match([_JSON, _PAGE]) == _PAGE
            return sentence_response(refusal) if is_page else refusal_response(refusal)
        response.headers.update(_DOWNLOAD_HEADERS)
        return response

    def _send(self, upload_id: str) -> Response:
        scope = self._scope()
        ref = self._service.uploads.find(*scope, upload_id)
        path = self._service.uploads.path(ref) if ref else None
        if ref is None or path is None:
            raise RefusedError("unknown-file", "it has expired, or is another owner's")
        is_image = ref.type in SAFE_IMAGE_TYPES
        mime_type = ref.type if is_image else UNKNOWN_TYPE
        try:
            return send_file(path, mime_type, as_attachment=not is_image, download_name=ref.name)
        except FileNotFoundError as error:
            raise RefusedError("unknown-file", "it has expired just now") from error

    def discard(self, upload_id: str) -> Response:
        """Delete a file of its owner that no message uses; it is no failure when there is none."""
        try:
            scope = self._scope()
        except RefusedError as refusal:
            return refusal_response(refusal)
        self._service.uploads.discard(*scope, upload_id)
        return Response(status=204)

    def _scope(self) -> Scope:
        """Return where the request's files belong."""
        chat = request.args.get("chat", "")
        responder = self._service.responders.get(chat)
        if responder is None:
            raise RefusedError("unknown-chat", f"no chat has the id {chat!r}")
        return Scope(chat, admit(responder, self._service.cookie.browser_of(request.cookies)))
