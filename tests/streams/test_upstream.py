from __future__ import annotations

import socket
import sys
import threading
import weakref
from collections.abc import AsyncIterator, Iterator
from typing import Any, NoReturn

import pytest

from tests.waiting import wait_until
from vizro_ws_chat.streams.upstream import async_generators_in, blocked_socket, shut_down, shut_down_stream, streams_in


class NetworkStream:
    """Has the shape of httpcore's."""

    def __init__(self, sock: socket.socket) -> None:
        self._held = sock

    def get_extra_info(self, name: str) -> object:
        return self._held if name == "socket" else None

    def read(self) -> bytes:
        held = self._held
        return held.recv(1)


class Response:
    """Has the shape of httpx's."""

    def __init__(self, sock: socket.socket | None = None, *, is_closed: bool = False) -> None:
        self.extensions = {"network_stream": NetworkStream(sock)} if sock else {}
        self.is_closed = is_closed

    def close(self) -> None:
        pass


class SdkStream:
    """Has the shape of an SDK's stream around a response."""

    def __init__(self, response: Response) -> None:
        self.response = response

    def __iter__(self) -> Iterator[str]:
        yield "a"
        yield "b"

    def close(self) -> None:
        pass


@pytest.fixture
def pair() -> Iterator[tuple[socket.socket, socket.socket]]:
    ours, theirs = socket.socketpair()
    theirs.settimeout(10)
    with ours, theirs:
        yield ours, theirs


Pair = tuple[socket.socket, socket.socket]


class TestBlockedSocket:
    @pytest.mark.parametrize("kind", ["network stream", "buffered reader"])
    def test_finds_what_a_thread_reads_from(self, pair: Pair, kind: str) -> None:
        ours, theirs = pair
        read: list[bytes] = []

        def main() -> None:
            if kind == "network stream":
                read.append(NetworkStream(ours).read())
            else:
                with ours.makefile("rb") as reader:
                    read.append(reader.read(1))

        thread = threading.Thread(target=main)
        thread.start()
        assert thread.ident is not None
        wait_until(lambda: blocked_socket(sys._current_frames().get(thread.ident or 0)) is ours)
        shut_down(ours)
        thread.join(10)
        assert read == [b""]
        assert theirs.recv(1) == b""

    def test_finds_nothing_where_nothing_is_read(self) -> None:
        assert blocked_socket(sys._getframe()) is None
        assert blocked_socket(None) is None

    def test_is_not_put_off_by_foreign_objects(self) -> None:
        class Alike:
            def get_extra_info(self, _: str) -> NoReturn:
                raise KeyError

            def look(self) -> socket.socket | None:
                return blocked_socket(sys._getframe())

        assert Alike().look() is None


class TestShutDown:
    def test_wakes_the_reader_and_leaves_the_file_open(self, pair: Pair) -> None:
        ours, theirs = pair
        shut_down(ours)
        shut_down(ours)
        assert ours.recv(1) == b""
        assert theirs.recv(1) == b""
        assert ours.fileno() != -1

    def test_of_a_closed_socket_has_no_effect(self, pair: Pair) -> None:
        ours, _ = pair
        ours.close()
        shut_down(ours)


class TestShutDownStream:
    @pytest.mark.parametrize("wrap", [lambda response: response, SdkStream], ids=["response", "sdk"])
    def test_breaks_off_the_connection_below(self, pair: Pair, wrap: Any) -> None:
        ours, theirs = pair
        shut_down_stream(wrap(Response(ours)))
        assert theirs.recv(1) == b""

    def test_leaves_the_connection_of_a_closed_response_alone(self, pair: Pair) -> None:
        ours, theirs = pair
        shut_down_stream(SdkStream(Response(ours, is_closed=True)))
        ours.sendall(b"x")
        assert theirs.recv(1) == b"x"

    @pytest.mark.parametrize("stream", [object(), None, Response(), 5, "text", Response])
    def test_what_it_does_not_know_it_leaves_alone(self, stream: object) -> None:
        shut_down_stream(stream)


def suspended(generator: Iterator[str]) -> Iterator[str]:
    next(generator)
    return generator


class TestStreamsIn:
    def test_in_a_variable(self) -> None:
        stream = SdkStream(Response())

        def generate(response: SdkStream) -> Iterator[str]:
            yield from response

        assert streams_in(suspended(generate(stream))) == [stream]

    def test_in_no_variable(self) -> None:
        made: list[SdkStream] = []

        def make() -> SdkStream:
            made.append(SdkStream(Response()))
            return made[0]

        def generate() -> Iterator[str]:
            for chunk in make():  # noqa: UP028 - on the stack, not delegated to
                yield chunk

        assert streams_in(suspended(generate())) == made

    def test_below_other_iterators(self) -> None:
        stream = SdkStream(Response())

        def inner() -> Iterator[str]:
            response = stream
            yield from response

        def outer() -> Iterator[str]:
            for chunk in map(str.upper, inner()):  # noqa: UP028 - on the stack, not delegated to
                yield chunk

        assert streams_in(suspended(outer())) == [stream]
        assert streams_in(map(str.upper, suspended(inner()))) == [stream]

    def test_in_an_async_generator(self) -> None:
        stream = SdkStream(Response())

        async def generate() -> AsyncIterator[str]:
            response = stream
            yield "a"
            response.close()

        generator = generate()
        with pytest.raises(StopIteration):
            generator.__anext__().__await__().send(None)
        assert streams_in(generator) == [stream]

    def test_not_in_one_that_has_ended_or_is_none(self) -> None:
        def generate() -> Iterator[str]:
            response = SdkStream(Response())
            yield from response

        generator = generate()
        assert list(generator) == ["a", "b"]
        assert streams_in(generator) == []
        assert streams_in(None) == []
        assert streams_in("text") == []

    def test_code_of_local_variables_is_not_run(self) -> None:
        class Hostile:
            def __getattribute__(self, name: str) -> NoReturn:
                raise RuntimeError(f"asked for {name}")

        class Gone:
            pass

        def generate() -> Iterator[str]:
            hostile, gone = Hostile(), weakref.proxy(Gone())  # the proxy's object is gone at once
            yield "a"
            del hostile, gone

        assert streams_in(suspended(generate())) == []

    def test_clients_classes_and_files_are_no_streams(self) -> None:
        class Client:
            def close(self) -> None:
                pass

        def generate() -> Iterator[str]:
            client, kind, sock = Client(), Response, socket.socket()
            with sock:
                yield "a"
            del client, kind

        generator = suspended(generate())
        assert streams_in(generator) == []
        list(generator)


class TestAsyncGeneratorsIn:
    def test_the_innermost_comes_first(self) -> None:
        held: list[Any] = []

        async def inner() -> AsyncIterator[str]:
            yield "a"

        async def middle() -> AsyncIterator[str]:
            held.append(inner())
            async for chunk in held[0]:
                yield chunk

        async def outer() -> AsyncIterator[str]:
            async for chunk in middle():
                yield chunk

        generator = outer()
        with pytest.raises(StopIteration):
            generator.__anext__().__await__().send(None)
        first, second = async_generators_in(generator)
        assert first is held[0]
        assert second.__name__ == "middle"
        assert async_generators_in(None) == []

    def test_code_of_local_variables_is_not_run(self) -> None:
        class Hostile:
            def __getattribute__(self, name: str) -> NoReturn:
                raise RuntimeError(f"asked for {name}")

        def generate() -> Iterator[str]:
            hostile = Hostile()
            yield "a"
            del hostile

        assert async_generators_in(suspended(generate())) == []
