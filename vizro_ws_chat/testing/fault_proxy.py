"""A TCP proxy between browser and server that does what networks do: refuse, cut, stall, lose and slow down."""

from __future__ import annotations

import asyncio
import contextlib
import threading
from collections.abc import Callable, Coroutine
from types import TracebackType
from typing import Any, Literal, TypeAlias
from urllib.parse import urlsplit, urlunsplit

from vizro_ws_chat.testing.faults import Cut, Fault, Opening, Refuse
from vizro_ws_chat.testing.proxied import Link, ProxiedConnection, end, read_head, refuse, swallow

Plan: TypeAlias = "Callable[[Opening], Fault | None]"
"""Says what happens to a connection; `None` for nothing. Called on the proxy's thread, so it must not block."""

WebSocketFault: TypeAlias = "Fault | int | Literal['refuse'] | None"
"""A fault; in short `'refuse'` for `Refuse()`, and a number of bytes for `Cut` after so many to the browser."""

_BACKLOG = 1_024


class FaultProxy:
    """Passes bytes on between a browser and a server, until a test tells it otherwise.

    The server may be restarted behind it. A fault is for one connection, and chosen when its first request has come;
    `on_websocket` lists those of the WebSockets to come, a `plan` chooses for every connection. The methods act on all
    connections that are open.

    Example:
        ```python
        with FaultProxy(app.url) as proxy:
            proxy.on_websocket("refuse")
            page.goto(proxy.url)  # from here on the chat has to do without a WebSocket

            chance = random.Random(1)
            proxy.plan = lambda opening: Cut(chance.randrange(9_000)) if chance.random() < 0.5 else None
            chat.send("Hello")  # however often the line is cut, the answer comes

            proxy.black_hole()  # a tunnel: nobody is told
            proxy.link_up()
        ```

    Attributes:
        plan: Chooses the fault of each connection, but for the WebSockets that `on_websocket` speaks of.
    """

    def __init__(self, target: str, *, plan: Plan | None = None, record: bool = True) -> None:
        """Describe a proxy; the context manager starts it.

        Args:
            target: The server's URL.
            plan: Chooses the fault of each connection.
            record: Keep all that the server sends, for `sent` and `wait_held`.
        """
        self.plan = plan
        self._target = urlsplit(target)
        self._record = record
        self._changed = threading.Condition()
        self._websocket_faults: list[WebSocketFault] = []
        self._openings = 0
        self._handshakes = 0
        self._sent = bytearray()
        self._held_from = 0
        self._port: int | None = None
        self._thread: threading.Thread | None = None
        self._loop: asyncio.AbstractEventLoop | None = None
        # All that follows belongs to the loop.
        self._link: Link
        self._stop: asyncio.Event
        self._listener: asyncio.Server | None = None
        self._waiting: set[asyncio.StreamWriter] = set()
        self._open: set[ProxiedConnection] = set()
        self._tasks: set[asyncio.Task[Any]] = set()

    def __enter__(self) -> FaultProxy:
        self._thread = threading.Thread(target=lambda: asyncio.run(self._run()), name="fault-proxy", daemon=True)
        self._thread.start()
        with self._changed:
            self._changed.wait_for(lambda: self._port is not None)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._loop and self._thread:
            self._loop.call_soon_threadsafe(self._stop.set)
            self._thread.join()
            self._loop = self._thread = self._port = None

    # ---- what a test sees ----

    @property
    def url(self) -> str:
        """Where the proxy answers; the path is the server's."""
        if self._port is None:
            raise RuntimeError("The proxy is not running")
        return urlunsplit(self._target._replace(netloc=f"127.0.0.1:{self._port}"))

    @property
    def handshakes(self) -> int:
        """How many WebSockets were asked for, the refused ones included."""
        with self._changed:
            return self._handshakes

    @property
    def sent(self) -> bytes:
        """All that the server has sent so far, over all connections, as it was on the wire."""
        with self._changed:
            return bytes(self._sent)

    # ---- what a test says ----

    def on_websocket(self, *faults: WebSocketFault) -> None:
        """Say what happens to the WebSockets to come: the first, the second …; the last one also to all later.

        Raises:
            ValueError: When nothing is said.
        """
        if not faults:
            raise ValueError("on_websocket needs at least one fault, or None")
        with self._changed:
            self._websocket_faults = list(faults)

    def hold(self) -> None:
        """Hold back what the server sends from now on. What the browser sends still passes."""

        async def hold() -> None:
            self._link.released.clear()
            self._held_from = len(self._sent)

        self._do(hold())

    def wait_held(self, part: bytes, timeout: float) -> bool:
        """Wait until the server has sent `part` since `hold`; `False` after `timeout` seconds."""
        with self._changed:
            return self._changed.wait_for(lambda: self._sent.find(part, self._held_from) >= 0, timeout)

    def release(self) -> None:
        """Pass on what was held back, in its order, and all that follows."""

        async def release() -> None:
            self._link.released.set()
            for connection in self._open:
                connection.release()

        self._do(release())

    def end_stalls(self) -> None:
        """Let the connections go on that a `Stall` has stopped."""

        async def end_stalls() -> None:
            self._link.stalls_ended.set()
            self._link.stalls_ended = asyncio.Event()

        self._do(end_stalls())

    def cut(self, *, reset: bool = False) -> None:
        """End every connection that is open now, WebSockets and others, without a goodbye.

        Args:
            reset: With TCP resets instead of orderly ends.
        """

        async def cut() -> None:
            self._end_all(reset=reset)

        self._do(cut())

    def link_down(self) -> None:
        """Reset every connection and refuse new ones, until `link_up`."""

        async def link_down() -> None:
            if self._listener:
                self._listener.close()
                self._listener = None
            self._end_all(reset=True)

        self._do(link_down())

    def black_hole(self) -> None:
        """Lose everything in both directions, without telling anybody, until `link_up`.

        New connections are accepted and never answered. A connection that has lost something stays lost.
        """

        async def black_hole() -> None:
            self._link.is_lossy = True

        self._do(black_hole())

    def link_up(self) -> None:
        """Be a network again, after `link_down` and `black_hole`."""

        async def link_up() -> None:
            self._link.is_lossy = False
            if not self._listener:
                await self._listen()

        self._do(link_up())

    def _do(self, action: Coroutine[Any, Any, None]) -> None:
        if not self._loop:
            action.close()
            raise RuntimeError("The proxy is not running")
        asyncio.run_coroutine_threadsafe(action, self._loop).result()

    # ---- on the loop ----

    async def _run(self) -> None:
        self._stop = asyncio.Event()
        self._link = Link(self._note)
        await self._listen()
        await self._stop.wait()
        if self._listener:
            self._listener.close()
            self._listener = None
        self._link.released.set()
        self._end_all()
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    async def _listen(self) -> None:
        self._listener = await asyncio.start_server(self._serve, "127.0.0.1", self._port or 0, backlog=_BACKLOG)
        with self._changed:
            self._loop = asyncio.get_running_loop()
            self._port = self._listener.sockets[0].getsockname()[1]
            self._changed.notify_all()

    def _note(self, data: bytes) -> None:
        if self._record:
            with self._changed:
                self._sent += data
                self._changed.notify_all()

    def _end_all(self, *, reset: bool = False) -> None:
        for connection in self._open:
            connection.end(reset=reset)
        for writer in self._waiting:
            end(writer, reset=reset)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Serve one connection."""
        task = asyncio.current_task()
        assert task
        self._tasks.add(task)
        self._waiting.add(writer)
        try:
            # CancelledError: the proxy stops. The callers of this task would report it as an error.
            with contextlib.suppress(OSError, asyncio.CancelledError):
                await self._serve_first_request(reader, writer)
        finally:
            end(writer)
            self._waiting.discard(writer)
            self._tasks.discard(task)

    async def _serve_first_request(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        # So that `drain` waits until everything is out: a cut comes after the bytes before it.
        writer.transport.set_write_buffer_limits(high=0)
        head = await read_head(reader)
        if self._link.is_lossy:
            await swallow(reader)
            await asyncio.Event().wait()  # the end is lost as well
        fault = self._choose(head)
        if isinstance(fault, Refuse):
            await refuse(writer, fault.status)
            return
        server = await asyncio.open_connection(self._target.hostname, self._target.port)
        server[1].transport.set_write_buffer_limits(high=0)
        connection = ProxiedConnection(self._link, fault, (reader, writer), server)
        self._open.add(connection)
        try:
            await connection.carry(head)
        finally:
            self._open.discard(connection)

    def _choose(self, head: bytes) -> Fault | None:
        with self._changed:
            self._openings += 1
            opening = Opening(self._openings, head)
            self._handshakes += opening.is_websocket
            if not (opening.is_websocket and self._websocket_faults):
                return self.plan(opening) if self.plan else None
            faults = self._websocket_faults
            fault = faults.pop(0) if len(faults) > 1 else faults[0]
        if fault == "refuse":
            return Refuse()
        return Cut(fault) if isinstance(fault, int) else fault
