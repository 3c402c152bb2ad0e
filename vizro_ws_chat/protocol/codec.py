"""Messages of the wire: JSON arrays of frames, to and from text."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Annotated, TypeVar

from pydantic import FailFast, Field, TypeAdapter, ValidationError

from vizro_ws_chat.exceptions import ProtocolError
from vizro_ws_chat.protocol.frames import PROTOCOL_VERSION, ClientFrame, Frame, Hello, OutputFrame, ServerFrame

FrameT = TypeVar("FrameT", bound=Frame)


_MAX_STRUCTURE_BYTES = 65_536
"""What a message may have beside its strings, each of which counts as one: more than a thousand pieces of history.
A string takes the memory of its text; an empty list takes a hundred times its two characters, and the time of a
thousand, for which nothing else in the process runs."""

# It also takes the rest of a message that ends within a string, so that nothing is ever looked at twice.
_STRING = re.compile(rb'"[^"\\]*+(?:\\.[^"\\]*+)*+"?', re.DOTALL)

_CLIENT: TypeAdapter[list[ClientFrame]] = TypeAdapter(Annotated[list[ClientFrame], FailFast()])
_SERVER: TypeAdapter[list[ServerFrame]] = TypeAdapter(list[ServerFrame])
_OUTPUT: TypeAdapter[list[OutputFrame]] = TypeAdapter(list[Annotated[OutputFrame, Field(discriminator="type")]])


def encode(frames: Sequence[Frame]) -> str:
    """Write frames as one message of the wire."""
    return "[" + ",".join([frame.model_dump_json() for frame in frames]) + "]"


def decode_client(message: str | bytes) -> list[ClientFrame]:
    """Read a message from a browser.

    Raises:
        ProtocolError: If it is not one, with code `version` when only the version is not ours.
    """
    check_structure(message, _MAX_STRUCTURE_BYTES)
    with _as_protocol_error():
        frames = _CLIENT.validate_json(message)
    for frame in _not_empty(frames):
        if isinstance(frame, Hello) and frame.v != PROTOCOL_VERSION:
            raise ProtocolError(f"the browser speaks version {frame.v}, not {PROTOCOL_VERSION}", code="version")
    return frames


def decode_server(message: str | bytes) -> list[ServerFrame]:
    """Read a message from a server, for clients written in Python and for tests.

    Raises:
        ProtocolError: If it is not one.
    """
    with _as_protocol_error():
        frames = _SERVER.validate_json(message)
    return _not_empty(frames)


def decode_output(message: str | bytes) -> list[OutputFrame]:
    """Read frames of a run, as another process of the app has written them.

    Raises:
        ProtocolError: If they are none.
    """
    with _as_protocol_error():
        frames = _OUTPUT.validate_json(message)
    return _not_empty(frames)


def check_structure(message: str | bytes, most: int) -> None:
    """Refuse what would take far more time and memory to read than it is long.

    Args:
        message: JSON.
        most: Bytes that it may have beside its strings.

    Raises:
        ProtocolError: When it has more.
    """
    raw = message if isinstance(message, bytes) else message.encode(errors="surrogatepass")
    structure = end = 0
    for string in _STRING.finditer(raw):
        structure += string.start() - end + 1
        end = string.end()
        if structure > most:
            break
    if structure + len(raw) - end > most:
        raise ProtocolError("message: too much beside its strings")


@contextmanager
def _as_protocol_error() -> Iterator[None]:
    try:
        yield
    except ValidationError as error:
        first = error.errors(include_url=False, include_context=False, include_input=False)[0]
        where = ".".join(str(step) for step in first["loc"])
        raise ProtocolError(f"{where or 'message'}: {first['msg']}") from None


def _not_empty(frames: list[FrameT]) -> list[FrameT]:
    if not frames:
        raise ProtocolError("message: no frames")
    return frames
