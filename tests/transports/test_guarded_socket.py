from __future__ import annotations

import errno
import selectors
import socket
import threading
from collections.abc import Callable, Iterator
from typing import Any, Self

import pytest

from tests.manual_scheduler import ManualScheduler
from tests.waiting import DEADLINE_SECONDS, wait_until
from vizro_ws_chat.transports.guarded_socket import (
    GuardedSocket,
    find_socket,
    replace_socket,
)
from vizro_ws_chat.transports.send_deadline import SendDeadline

MEGABYTE = 1_000_000


class Background(threading.Thread):
    """A call on a thread of its own, with its result or exception."""

    def __init__(self, function: Callable[[], Any]) -> None:
        super().__init__(daemon=True)
        self._function = function
        self.result: Any = None
        self.error: BaseException | None = None
        self.start()

    def run(self) -> None:
        try:
            self.result = self._function()
        except OSError as error:
            self.error = error

    def wait(self) -> None:
        self.join(DEADLINE_SECONDS)
        assert not self.is_alive()


class OneHandle(socket.socket):
    """A socket of which there can't be a second handle, as those of TLS."""

    def dup(self) -> Self:
        raise NotImplementedError


class Pair:
    """A guarded socket, the server's handle of it, and the browser's end."""

    def __init__(
        self, scheduler: ManualScheduler, max_unread: int = MEGABYTE, kind: type[socket.socket] = socket.socket
    ) -> None:
        self.scheduler = scheduler
        servers, self.browser = socket.socketpair()
        self.servers = kind(fileno=servers.detach())
        self.browser.settimeout(DEADLINE_SECONDS)
        self.guarded = GuardedSocket(self.servers, scheduler, deadline=10, max_unread=max_unread, linger=2)

    def read(self, size: int) -> bytes:
        data = bytearray()
        while len(data) < size and (more := self.browser.recv(size - len(data))):
            data += more
        return bytes(data)


@pytest.fixture
def make_pair() -> Iterator[Callable[..., Pair]]:
    pairs: list[Pair] = []

    def make(**options: Any) -> Pair:
        pairs.append(Pair(ManualScheduler(), **options))
        return pairs[-1]

    yield make
    for pair in pairs:
        pair.servers.close()
        pair.browser.close()
        pair.guarded.close()


def blocked_sender(pair: Pair) -> Background:
    """Send more than fits, and return when the sender is stuck."""
    sender = Background(lambda: pair.guarded.send(b"x" * 10 * MEGABYTE))
    with selectors.DefaultSelector() as selector:
        selector.register(pair.servers, selectors.EVENT_WRITE)
        wait_until(lambda: not selector.select(0), "a full buffer")
    return sender


# ---- sending ----


def test_what_two_threads_send_at_once_stays_whole(make_pair: Callable[..., Pair]) -> None:
    pair = make_pair()
    messages = {letter: letter * 300_000 for letter in (b"a", b"b", b"c")}
    senders = [Background(lambda m=m: [pair.guarded.send(m) for _ in range(5)]) for m in messages.values()]  # type: ignore[misc]
    for _ in range(15):
        letter = pair.read(1)
        assert pair.read(299_999) == messages[letter][1:]
    for sender in senders:
        sender.wait()
        assert sender.result == [300_000] * 5


def test_a_browser_that_takes_nothing_is_disconnected_at_the_deadline(make_pair: Callable[..., Pair]) -> None:
    pair = make_pair()
    sender = blocked_sender(pair)
    second = Background(lambda: pair.guarded.send(b"behind it"))
    pair.scheduler.advance(9)
    assert sender.is_alive()
    pair.scheduler.advance(1)
    sender.wait()
    second.wait()
    assert isinstance(sender.error, OSError)
    assert isinstance(second.error, OSError)
    assert pair.guarded.recv(1) == b""


def test_a_slow_browser_is_not_taken_for_one_that_takes_nothing(make_pair: Callable[..., Pair]) -> None:
    pair = make_pair()
    sender = blocked_sender(pair)
    received = 0
    with selectors.DefaultSelector() as selector:
        selector.register(pair.servers, selectors.EVENT_WRITE)
        while received < 10 * MEGABYTE:
            pair.scheduler.advance(6)  # in all far more than the deadline
            received += len(pair.read(min(MEGABYTE, 10 * MEGABYTE - received)))
            wait_until(lambda: not sender.is_alive() or not selector.select(0), "the sender to go on")
    sender.wait()
    assert sender.error is None


def test_a_dead_connection_is_an_error(make_pair: Callable[..., Pair]) -> None:
    pair = make_pair()
    pair.browser.close()
    with pytest.raises(OSError, match=r"."):
        pair.guarded.send(b"x")


# ---- receiving ----


