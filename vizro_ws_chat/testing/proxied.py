"""One connection through the proxy: two pipes, and the fault that strikes one of them."""

from __future__ import annotations

import asyncio
import contextlib
import socket
import struct
from collections.abc import Callable

from vizro_ws_chat.testing.faults import BlackHole, Cut, Fault, HalfClose, Refuse, Side, Stall, Throttle

_RECEIVE_BYTES = 65_536


class Link:
    """The state of the way between browser and server, which all connections share.

    All of it belongs to the proxy's event loop.

    Args:
        note: Called with what the server sends, as soon as it is there.
    """

    def __init__(self, note: Callable[[bytes], None]) -> None:
        self.note = note
        self.is_lossy = False
        self.released = asyncio.Event()
        self.released.set()
        self.stalls_ended = asyncio.Event()


class ProxiedConnection:
    """Carries bytes both ways until both ends have ended, or the fault does it.

    Args:
        link: What all connections share.
        fault: What happens to this one.
        browser: The browser's end.
        server: The server's end.
    """

    def __init__(
        self,
        link: Link,
        fault: Fault | None,
        browser: tuple[asyncio.StreamReader, asyncio.StreamWriter],
        server: tuple[asyncio.StreamReader, asyncio.StreamWriter],
    ) -> None:
        self.is_lost = False
        self._writers = (browser[1], server[1])
        self._carrier: asyncio.Task[object] | None = None
        self._down = _Pipe(self, link, fault, "browser", server[0], browser[1])
        self._up = _Pipe(self, link, fault, "server", browser[0], server[1])

    async def carry(self, head: bytes) -> None:
        """Carry, beginning with what the browser has sent already."""
        self._carrier = asyncio.current_task()
        try:
            async with asyncio.TaskGroup() as pipes:
                pipes.create_task(self._up.carry(head))
                pipes.create_task(self._down.carry())
        except* OSError:
            pass  # a write failed: its end has gone without an orderly end
        finally:
            for writer in self._writers:
                end(writer)

    def release(self) -> None:
        """Pass on what was held back."""
        self._down.release()

    def end(self, *, reset: bool = False) -> None:
        """End both directions at both ends, whatever they wait for."""
        for writer in self._writers:
            end(writer, reset=reset)
        if self._carrier:
            self._carrier.cancel()


class _Pipe:
    """One direction."""

    def __init__(
        self,
        connection: ProxiedConnection,
        link: Link,
        fault: Fault | None,
        toward: Side,
        source: asyncio.StreamReader,
        sink: asyncio.StreamWriter,
    ) -> None:
        self._connection = connection
        self._link = link
        self._toward = toward
        applies = fault is not None and not isinstance(fault, Refuse) and fault.toward == toward
        self._throttle = fault if applies and isinstance(fault, Throttle) else None
        self._fault = fault if applies and not isinstance(fault, Throttle | Refuse) else None
        self._source = source
        self._sink = sink
        self._pending = bytearray()
        self._passing = asyncio.Lock()
        self._release_task: asyncio.Task[None] | None = None
        self._passed = 0
        self._has_ended = False
        self._was_reset = False

    async def carry(self, head: bytes = b"") -> None:
        data = head or await self._read()
        while data:
            if self._toward == "browser":
                self._link.note(data)
            self._pending += data
            if not self._is_held:
                await self._flush()
            data = await self._read()
        if self._toward == "browser":
            await self._link.released.wait()
        await self._flush()
        if self._was_reset and not self._connection.is_lost:
            self._connection.end()
        self._pass_on_end()

    async def _read(self) -> bytes:
        try:
            return await self._source.read(_RECEIVE_BYTES)
        except OSError:  # the end of both directions, but what came before it is passed on
            self._was_reset = True
            return b""

    @property
    def _is_held(self) -> bool:
        return self._toward == "browser" and not self._link.released.is_set()

    def release(self) -> None:
        async def flush() -> None:
            with contextlib.suppress(OSError):  # this end has gone
                await self._flush()

        self._release_task = asyncio.create_task(flush())

    async def _flush(self) -> None:
        async with self._passing:
            data = bytes(self._pending)
            self._pending.clear()
            await self._pass(data)

    async def _pass(self, data: bytes) -> None:
        if self._link.is_lossy and data:
            # What TCP would send again is gone for good here: a stream with a hole in it is no stream.
            self._connection.is_lost = True
        if self._connection.is_lost or self._has_ended:
            return
        if self._fault is None or len(data) < self._fault.after - self._passed:
            await self._write(data)
            return
        here = self._fault.after - self._passed
        await self._write(data[:here])
        fault, self._fault = self._fault, None
        await self._strike(fault)
        if data[here:]:
            await self._pass(data[here:])

    async def _strike(self, fault: Cut | HalfClose | Stall | BlackHole) -> None:
        match fault:
            case Cut():
                self._has_ended = True
                self._connection.end(reset=fault.reset)
            case HalfClose():
                self._pass_on_end()
            case BlackHole():
                self._connection.is_lost = True
            case Stall():
                with contextlib.suppress(TimeoutError):
                    async with asyncio.timeout(fault.seconds):
                        await self._link.stalls_ended.wait()

    async def _write(self, data: bytes) -> None:
        for piece, seconds in self._throttle.paced(data) if self._throttle else [(data, 0.0)]:
            self._sink.write(piece)
            await self._sink.drain()
            self._passed += len(piece)
            if seconds:
                await asyncio.sleep(seconds)

    def _pass_on_end(self) -> None:
        if not (self._has_ended or self._connection.is_lost or self._sink.is_closing()):
            with contextlib.suppress(OSError):
                self._sink.write_eof()
        self._has_ended = True


def end(writer: asyncio.StreamWriter, *, reset: bool = False) -> None:
    """End a connection at once, whatever is still to be written to it."""
    if writer.is_closing():
        return
    sock = writer.get_extra_info("socket")
    with contextlib.suppress(OSError):
        if reset:  # a close that does not linger
            sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        else:  # a close alone resets when something is unread
            sock.shutdown(socket.SHUT_RDWR)
    writer.transport.abort()


async def read_head(reader: asyncio.StreamReader) -> bytes:
    """Return what a browser sends up to the end of its first request's headers, or its end."""
    head = b""
    while b"\r\n\r\n" not in head and (data := await reader.read(_RECEIVE_BYTES)):
        head += data
    return head


async def swallow(reader: asyncio.StreamReader) -> None:
    """Read to the end, for nothing."""
    while await reader.read(_RECEIVE_BYTES):
        pass


async def refuse(writer: asyncio.StreamWriter, status: int) -> None:
    """Answer with an HTTP error."""
    writer.write(f"HTTP/1.1 {status} Refused\r\nContent-Length: 0\r\nConnection: close\r\n\r\n".encode())
    await writer.drain()
