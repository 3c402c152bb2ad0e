"""Finding the streams that a generator reads from, and the sockets below them.

Nothing is patched and no library is imported: objects are known by their shape (`httpx`, `httpcore`, `requests`,
`urllib3`, `http.client` and the SDKs built on them).
"""

from __future__ import annotations

import gc
import inspect
import socket
from collections.abc import Iterator
from types import AsyncGeneratorType, FrameType
from typing import Any

from vizro_ws_chat.redaction import redacted_logger

logger = redacted_logger(__name__)

_MISSING = object()


def blocked_socket(frame: FrameType | None) -> socket.socket | None:
    """Return the socket that a stack is reading from or writing to, looked for from the innermost frame outwards.

    Args:
        frame: The innermost frame of a thread that is waiting.
    """
    while frame is not None:
        owner = frame.f_locals.get("self", _MISSING)
        found = _socket_of(owner)
        if found is not None:
            return found
        frame = frame.f_back
    return None


def _socket_of(owner: object) -> socket.socket | None:
    if isinstance(owner, socket.socket):
        return owner
    if isinstance(owner, socket.SocketIO):  # http.client, urllib3 and requests read through one
        found = getattr(owner, "_sock", None)
        return found if isinstance(found, socket.socket) else None
    return _socket_of_network_stream(owner)


def _socket_of_network_stream(stream: object) -> socket.socket | None:
    """Ask a network stream of httpcore (version 1 or 2) for its socket."""
    if _static(stream, "get_extra_info") is _MISSING:
        return None
    try:
        found = stream.get_extra_info("socket")  # type: ignore[attr-defined]
    except Exception:  # noqa: BLE001 - a foreign object that only looks alike
        return None
    return found if isinstance(found, socket.socket) else None


def shut_down(sock: socket.socket) -> None:
    """Break off a socket under a reader: the reader wakes at once and closes it itself.

    Never `close()` from outside: the file descriptor may be reused while the reader is still on it. The method of the
    base class is called so that a TLS socket keeps its state for the reader.
    """
    try:
        socket.socket.shutdown(sock, socket.SHUT_RDWR)
    except OSError:  # not connected any more
        logger.debug("The socket to break off was closed already")


def shut_down_stream(stream: object) -> None:
    """Break off the connection below a response stream, if it has one that is known."""
    for response in (stream, _static(stream, "response"), _static(stream, "_response")):
        extensions = _static(response, "extensions")
        # The connection of a closed response may serve another by now.
        if isinstance(extensions, dict) and _static(response, "is_closed") is not True:
            sock = _socket_of_network_stream(extensions.get("network_stream"))
            if sock is not None:
                shut_down(sock)
                return


def streams_in(iterator: object) -> list[object]:
    """Return the response streams that a suspended generator holds, itself or in the iterators that it goes through.

    `for event in client.responses.create(stream=True)` has no variable for its stream: it is only on the generator's
    stack. What the garbage collector would visit shows that too.
    """
    return [value for value in _held_by(iterator) if _is_response_stream(value)]


def async_generators_in(iterator: object) -> list[AsyncGeneratorType[Any, Any]]:
    """Return the async generators that a suspended one goes through, those that are held by others first.

    Closing an async generator at its `yield` does not close one that it iterates: that would be left to the garbage
    collector, and end in another task, as `async with` blocks of some libraries can't.
    """
    found: list[Any] = [value for value in _held_by(iterator) if type(value) is AsyncGeneratorType]
    return found[::-1]


def _held_by(iterator: object) -> Iterator[object]:
    """Yield what an iterator holds, itself or in the iterators that it goes through."""
    seen: set[int] = set()
    pending = [iterator]
    while pending:
        for value in gc.get_referents(pending.pop()):
            if id(value) in seen:
                continue
            seen.add(id(value))
            yield value
            # In tuples, map and zip hold their iterators. What is below a response is not of interest.
            if not _is_response_stream(value) and (_is_iterator(value) or type(value) is tuple):
                pending.append(value)


def _is_iterator(value: object) -> bool:
    return hasattr(type(value), "__next__") or hasattr(type(value), "__anext__")


def _is_response_stream(value: object) -> bool:
    """Whether a value is an HTTP response, or an SDK's stream around one: closable, with a connection below."""
    if issubclass(type(value), type) or _static(value, "close") is _MISSING:
        return False
    return any(isinstance(_static(response, "extensions"), dict) for response in (value, _static(value, "response")))


def _static(value: object, name: str) -> object:
    """Read an attribute without running any code of the object, as a property or a proxy would."""
    return inspect.getattr_static(value, name, _MISSING)
