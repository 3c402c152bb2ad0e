"""What can happen to a connection: the vocabulary of `FaultProxy`. Each fault is said once, of one connection.

Positions count the bytes that went towards one side since the connection began, HTTP headers included. A fault strikes
when so many have been passed on; with 0, when the first is about to be.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal, TypeAlias

# How often a throttled direction passes something on.
_THROTTLE_STEP_SECONDS = 0.02

Side: TypeAlias = Literal["browser", "server"]


@dataclass(frozen=True)
class Refuse:
    """A proxy on the way answers with an HTTP error; the server is not asked.

    Attributes:
        status: The error.
    """

    status: int = 403


@dataclass(frozen=True)
class Cut:
    """The connection ends, in both directions.

    Attributes:
        after: Bytes that are passed on before.
        toward: The side whose bytes are counted.
        reset: With TCP resets instead of orderly ends.
    """

    after: int = 0
    toward: Side = "browser"
    reset: bool = False


@dataclass(frozen=True)
class HalfClose:
    """One direction ends, the other goes on. What is still sent in the ended direction is lost.

    Attributes:
        after: Bytes that are passed on before.
        toward: The side that hears nothing more.
    """

    after: int = 0
    toward: Side = "browser"


@dataclass(frozen=True)
class Stall:
    """Nothing passes in one direction for a time; what was sent meanwhile comes afterwards.

    Attributes:
        after: Bytes that are passed on before.
        toward: The side that hears nothing.
        seconds: For how long; `None` until `FaultProxy.end_stalls`.
    """

    after: int = 0
    toward: Side = "browser"
    seconds: float | None = None


@dataclass(frozen=True)
class BlackHole:
    """From a moment on everything is lost in both directions, the ends included: neither side hears of the other again.

    Attributes:
        after: Bytes that are passed on before.
        toward: The side whose bytes are counted.
    """

    after: int = 0
    toward: Side = "browser"


@dataclass(frozen=True)
class Throttle:
    """One direction is slow.

    Attributes:
        bytes_per_second: How much passes.
        toward: The side that hears slowly.
    """

    bytes_per_second: float
    toward: Side = "browser"

    def paced(self, data: bytes) -> Iterator[tuple[bytes, float]]:
        """Yield the pieces in which data passes, each with the seconds that it takes."""
        size = max(1, int(self.bytes_per_second * _THROTTLE_STEP_SECONDS))
        for start in range(0, len(data), size):
            piece = data[start : start + size]
            yield piece, len(piece) / self.bytes_per_second


Fault: TypeAlias = Refuse | Cut | HalfClose | Stall | BlackHole | Throttle


@dataclass(frozen=True)
class Opening:
    """What a plan can decide by: a connection, when its first request has come.

    Later requests on the same connection share its fault.

    Attributes:
        number: 1 for the first connection to the proxy, then 2, 3 …
        head: The request line and headers, as they are on the wire.
    """

    number: int
    head: bytes

    @property
    def is_websocket(self) -> bool:
        """Whether a WebSocket is asked for."""
        return b"\r\nupgrade: websocket\r\n" in self.head.lower()

    @property
    def path(self) -> str:
        """The path that is asked for, with its query."""
        return self.head.split(b" ", 2)[1].decode("latin-1") if self.head.count(b" ") > 1 else ""

    def header(self, name: str) -> str | None:
        """Return a header's value, `None` without it."""
        prefix = f"{name.lower()}:"
        for line in self.head.decode("latin-1").split("\r\n")[1:]:
            if line.lower().startswith(prefix):
                return line[len(prefix) :].strip()
        return None
