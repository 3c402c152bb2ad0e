"""One client's connection: waits that end when the client hangs up, answers written piece by piece."""

from __future__ import annotations

import json
import logging
import selectors
import socket
import struct
import time
from collections.abc import Iterator, Mapping
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from vizro_ws_chat.testing.scripted_openai.formats import FORMATS, AnswerFormat, model_list
from vizro_ws_chat.testing.scripted_openai.pieces import Piece
from vizro_ws_chat.testing.scripted_openai.requests import RecordedRequest
from vizro_ws_chat.testing.scripted_openai.scenario import Gate, Scenario
from vizro_ws_chat.testing.scripted_openai.wire import error_body

if TYPE_CHECKING:
    from vizro_ws_chat.testing.scripted_openai.server import ScriptedOpenAI

_logger = logging.getLogger(__name__)

# Where there is poll(2) a selector needs no file descriptor, and descriptors may be numbered above select's 1023.
_Selector: type[selectors.BaseSelector] = getattr(selectors, "PollSelector", selectors.SelectSelector)


class ClientGoneError(Exception):
    """The client has closed the connection while it was being answered."""


class DroppedError(Exception):
    """The scenario asks for the connection to be dropped here."""


class ModelFailedError(Exception):
    """The scenario asks for the model to fail here."""


