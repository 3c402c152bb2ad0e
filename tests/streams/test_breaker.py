"""Stop, against real clients that wait for a real server. What is counted: requests, connections, threads, files."""

from __future__ import annotations

import gc
import http.client
import socket
import ssl
import threading
import urllib.request
from collections import Counter
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import contextmanager, nullcontext
from functools import partial
from pathlib import Path
from typing import Any

import openai
import pytest
import requests

from tests.streams.making import check_is_complete, frames_of, make_run, text_of
from tests.streams.upstream_server import Upstream, answer, fall_silent, flow, make_certificate, never_begin
from tests.waiting import wait_until
from vizro_ws_chat.exceptions import RunCancelled
from vizro_ws_chat.protocol.run_state import RunStatus
from vizro_ws_chat.streams.breaker import ThreadBreaker, breaker_for_current_thread
from vizro_ws_chat.streams.cancel import RunContext
from vizro_ws_chat.streams.event_loop import EventLoopThread
from vizro_ws_chat.streams.log import MemoryLog
from vizro_ws_chat.streams.run import Run
from vizro_ws_chat.streams.runner import Producer, start_runner
from vizro_ws_chat.streams.scheduler import Scheduler

Generate = Callable[[openai.OpenAI, RunContext], Iterator[str]]
EVENT_LOOP = EventLoopThread()
ASK: dict[str, Any] = {"model": "m", "input": "Hello"}


def deltas(response: Any) -> Iterator[str]:
    for event in response:
        if event.type == "response.output_text.delta":
            yield event.delta


# ---- ways to write generate_response ----


def as_in_the_guide(client: openai.OpenAI, _: RunContext) -> Iterator[str]:
    response = client.responses.create(**ASK, stream=True)
    for event in response:
        if event.type == "response.output_text.delta":
            yield event.delta


def without_a_variable(client: openai.OpenAI, _: RunContext) -> Iterator[str]:
    for event in client.responses.create(**ASK, stream=True):
        if event.type == "response.output_text.delta":
            yield event.delta


def with_statement(client: openai.OpenAI, _: RunContext) -> Iterator[str]:
    with client.responses.create(**ASK, stream=True) as response:
        yield from deltas(response)


def stream_helper(client: openai.OpenAI, _: RunContext) -> Iterator[str]:
    with client.responses.stream(**ASK) as response:
        for event in response:
            if event.type == "response.output_text.delta":
                yield event.delta


def delegated(client: openai.OpenAI, context: RunContext) -> Iterator[str]:
    yield from as_in_the_guide(client, context)


def wrapped(client: openai.OpenAI, context: RunContext) -> Iterator[str]:
    for chunk in as_in_the_guide(client, context):
        yield chunk.upper()


def catches_exceptions_and_asks_again(client: openai.OpenAI, _: RunContext) -> Iterator[str]:
    for _attempt in range(5):
        try:
            response = client.responses.create(**ASK, stream=True)
            for event in response:
                if event.type == "response.output_text.delta":
                    yield event.delta
        except Exception as error:  # noqa: BLE001 - as authors do
            yield f"caught {error}"


def tracked(client: openai.OpenAI, context: RunContext) -> Iterator[str]:
    holder = {"response": context.track(client.responses.create(**ASK, stream=True))}
    yield from deltas(holder["response"])


def no_generator_but_an_iterator(client: openai.OpenAI, context: RunContext) -> Iterator[str]:
    return map(str.upper, as_in_the_guide(client, context))


WAYS = [
    as_in_the_guide,
    without_a_variable,
    with_statement,
    stream_helper,
    delegated,
    wrapped,
    catches_exceptions_and_asks_again,
    tracked,
    no_generator_but_an_iterator,
]


# ---- driving ----


def begin(produce: Callable[[RunContext], Any], *, is_async: bool = False) -> Run:
    scheduler = Scheduler()
    run = make_run(scheduler, log=MemoryLog("r" * 16, 10_000_000), max_chars=10**9)
    start_runner(run, Producer(produce, is_async=is_async, environment=nullcontext), scheduler, EVENT_LOOP)
    return run