def test_a_flood_is_held_back_until_it_is_looked_at(make_pair: Callable[..., Pair]) -> None:
    pair = make_pair(max_unread=1_000)
    pair.browser.sendall(b"x" * 5_000)
    received: list[int] = []
    paused = threading.Event()

    def receive_all() -> None:
        while sum(received) < 5_000:
            received.append(len(pair.guarded.recv(400)))
            if sum(received) >= 1_000:
                paused.set()

    reader = Background(receive_all)
    assert paused.wait(DEADLINE_SECONDS)
    assert received == [128, 400, 400, 400]  # it makes room for more when it sees that more has come
    for _ in range(4):
        assert reader.is_alive()
        before = sum(received)
        pair.guarded.mark_read()
        wait_until(lambda before=before: sum(received) >= min(5_000, before + 1_000), "the next piece")  # type: ignore[misc]
    reader.wait()


def test_ending_wakes_a_reader_that_is_held_back(make_pair: Callable[..., Pair]) -> None:
    pair = make_pair(max_unread=1)
    pair.browser.sendall(b"xy")
    pair.guarded.recv(1)
    reader = Background(lambda: pair.guarded.recv(1))
    pair.guarded.end()
    reader.wait()
    assert reader.result == b""


def test_what_comes_after_the_end_is_not_taken_for_something_to_look_at(make_pair: Callable[..., Pair]) -> None:
    """A browser that was refused may go on sending as fast as it can, for as long as the end lingers."""
    pair = make_pair()
    pair.browser.sendall(b"x" * 100_000)
    pair.guarded.end()
    assert pair.guarded.recv(4_096) == b""


# ---- ending ----


def test_ending_sends_the_last_words_and_wakes_the_reader_after_a_while(make_pair: Callable[..., Pair]) -> None:
    pair = make_pair()
    reader = Background(lambda: pair.guarded.recv(100))
    pair.guarded.send(b"bye")
    pair.guarded.end()
    pair.guarded.end()
    assert pair.read(100) == b"bye"
    assert reader.is_alive()
    pair.scheduler.advance(2)
    reader.wait()
    assert reader.result == b""
    assert pair.scheduler.waiting == 0


def test_who_ends_second_can_rely_on_the_end(make_pair: Callable[..., Pair], monkeypatch: pytest.MonkeyPatch) -> None:
    """The reading thread may have begun to end; the development server then writes a response behind the last frame."""
    pair = make_pair()
    go_on = threading.Event()
    has_begun = threading.Event()

    def wait(_: SendDeadline) -> None:
        has_begun.set()
        go_on.wait(DEADLINE_SECONDS)

    monkeypatch.setattr(SendDeadline, "close", wait)
    first = Background(pair.guarded.end)
    assert has_begun.wait(DEADLINE_SECONDS)
    pair.guarded.end()
    with pytest.raises(BrokenPipeError):
        pair.servers.send(b"HTTP/1.1 200")
    assert pair.read(1) == b""
    go_on.set()
    first.wait()


def test_ending_takes_the_connection_from_the_server_and_the_reader_is_woken_all_the_same(
    make_pair: Callable[..., Pair],
) -> None:
    """A browser may have vanished without closing; the server must not wait for it, and closes what is open."""
    pair = make_pair()
    reader = Background(lambda: pair.guarded.recv(100))
    pair.guarded.end()
    assert pair.servers.recv(100) == b""
    assert pair.read(100) == b""
    assert reader.is_alive()
    pair.scheduler.advance(2)
    reader.wait()


def test_the_server_may_have_closed_its_handle(make_pair: Callable[..., Pair]) -> None:
    pair = make_pair()
    pair.servers.close()
    pair.guarded.end()
    assert pair.read(100) == b""


def test_ending_does_without_descriptors(make_pair: Callable[..., Pair], monkeypatch: pytest.MonkeyPatch) -> None:
    def none_left() -> None:
        raise OSError(errno.EMFILE, "Too many open files")

    pair = make_pair()
    monkeypatch.setattr(socket, "socketpair", none_left)
    pair.guarded.end()
    assert pair.servers.fileno() == -1
    assert pair.read(100) == b""
    assert pair.scheduler.waiting == 1


def test_ending_wakes_a_sender_that_is_blocked(make_pair: Callable[..., Pair]) -> None:
    pair = make_pair()
    sender = blocked_sender(pair)
    pair.guarded.end()
    sender.wait()
    assert isinstance(sender.error, OSError)


def test_closing_waits_for_the_browser_so_that_it_can_read_why(make_pair: Callable[..., Pair]) -> None:
    pair = make_pair()
    pair.browser.sendall(b"unread" * 1_000)
    pair.guarded.send(b"too much")
    closing = Background(pair.guarded.close)
    assert pair.read(100) == b"too much"
    assert closing.is_alive()
    pair.browser.close()
    closing.wait()
    assert pair.guarded.fileno() == -1
    assert pair.scheduler.waiting == 0


def test_closing_gives_up_on_a_browser_that_does_not_close(make_pair: Callable[..., Pair]) -> None:
    pair = make_pair()
    closing = Background(pair.guarded.close)
    assert pair.read(1) == b""
    wait_until(lambda: pair.scheduler.waiting == 1, "the end of its patience to be set")
    pair.scheduler.advance(2)
    closing.wait()