class Connection(BaseHTTPRequestHandler):
    """Serves one connection until either side closes it."""

    protocol_version = "HTTP/1.1"
    server_version = "ScriptedOpenAI"
    disable_nagle_algorithm = True

    def __init__(self, client: socket.socket, address: tuple[str, int], scripted: ScriptedOpenAI) -> None:
        self._scripted = scripted
        self._client = client
        super().__init__(client, address, scripted)  # type: ignore[arg-type]  # only handed on to self.server

    def do_GET(self) -> None:
        """List the models."""
        if urlsplit(self.path).path == "/v1/models":
            self._send_json(200, model_list())
        else:
            self._send_json(404, error_body(404, f"Unknown path {self.path}"))

    def do_POST(self) -> None:
        """Answer as the scenario for this request says."""
        content = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        path = urlsplit(self.path).path
        if path not in FORMATS:
            self._send_json(404, error_body(404, f"Unknown path {self.path}"))
            return
        try:
            body = json.loads(content)
        except ValueError:
            body = None
        if not isinstance(body, dict):
            self._send_json(400, error_body(400, "The body is not a JSON object"))
            return
        request = RecordedRequest(path, {name.lower(): value for name, value in self.headers.items()}, body)
        scenario = self._scripted.record(request)
        try:
            self._answer(request, scenario)
        except (ClientGoneError, ConnectionError, TimeoutError):
            request.note_end("server-closed" if self._scripted.closing else "disconnected")
            self.close_connection = True
        except DroppedError:
            self._drop(reset=scenario.drop_by == "reset")
            request.note_end("dropped")
        except Exception:
            _logger.exception("The scenario that answers %r failed", request.text)
            request.note_end("failed")
            self.close_connection = True
        else:
            request.note_end("completed")

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - the name in the base class
        """Keep silent: what happened is in the server's `requests`."""

    def _answer(self, request: RecordedRequest, scenario: Scenario) -> None:
        if scenario.before_headers:
            self._wait_gate(scenario.before_headers)
        if scenario.status >= HTTPStatus.BAD_REQUEST:
            error = error_body(scenario.status, f"Scripted error {scenario.status}")
            self._send_json(scenario.status, error, scenario.headers, request)
        elif request.stream:
            self._stream(request, scenario, FORMATS[request.path](request))
        else:
            self._send_whole(request, scenario, FORMATS[request.path](request))

    def _send_whole(self, request: RecordedRequest, scenario: Scenario, answer: AnswerFormat) -> None:
        chunks = []
        try:
            for chunk in self._play(request, scenario):
                chunks.append(chunk)
                request.note_chunk()
        except ModelFailedError:
            self._send_json(500, error_body(500, "Scripted failure of the model"), scenario.headers, request)
        else:
            self._send_json(scenario.status, answer.whole(chunks), scenario.headers, request)

    def _stream(self, request: RecordedRequest, scenario: Scenario, answer: AnswerFormat) -> None:
        self.send_response(scenario.status)
        self.send_header("Content-Type", "text/event-stream; charset=utf-8")
        self.send_header("Cache-Control", "no-cache")
        if scenario.close_delimited:
            self.send_header("Connection", "close")
        else:
            self.send_header("Transfer-Encoding", "chunked")
        self._send_headers(scenario.headers)
        request.note_first_byte()
        write = self.wfile.write if scenario.close_delimited else self._write_http_chunk
        write(answer.opening())
        try:
            for chunk in self._play(request, scenario):
                write(answer.delta(chunk))
                request.note_chunk()
        except ModelFailedError:
            write(answer.failure())
        else:
            write(answer.closing())
        if not scenario.close_delimited:
            self.wfile.write(b"0\r\n\r\n")

    def _write_http_chunk(self, data: bytes) -> None:
        if data:  # an empty one would end the body
            self.wfile.write(b"%x\r\n%b\r\n" % (len(data), data))

    def _send_json(
        self,
        status: int,
        body: dict[str, Any],
        headers: Mapping[str, str] | None = None,
        request: RecordedRequest | None = None,
    ) -> None:
        content = json.dumps(body).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(content)))
        self._send_headers(headers or {})
        if request:
            request.note_first_byte()
        self.wfile.write(content)

    def _send_headers(self, headers: Mapping[str, str]) -> None:
        for name, value in headers.items():
            self.send_header(name, value)
        self.end_headers()

    def _play(self, request: RecordedRequest, scenario: Scenario) -> Iterator[Piece]:
        """Yield each chunk when it is due."""
        due = time.monotonic() + scenario.first_delay_seconds
        written = 0
        for chunk in scenario.chunks_for(request):
            self._pass(scenario, written)
            # Oversleeping is made up for, so that the rate is exact; a hold is not: a model goes on at its pace.
            due = max(due, time.monotonic() - scenario.delay_seconds)
            self._wait_until(due)
            due += scenario.delay_seconds
            yield chunk
            written += 1
        self._pass(scenario, written)

    def _pass(self, scenario: Scenario, written: int) -> None:
        """Do what the scenario asks for after `written` chunks."""
        if gate := scenario.hold_after.get(written):
            self._wait_gate(gate)
        if scenario.error_after == written:
            raise ModelFailedError
        if scenario.drop_after == written:
            raise DroppedError

    def _wait_until(self, due: float) -> None:
        """Wait for a time; a time that has passed only looks whether the client is still there."""
        with _Selector() as selector:
            selector.register(self._client, selectors.EVENT_READ)
            while True:
                if selector.select(max(0.0, due - time.monotonic())):
                    self._check_client(selector)
                if time.monotonic() >= due:
                    return

    def _wait_gate(self, gate: Gate) -> None:
        receiver, sender = socket.socketpair()
        with receiver, sender, _Selector() as selector:
            selector.register(self._client, selectors.EVENT_READ)
            selector.register(receiver, selectors.EVENT_READ)

            def wake() -> None:
                sender.send(b"\0")

            gate.enter(wake)
            try:
                while not gate.released:
                    if any(key.fileobj is self._client for key, _ in selector.select()):
                        self._check_client(selector)
            finally:
                gate.leave(wake)

    def _check_client(self, selector: selectors.BaseSelector) -> None:
        """Find out why the client's socket is readable."""
        if not self._client.recv(1, socket.MSG_PEEK):
            raise ClientGoneError
        # A pipelined request is readable for as long as this answer takes: with it, only writing finds a hang-up.
        selector.unregister(self._client)

    def _drop(self, *, reset: bool) -> None:
        self.close_connection = True
        if reset:
            # Lingering for 0 s makes the close, done by the server's thread, a reset.
            self._client.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        else:
            self._client.shutdown(socket.SHUT_RDWR)