def stop(run: Run) -> None:
    assert run.stop()
    run.token.cancel()


def has_text(run: Run) -> bool:
    return "text-delta" in [frame.type for frame in frames_of(run)[:3]]


def is_closed(run: Run) -> bool:
    return run.log.is_closed


def resources() -> tuple[int, list[str]]:
    names = (thread.name for thread in threading.enumerate())
    # asyncio looks up addresses on threads that it keeps.
    return len(list(Path("/proc/self/fd").iterdir())), sorted(name for name in names if not name.startswith("asyncio_"))


@pytest.fixture(scope="module", autouse=True)
def _no_garbage_collection() -> Iterator[None]:
    """Let nothing be closed by chance: it could only be the garbage of something that was forgotten."""
    gc.collect()
    gc.disable()
    yield
    gc.enable()


@contextmanager
def nothing_left_behind() -> Iterator[None]:
    """Check that no file, connection or thread more than before is there after the block."""
    before = resources()
    yield

    def is_no_more() -> bool:
        (descriptors, threads), (most, known) = resources(), before
        return descriptors <= most and not set(threads) - set(known)  # what others left may end meanwhile

    wait_until(is_no_more, f"{before} instead of {resources()}")


def without_certificates() -> openai.DefaultHttpxClient:
    """Return what clients use inside, without the authorities of the web, which take a while to load."""
    return openai.DefaultHttpxClient(verify=False)


@pytest.fixture(scope="module")
def clients() -> Iterator[Callable[[Upstream], openai.OpenAI]]:
    """Make clients as users have them: with retries, and with connections that are kept."""
    made: list[openai.OpenAI] = []

    def make(upstream: Upstream) -> openai.OpenAI:
        client = openai.OpenAI(api_key="key", base_url=upstream.url, http_client=without_certificates())
        made.append(client)
        return client

    yield make
    for client in made:
        client.close()


Clients = Callable[[Upstream], openai.OpenAI]


@pytest.mark.parametrize("way", WAYS)
class TestStop:
    def check(self, way: Generate, client: openai.OpenAI, upstream: Upstream, wait: Callable[[Run], Any]) -> None:
        before = upstream.requests
        with nothing_left_behind():
            run = begin(lambda context: way(client, context))
            wait(run)
            stop(run)
            assert check_is_complete(run).status is RunStatus.STOPPED
            wait_until(lambda: upstream.open == 0, "the end of the connection")
        assert upstream.requests == before + 1
        assert "caught" not in text_of(frames_of(run))

    def test_while_tokens_flow(self, way: Generate, clients: Clients) -> None:
        with Upstream(flow) as upstream:
            self.check(way, clients(upstream), upstream, lambda run: wait_until(lambda: has_text(run)))

    def test_while_the_upstream_is_silent(self, way: Generate, clients: Clients) -> None:
        with Upstream(fall_silent) as upstream:
            self.check(way, clients(upstream), upstream, lambda run: wait_until(lambda: has_text(run)))

    def test_before_the_upstream_has_answered(self, way: Generate, clients: Clients) -> None:
        with Upstream(never_begin) as upstream:
            self.check(way, clients(upstream), upstream, lambda _: wait_until(lambda: upstream.requests == 1))

    @staticmethod
    def is_one_less(before: list[str], after: list[str]) -> bool:
        """Whether a thread has ended and none has come; what other tests have left may end meanwhile, too."""
        return not Counter(after) - Counter(before) and len(after) < len(before)

    @pytest.mark.parametrize("behaviour", [fall_silent, never_begin])
    def test_on_a_connection_that_was_used_before(
        self, way: Generate, behaviour: Callable[..., None], clients: Clients
    ) -> None:
        with Upstream(answer, behaviour) as upstream:
            client = clients(upstream)
            assert list(deltas(client.responses.create(**ASK, stream=True))) == ["token ", "token "]
            before = resources()
            run = begin(lambda context: way(client, context))
            wait_until(lambda: upstream.requests == 2)
            assert upstream.open == 1
            stop(run)
            wait_until(lambda: upstream.open == 0, "the end of the connection")
            # The connection that was kept is gone, on both sides, and the thread that served it.
            wait_until(lambda: resources()[0] <= before[0] - 2, "the end of the descriptors")
            wait_until(lambda: self.is_one_less(before[1], resources()[1]), "the end of the thread")
            assert upstream.requests == 2