def test_closing_is_told_at_once(make_pair: Callable[..., Pair]) -> None:
    pair = make_pair()
    told = threading.Event()
    pair.guarded.when_closed(told.set)
    assert not told.is_set()
    closing = Background(pair.guarded.close)
    assert told.wait(DEADLINE_SECONDS)
    pair.browser.close()
    closing.wait()
    late = threading.Event()
    pair.guarded.when_closed(late.set)
    assert late.is_set()


def test_the_last_word_of_the_reading_thread_can_be_waited_for(make_pair: Callable[..., Pair]) -> None:
    pair = make_pair()
    waiting = Background(pair.guarded.wait_closed)
    pair.guarded.send(b"close frame")
    assert waiting.is_alive()
    closing = Background(pair.guarded.close)
    waiting.wait()
    assert pair.read(100) == b"close frame"
    pair.browser.close()
    closing.wait()


def test_the_server_closes_a_socket_that_it_shares_and_not_before_nobody_reads_from_it(
    make_pair: Callable[..., Pair],
) -> None:
    """The reading thread would read what comes for another connection that has got the descriptor."""
    pair = make_pair(kind=OneHandle)
    reader = Background(lambda: pair.guarded.recv(100))
    pair.guarded.end()
    server = Background(pair.guarded.wait_unshared)
    pair.browser.sendall(b"x")
    reader.wait()
    reader = Background(pair.guarded.close)
    assert pair.read(1) == b""
    assert server.is_alive()
    pair.scheduler.advance(2)
    server.wait()
    reader.wait()
    assert pair.servers.fileno() != -1


def test_the_server_waits_for_nobody_where_it_has_a_handle_of_its_own(make_pair: Callable[..., Pair]) -> None:
    pair = make_pair()
    pair.guarded.end()
    pair.guarded.wait_unshared()


def test_discarding_leaves_the_connection_to_the_server(make_pair: Callable[..., Pair]) -> None:
    pair = make_pair()
    pair.guarded.discard()
    pair.servers.sendall(b"HTTP/1.1 503")
    assert pair.read(12) == b"HTTP/1.1 503"
    assert pair.scheduler.waiting == 0


def test_no_timer_is_left_of_a_whole_life(make_pair: Callable[..., Pair]) -> None:
    pair = make_pair()
    pair.guarded.send(b"x")
    pair.browser.close()
    pair.guarded.close()
    assert pair.scheduler.waiting == 0


# ---- the WSGI environment ----


@pytest.mark.parametrize("name", ["werkzeug.socket", "gunicorn.socket"])
def test_the_servers_socket_is_found_and_replaced(name: str, make_pair: Callable[..., Pair]) -> None:
    pair = make_pair()
    environ: dict[str, object] = {"wsgi.input": None, name: pair.servers}
    assert find_socket(environ) is pair.servers
    assert replace_socket(environ, lambda sock: pair.guarded if sock is pair.servers else None) is pair.guarded  # type: ignore[arg-type,return-value]
    assert environ[name] is pair.guarded


def test_other_servers_have_none() -> None:
    environ: dict[str, object] = {"gunicorn.socket": "not a socket", "uwsgi.version": b"2"}
    assert find_socket(environ) is None
    assert replace_socket(environ, lambda _: pytest.fail("nothing to wrap")) is None
    assert environ["gunicorn.socket"] == "not a socket"


def test_what_fits_is_sent_without_waiting(make_pair: Callable[..., Pair]) -> None:
    pair = make_pair()
    assert pair.guarded.send_now(b"hello")
    assert not pair.guarded.is_behind
    assert pair.read(5) == b"hello"


def test_what_does_not_fit_goes_with_the_next_send_and_in_order(make_pair: Callable[..., Pair]) -> None:
    pair = make_pair()
    large = bytes(range(256)) * 40_000
    assert not pair.guarded.send_now(large)
    assert pair.guarded.is_behind
    assert not pair.guarded.send_now(b"second")
    sender = Background(lambda: pair.guarded.send(b"third"))
    assert pair.read(len(large) + 11) == large + b"secondthird"
    sender.wait()
    assert not pair.guarded.is_behind


def test_it_does_not_wait_for_another_thread_that_sends(make_pair: Callable[..., Pair]) -> None:
    pair = make_pair()
    sender = blocked_sender(pair)
    assert not pair.guarded.send_now(b"behind it")
    assert pair.read(10 * MEGABYTE + 9)[-9:] == b"behind it"
    sender.wait()


def test_the_next_send_tells_that_the_browser_has_gone(make_pair: Callable[..., Pair]) -> None:
    pair = make_pair()
    pair.browser.close()
    assert not pair.guarded.send_now(b"hello")
    with pytest.raises(OSError, match="pipe"):
        pair.guarded.send(b"")
