"""The server: its socket, its threads, its scenarios and what it has recorded."""

from __future__ import annotations

import contextlib
import selectors
import socket
import threading
from collections.abc import Callable
from types import TracebackType

from vizro_ws_chat.testing.scripted_openai.connection import Connection
from vizro_ws_chat.testing.scripted_openai.demo import DEMO
from vizro_ws_chat.testing.scripted_openai.requests import RecordedRequest
from vizro_ws_chat.testing.scripted_openai.scenario import Scenario

# A thread that has lost its socket ends at once; only a scenario's callable that blocks can hold it longer.
_JOIN_SECONDS = 10.0


class ScriptedOpenAI:
    """An OpenAI-compatible server on the loopback interface, for tests, demos and benchmarks.

    It is used through the real `openai` package, so nothing has to be patched::

        @pytest.fixture
        def openai_server():
            with ScriptedOpenAI() as server:
                yield server


        def test_stop(openai_server):
            openai_server.on("slow", Scenario(itertools.repeat("word "), delay_seconds=0.02))
            client = OpenAI(base_url=openai_server.base_url, api_key=openai_server.api_key)
            stream = client.responses.create(model="any", input="slow, please", stream=True)
            next(stream)
            stream.close()
            assert openai_server.requests[0].wait_disconnected(timeout=5)

    The Responses and the Chat Completions API are served, streamed and not, and the list of models. A message that
    no scenario was registered for gets a demo answer in Markdown.
    """

    def __init__(self, port: int = 0, *, default: Scenario = DEMO) -> None:
        """Describe a server; `start` or the context manager starts it.

        Args:
            port: The port to listen at; 0 for any that is free.
            default: The answer to messages that no other scenario is registered for.
        """
        self.api_key = "sk-scripted"
        self._port = port
        self._changed = threading.Condition()
        self._scenarios: dict[str, list[Scenario]] = {"": [default]}
        self._requests: list[RecordedRequest] = []
        self._connections: dict[socket.socket, threading.Thread] = {}
        self._listener: socket.socket | None = None
        self._acceptor: threading.Thread | None = None
        self._closer: socket.socket | None = None
        self.closing = False

    def __enter__(self) -> ScriptedOpenAI:
        self.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    @property
    def port(self) -> int:
        """The port that the server listens at, once it is started."""
        return self._port

    @property
    def base_url(self) -> str:
        """What the SDK calls `base_url`."""
        return f"http://127.0.0.1:{self._port}/v1"

    @property
    def requests(self) -> list[RecordedRequest]:
        """Every request for an answer so far, oldest first."""
        with self._changed:
            return list(self._requests)

    @property
    def open_connections(self) -> int:
        """How many connections are open, those kept alive without a request included."""
        with self._changed:
            return len(self._connections)

    def on(self, prefix: str, *scenarios: Scenario) -> None:
        """Say how messages are answered whose text begins with `prefix`.

        The longest prefix that fits is used, without regard to case and to white space around the message. The
        text is that of the last user message.

        Args:
            prefix: The beginning of the text; empty for the default.
            scenarios: The answers to the first, second … such request; the last one also to all later ones.

        Raises:
            ValueError: When there is no scenario.
        """
        if not scenarios:
            raise ValueError(f"There is no scenario for {prefix!r}")
        with self._changed:
            self._scenarios[prefix.casefold()] = list(scenarios)

    def wait_for_requests(self, count: int, timeout: float) -> bool:
        """Wait until `count` requests have come in since the start; `False` after `timeout` seconds."""
        return self._wait(lambda: len(self._requests) >= count, timeout)

    def wait_for_open_connections(self, count: int, timeout: float) -> bool:
        """Wait until exactly `count` connections are open; `False` after `timeout` seconds."""
        return self._wait(lambda: len(self._connections) == count, timeout)

    def start(self) -> None:
        """Listen, and answer in threads of its own."""
        if self._listener:
            raise RuntimeError("The server is running already")
        self.closing = False
        self._listener = socket.create_server(("127.0.0.1", self._port), backlog=1024)
        self._port = self._listener.getsockname()[1]
        closed, self._closer = socket.socketpair()
        self._acceptor = threading.Thread(
            target=self._accept, args=(self._listener, closed), name="scripted-openai-accept", daemon=True
        )
        self._acceptor.start()

    def close(self) -> None:
        """End every connection and thread. Safe to call twice.

        Raises:
            RuntimeError: When a scenario's callable blocks and keeps its thread.
        """
        if not (self._listener and self._acceptor and self._closer):
            return
        self.closing = True
        self._closer.close()
        self._acceptor.join()
        self._listener.close()
        self._listener = None
        with self._changed:
            threads = list(self._connections.values())
            for client in self._connections:
                with contextlib.suppress(OSError):
                    client.shutdown(socket.SHUT_RDWR)
        for thread in threads:
            thread.join(_JOIN_SECONDS)
        if blocked := sum(thread.is_alive() for thread in threads):
            raise RuntimeError(f"{blocked} threads are blocked in a scenario's callable")

    def record(self, request: RecordedRequest) -> Scenario:
        """Take down a request and choose the scenario that answers it."""
        text = request.text.strip().casefold()
        with self._changed:
            self._requests.append(request)
            self._changed.notify_all()
            prefix = max((p for p in self._scenarios if text.startswith(p)), key=len)
            scenarios = self._scenarios[prefix]
            return scenarios.pop(0) if len(scenarios) > 1 else scenarios[0]

    def _accept(self, listener: socket.socket, closed: socket.socket) -> None:
        with closed, selectors.DefaultSelector() as selector:
            selector.register(listener, selectors.EVENT_READ)
            selector.register(closed, selectors.EVENT_READ)
            while True:
                if any(key.fileobj is closed for key, _ in selector.select()):
                    return
                client, address = listener.accept()
                thread = threading.Thread(
                    target=self._serve, args=(client, address), name="scripted-openai-connection", daemon=True
                )
                with self._changed:
                    self._connections[client] = thread
                    self._changed.notify_all()
                thread.start()

    def _serve(self, client: socket.socket, address: tuple[str, int]) -> None:
        try:
            with contextlib.suppress(ConnectionError):
                Connection(client, address, self)
        finally:
            # Forgotten before it is closed: a closed socket's number may already belong to somebody else.
            with self._changed:
                del self._connections[client]
                client.close()
                self._changed.notify_all()

    def _wait(self, reached: Callable[[], bool], timeout: float) -> bool:
        with self._changed:
            return self._changed.wait_for(reached, timeout)