@pytest.mark.parametrize("way", [as_in_the_guide, stream_helper])
@pytest.mark.parametrize("behaviour", [flow, fall_silent, never_begin])
def test_stop_over_tls(way: Generate, behaviour: Callable[..., None], tmp_path: Path) -> None:
    certificate = make_certificate(tmp_path)
    server_side = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    server_side.load_cert_chain(certificate)
    trusting = ssl.create_default_context(cafile=str(certificate))
    http_client = openai.DefaultHttpxClient(verify=trusting)
    with Upstream(behaviour, tls=server_side) as upstream:
        client = openai.OpenAI(api_key="key", base_url=upstream.url, http_client=http_client)
        with client, nothing_left_behind():
            run = begin(lambda context: way(client, context))
            wait_until(lambda: upstream.requests == 1 and (behaviour is never_begin or has_text(run)))
            stop(run)
            wait_until(lambda: upstream.open == 0, "the end of the connection")
        assert upstream.requests == 1


def test_a_run_beside_it_on_the_same_client_is_not_disturbed(clients: Clients) -> None:
    with Upstream(fall_silent, fall_silent, answer) as upstream:
        client = clients(upstream)
        stopped = begin(lambda context: as_in_the_guide(client, context))
        wait_until(lambda: has_text(stopped))
        other = begin(lambda context: as_in_the_guide(client, context))
        wait_until(lambda: has_text(other))
        stop(stopped)
        wait_until(lambda: upstream.open == 1, "the end of one connection")
        third = begin(lambda context: as_in_the_guide(client, context))
        wait_until(lambda: third.status is RunStatus.DONE)
        assert other.status is RunStatus.STREAMING
        assert upstream.requests == 3
        stop(other)
        wait_until(lambda: upstream.open <= 1)


def test_a_finished_response_does_not_break_the_run_that_has_its_connection_now(clients: Clients) -> None:
    """An agent asks twice and is stopped in its second question; the first one's connection serves another run."""
    has_read, go_on = threading.Event(), threading.Event()

    def agent(client: openai.OpenAI, context: RunContext) -> Iterator[str]:
        yield from deltas(context.track(client.responses.create(**ASK, stream=True)))
        has_read.set()
        go_on.wait(10)
        yield "end"

    with Upstream(answer, fall_silent) as upstream:
        client = clients(upstream)
        first = begin(lambda context: agent(client, context))
        assert has_read.wait(10)
        second = begin(lambda context: as_in_the_guide(client, context))
        wait_until(lambda: has_text(second))
        assert upstream.open == 1, "both use one connection"
        stop(first)
        go_on.set()
        wait_until(lambda: first.log.is_closed)
        assert upstream.open == 1
        assert second.status is RunStatus.STREAMING
        stop(second)
        wait_until(lambda: upstream.open == 0)


# ---- async ----


async def async_guide(client: openai.AsyncOpenAI, _: RunContext) -> AsyncIterator[str]:
    response = await client.responses.create(**ASK, stream=True)
    async for event in response:
        if event.type == "response.output_text.delta":
            yield event.delta


async def async_stream_helper(client: openai.AsyncOpenAI, _: RunContext) -> AsyncIterator[str]:
    async with client.responses.stream(**ASK) as response:
        async for event in response:
            if event.type == "response.output_text.delta":
                yield event.delta


async def async_catching(client: openai.AsyncOpenAI, _: RunContext) -> AsyncIterator[str]:
    for _attempt in range(3):
        try:
            async for event in await client.responses.create(**ASK, stream=True):
                if event.type == "response.output_text.delta":
                    yield event.delta
        except Exception as error:  # noqa: BLE001 - as authors do
            yield f"caught {error}"


@pytest.fixture(scope="module")
def _event_loop_runs() -> None:
    done = threading.Event()

    async def main() -> None:
        done.set()

    EVENT_LOOP.submit(main)
    assert done.wait(10)


@pytest.mark.usefixtures("_event_loop_runs")
@pytest.mark.parametrize("way", [async_guide, async_stream_helper, async_catching])
@pytest.mark.parametrize("behaviour", [flow, fall_silent, never_begin])
def test_stop_of_an_async_generator(way: Callable[..., Any], behaviour: Callable[..., None]) -> None:
    with Upstream(behaviour) as upstream:
        client = openai.AsyncOpenAI(api_key="key", base_url=upstream.url)
        with nothing_left_behind():
            run = begin(lambda context: way(client, context), is_async=True)
            wait_until(lambda: upstream.requests == 1 and (behaviour is never_begin or has_text(run)))
            stop(run)
            assert check_is_complete(run).status is RunStatus.STOPPED
            wait_until(lambda: upstream.open == 0, "the end of the connection")
        assert upstream.requests == 1


@pytest.mark.usefixtures("_event_loop_runs")
def test_an_async_client_can_be_kept_from_run_to_run() -> None:
    with Upstream(answer) as upstream:
        client = openai.AsyncOpenAI(api_key="key", base_url=upstream.url, max_retries=0)
        for _ in range(3):
            run = begin(lambda context: async_guide(client, context), is_async=True)
            wait_until(partial(is_closed, run))
            assert run.status is RunStatus.DONE
            assert text_of(frames_of(run)) == "token token "


# ---- other clients ----


def by_http_client(port: int) -> Iterator[str]:
    connection = http.client.HTTPConnection("127.0.0.1", port)
    connection.request("POST", "/v1", body=b"{}")
    for line in connection.getresponse():
        yield line.decode()


def by_urllib(port: int) -> Iterator[str]:
    with urllib.request.urlopen(f"http://127.0.0.1:{port}/v1", data=b"{}") as response:
        for line in response:
            yield line.decode()


def by_requests(port: int) -> Iterator[str]:
    response = requests.post(f"http://127.0.0.1:{port}/v1", data=b"{}", stream=True, timeout=100)
    for line in response.iter_lines():
        yield line.decode()


def by_a_session_that_is_kept(port: int) -> Iterator[str]:
    with requests.Session() as session:
        try:
            response = session.post(f"http://127.0.0.1:{port}/v1", data=b"{}", stream=True, timeout=100)
            for line in response.iter_lines():
                yield line.decode()
        except Exception as error:  # noqa: BLE001 - as authors do
            yield f"caught {error}"


def by_socket(port: int) -> Iterator[str]:
    with socket.create_connection(("127.0.0.1", port)) as sock, sock.makefile("rb") as reader:
        sock.sendall(b"POST /v1 HTTP/1.1\r\nContent-Length: 2\r\n\r\n{}")
        for line in reader:
            yield line.decode()


@pytest.mark.parametrize("way", [by_http_client, by_urllib, by_requests, by_a_session_that_is_kept, by_socket])
@pytest.mark.parametrize("behaviour", [flow, fall_silent, never_begin])
def test_stop_of_other_clients(way: Callable[[int], Iterator[str]], behaviour: Callable[..., None]) -> None:
    with Upstream(behaviour) as upstream, nothing_left_behind():
        run = begin(lambda _: way(upstream.port))
        wait_until(lambda: upstream.requests == 1 and (behaviour is never_begin or has_text(run)))
        stop(run)
        wait_until(lambda: upstream.open == 0, "the end of the connection")
        assert upstream.requests == 1
        assert "caught" not in text_of(frames_of(run))


# ---- what the author's code gets to see ----


def test_finally_and_with_run_in_the_thread_of_the_generator(clients: Clients) -> None:
    cleaned: list[tuple[str, str]] = []

    @contextmanager
    def noted(name: str) -> Iterator[None]:
        try:
            yield
        except BaseException as error:
            cleaned.append((type(error).__name__, name))
            raise
        finally:
            cleaned.append((name, threading.current_thread().name))

    def generate(client: openai.OpenAI) -> Iterator[str]:
        with noted("with"):
            try:
                yield from deltas(client.responses.create(**ASK, stream=True))
            finally:
                cleaned.append(("finally", threading.current_thread().name))

    with Upstream(fall_silent) as upstream:
        client = clients(upstream)
        with nothing_left_behind():
            run = begin(lambda _: generate(client))
            wait_until(lambda: has_text(run))
            wait_until(lambda: text_of(frames_of(run)) == "token token ")
            stop(run)
    name = f"vizro-ws-chat-run-{run.id[:8]}"
    assert ("finally", name) in cleaned
    assert ("with", name) in cleaned


def test_stop_when_the_run_has_just_ended_has_no_effect(clients: Clients) -> None:
    with Upstream(answer) as upstream:
        client = clients(upstream)
        run = begin(lambda context: as_in_the_guide(client, context))
        wait_until(lambda: run.status.is_terminal)
        before = frames_of(run)
        assert not run.stop()
        run.token.cancel()
        assert frames_of(run) == before
        assert check_is_complete(run).status is RunStatus.DONE
        again = begin(lambda context: as_in_the_guide(client, context))
        wait_until(lambda: again.status is RunStatus.DONE)
        assert upstream.requests == 2


def test_a_generator_that_does_not_read_from_a_network_ends_at_its_next_yield() -> None:
    waiting, go_on, after = threading.Event(), threading.Event(), []

    def generate() -> Iterator[str]:
        waiting.set()
        go_on.wait(10)
        yield "too late"
        after.append("never")

    with nothing_left_behind():
        run = begin(lambda _: generate())
        assert waiting.wait(10)
        stop(run)
        assert check_is_complete(run).status is RunStatus.STOPPED
        go_on.set()
    assert after == []
    assert text_of(frames_of(run)) == ""


class TestThreadBreaker:
    @pytest.fixture
    def pair(self) -> Iterator[tuple[socket.socket, socket.socket]]:
        ours, theirs = socket.socketpair()
        with ours, theirs:
            yield ours, theirs

    def test_outside_of_its_region_nothing_is_broken_off(self, pair: tuple[socket.socket, socket.socket]) -> None:
        ours, theirs = pair
        breakers: list[ThreadBreaker] = []
        reading, read = threading.Event(), []

        def main() -> None:
            breakers.append(ThreadBreaker())
            with breakers[0]:
                pass
            with ours.makefile("rb") as reader:
                reading.set()
                read.append(reader.read(1))

        thread = threading.Thread(target=main)
        thread.start()
        assert reading.wait(10)
        breakers[0].attempt()
        theirs.sendall(b"x")
        thread.join(10)
        assert read == [b"x"]

    def test_the_exception_never_leaves_the_region_late(self, pair: tuple[socket.socket, socket.socket]) -> None:
        """The attempt comes close to the end of the region: the exception is raised inside or not at all."""
        outcomes = set()
        for _ in range(200):
            ours, theirs = socket.socketpair()
            with ours, theirs:
                go = threading.Event()
                breakers: list[ThreadBreaker] = []
                done: list[str] = []

                def main(
                    ours: socket.socket = ours,
                    go: threading.Event = go,
                    breakers: list[ThreadBreaker] = breakers,
                    done: list[str] = done,
                ) -> None:
                    breaker = ThreadBreaker()
                    breakers.append(breaker)
                    try:
                        with breaker, ours.makefile("rb") as reader:
                            go.set()
                            reader.read(1)
                        inside = "read"
                    except RunCancelled:
                        inside = "raised"
                    for _ in range(100):  # an exception on its way would come here
                        ""
                    done.append(inside)

                thread = threading.Thread(target=main)
                thread.start()
                go.wait(10)
                theirs.sendall(b"x")
                breakers[0].attempt()
                thread.join(10)
                outcomes.add(done[0])
        assert outcomes <= {"read", "raised"}

    def test_it_is_what_threads_get(self) -> None:
        assert isinstance(breaker_for_current_thread(), ThreadBreaker)
