"""The proxy between a browser and a server. Raw sockets on both sides: it must carry what it does not understand."""

from __future__ import annotations

import os
import socket
import threading
from collections.abc import Iterator

import pytest

from vizro_ws_chat.testing import FaultProxy
from vizro_ws_chat.testing.faults import BlackHole, Cut, Fault, HalfClose, Opening, Refuse, Stall, Throttle

DEADLINE = 10.0
PLAIN = b"GET / HTTP/1.1\r\nHost: x\r\n\r\n"
UPGRADE = b"GET /ws HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n"


@pytest.fixture
def listener() -> Iterator[socket.socket]:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        listener.settimeout(DEADLINE)
        yield listener


@pytest.fixture
def proxy(listener: socket.socket) -> Iterator[FaultProxy]:
    with FaultProxy(f"http://127.0.0.1:{listener.getsockname()[1]}/path/") as proxy:
        yield proxy


def connect(proxy: FaultProxy) -> socket.socket:
    return socket.create_connection(("127.0.0.1", int(proxy.url.split(":")[2].split("/")[0])), DEADLINE)


def accept(listener: socket.socket) -> socket.socket:
    server, _ = listener.accept()
    server.settimeout(DEADLINE)
    return server


def receive(sock: socket.socket, count: int) -> bytes:
    data = b""
    while len(data) < count and (more := sock.recv(count - len(data))):
        data += more
    return data


def hear_the_end(sock: socket.socket) -> bytes:
    """Return what comes before the end of the connection, orderly or by a reset."""
    data = b""
    try:
        while more := sock.recv(65_536):
            data += more
    except ConnectionResetError:
        return b""
    return data


def is_silent(sock: socket.socket) -> bool:
    """Tell that nothing comes: no byte and no end. A short look, which can only be too kind."""
    sock.settimeout(0.05)
    try:
        sock.recv(1)
    except TimeoutError:
        return True
    else:
        return False
    finally:
        sock.settimeout(DEADLINE)


def test_bytes_pass_both_ways_until_one_side_ends(proxy: FaultProxy, listener: socket.socket) -> None:
    with connect(proxy) as browser:
        browser.sendall(PLAIN)
        with accept(listener) as server:
            assert receive(server, len(PLAIN)) == PLAIN
            server.sendall(b"answer")
            assert receive(browser, 6) == b"answer"
            assert proxy.sent == b"answer"
        assert browser.recv(1) == b""


def test_path_of_the_server_is_kept(proxy: FaultProxy) -> None:
    assert proxy.url.endswith("/path/")


def test_websocket_is_refused_and_the_next_one_passes(proxy: FaultProxy, listener: socket.socket) -> None:
    proxy.on_websocket("refuse", None)
    with connect(proxy) as browser:
        browser.sendall(UPGRADE)
        assert receive(browser, 12) == b"HTTP/1.1 403"
    with connect(proxy) as browser:
        browser.sendall(UPGRADE)
        with accept(listener) as server:
            assert receive(server, len(UPGRADE)) == UPGRADE
    assert proxy.handshakes == 2


def test_websocket_is_cut_at_a_byte_and_other_connections_are_not(proxy: FaultProxy, listener: socket.socket) -> None:
    proxy.on_websocket(4)
    for request, expected in ((PLAIN, b"123456"), (UPGRADE, b"1234")):
        with connect(proxy) as browser:
            browser.sendall(request)
            with accept(listener) as server:
                server.sendall(b"123")
                assert receive(browser, 3) == b"123"
                server.sendall(b"456")
                server.shutdown(socket.SHUT_WR)
                assert b"123" + receive(browser, 99) == expected


def test_held_bytes_are_seen_and_passed_on_in_order(proxy: FaultProxy, listener: socket.socket) -> None:
    with connect(proxy) as browser:
        browser.sendall(PLAIN)
        with accept(listener) as server:
            proxy.hold()
            server.sendall(b"first ")
            assert proxy.wait_held(b"first ", DEADLINE)
            server.sendall(b"second")
            browser.sendall(b"still heard")
            assert receive(server, len(PLAIN) + 11) == PLAIN + b"still heard"
            proxy.release()
            assert receive(browser, 12) == b"first second"


def test_cut_ends_open_connections(proxy: FaultProxy, listener: socket.socket) -> None:
    with connect(proxy) as browser:
        browser.sendall(PLAIN)
        with accept(listener) as server:
            assert receive(server, len(PLAIN)) == PLAIN
            proxy.cut()
            assert browser.recv(1) == b""
            assert server.recv(1) == b""


def test_server_that_is_down_ends_the_connection(proxy: FaultProxy, listener: socket.socket) -> None:
    listener.close()
    with connect(proxy) as browser:
        browser.sendall(PLAIN)
        assert browser.recv(1) == b""


def test_no_faults_at_all_is_a_mistake(proxy: FaultProxy) -> None:
    with pytest.raises(ValueError, match="at least one"):
        proxy.on_websocket()


def test_what_is_sent_in_pieces_is_held_whole_and_its_end_too(proxy: FaultProxy, listener: socket.socket) -> None:
    with connect(proxy) as browser:
        browser.sendall(PLAIN)
        with accept(listener) as server:
            proxy.hold()
            server.sendall(b"6\r\n")
            assert proxy.wait_held(b"6\r\n", DEADLINE)
            server.sendall(b"pieces")
        assert proxy.wait_held(b"pieces", DEADLINE)
        proxy.release()
        assert receive(browser, 99) == b"6\r\npieces"


def plan(proxy: FaultProxy, fault: Fault) -> None:
    proxy.plan = lambda opening: fault if opening.number == 1 else None


def test_a_plan_sees_what_is_asked_for_and_decides(proxy: FaultProxy, listener: socket.socket) -> None:
    openings: list[Opening] = []
    proxy.plan = lambda opening: openings.append(opening) or Refuse(502)  # type: ignore[func-returns-value]
    with connect(proxy) as browser:
        browser.sendall(b"GET /chat?a=1 HTTP/1.1\r\nHost: x\r\nX-Draw: 7\r\n\r\n")
        assert receive(browser, 12) == b"HTTP/1.1 502"
    with connect(proxy) as browser:
        browser.sendall(UPGRADE)
        assert receive(browser, 12) == b"HTTP/1.1 502"
    assert [(opening.number, opening.path, opening.is_websocket) for opening in openings] == [
        (1, "/chat?a=1", False),
        (2, "/ws", True),
    ]
    assert openings[0].header("x-draw") == "7"
    assert openings[0].header("x-other") is None


def test_the_list_of_websockets_comes_before_the_plan(proxy: FaultProxy) -> None:
    plan(proxy, Refuse(500))
    proxy.on_websocket(Refuse(502))
    with connect(proxy) as browser:
        browser.sendall(UPGRADE)
        assert receive(browser, 12) == b"HTTP/1.1 502"


@pytest.mark.parametrize("reset", [False, True])
def test_any_connection_is_cut_towards_the_server(proxy: FaultProxy, listener: socket.socket, reset: bool) -> None:
    plan(proxy, Cut(10, "server", reset=reset))
    with connect(proxy) as browser:
        browser.sendall(PLAIN)
        with accept(listener) as server:
            assert hear_the_end(server) == (b"" if reset else PLAIN[:10])
            assert hear_the_end(browser) == b""


def test_a_reset_is_one(proxy: FaultProxy, listener: socket.socket) -> None:
    with connect(proxy) as browser:
        browser.sendall(PLAIN)
        with accept(listener) as server:
            receive(server, len(PLAIN))
            proxy.cut(reset=True)
            with pytest.raises(ConnectionResetError):
                browser.recv(1)
            with pytest.raises(ConnectionResetError):
                server.recv(1)


def test_one_direction_ends_and_the_other_goes_on(proxy: FaultProxy, listener: socket.socket) -> None:
    plan(proxy, HalfClose(3, "browser"))
    with connect(proxy) as browser:
        browser.sendall(PLAIN)
        with accept(listener) as server:
            server.sendall(b"answer")
            assert receive(browser, 99) == b"ans"
            browser.sendall(b"still heard")
            assert receive(server, len(PLAIN) + 11) == PLAIN + b"still heard"


def test_the_end_of_one_direction_is_passed_on(proxy: FaultProxy, listener: socket.socket) -> None:
    with connect(proxy) as browser:
        browser.sendall(PLAIN)
        browser.shutdown(socket.SHUT_WR)
        with accept(listener) as server:
            assert receive(server, 99) == PLAIN
            server.sendall(b"answer")
            assert receive(browser, 6) == b"answer"


def test_a_stall_lasts_until_it_is_ended_and_loses_nothing(proxy: FaultProxy, listener: socket.socket) -> None:
    plan(proxy, Stall(3))
    with connect(proxy) as browser:
        browser.sendall(PLAIN)
        with accept(listener) as server:
            server.sendall(b"answer")
            assert receive(browser, 3) == b"ans"
            browser.sendall(b"still heard")
            assert receive(server, len(PLAIN) + 11) == PLAIN + b"still heard"
            assert is_silent(browser)
            proxy.end_stalls()
            assert receive(browser, 3) == b"wer"


def test_a_stall_passes(proxy: FaultProxy, listener: socket.socket) -> None:
    plan(proxy, Stall(seconds=0.01))
    with connect(proxy) as browser:
        browser.sendall(PLAIN)
        with accept(listener) as server:
            server.sendall(b"answer")
            assert receive(browser, 6) == b"answer"


def test_a_stalled_connection_can_be_cut(proxy: FaultProxy, listener: socket.socket) -> None:
    plan(proxy, Stall(3))
    with connect(proxy) as browser:
        browser.sendall(PLAIN)
        with accept(listener) as server:
            server.sendall(b"answer")
            assert receive(browser, 3) == b"ans"
            proxy.cut()
            assert hear_the_end(browser) == b""


def test_a_black_hole_takes_everything_and_the_ends_too(proxy: FaultProxy, listener: socket.socket) -> None:
    plan(proxy, BlackHole(3))
    with connect(proxy) as browser:
        browser.sendall(PLAIN)
        with accept(listener) as server:
            assert receive(server, len(PLAIN)) == PLAIN
            server.sendall(b"answer")
            assert receive(browser, 3) == b"ans"
            browser.sendall(b"lost")
            server.shutdown(socket.SHUT_WR)
            assert is_silent(browser)
            assert is_silent(server)


def test_a_black_hole_for_all_swallows_new_connections_and_passes(proxy: FaultProxy, listener: socket.socket) -> None:
    with connect(proxy) as browser, connect(proxy) as spared:
        browser.sendall(PLAIN)
        with accept(listener) as server:
            assert receive(server, len(PLAIN)) == PLAIN
            proxy.black_hole()
            server.sendall(b"lost")
            with connect(proxy) as late:
                late.sendall(PLAIN)
                assert is_silent(late)
                assert is_silent(browser)
                proxy.link_up()
                server.sendall(b"not heard")
                assert is_silent(late)
                assert is_silent(browser)
        spared.sendall(PLAIN)
        with accept(listener) as server:
            assert receive(server, len(PLAIN)) == PLAIN


def test_a_slow_direction_passes_everything(proxy: FaultProxy, listener: socket.socket) -> None:
    plan(proxy, Throttle(100_000))
    data = os.urandom(10_000)
    with connect(proxy) as browser:
        browser.sendall(PLAIN)
        with accept(listener) as server:
            server.sendall(data)
            assert receive(browser, len(data)) == data


@pytest.mark.parametrize(("rate", "pieces"), [(2_000, 10), (1, 400), (1_000_000, 1)])
def test_a_slow_direction_takes_its_time(rate: float, pieces: int) -> None:
    data = os.urandom(400)
    paced = list(Throttle(rate).paced(data))
    assert b"".join(piece for piece, _ in paced) == data
    assert len(paced) == pieces
    assert sum(seconds for _, seconds in paced) == pytest.approx(400 / rate)
    assert list(Throttle(rate).paced(b"")) == []


def test_a_link_that_is_down_refuses_and_comes_back(proxy: FaultProxy, listener: socket.socket) -> None:
    with connect(proxy) as browser:
        browser.sendall(PLAIN)
        with accept(listener) as server:
            receive(server, len(PLAIN))
            proxy.link_down()
            with pytest.raises(ConnectionResetError):
                browser.recv(1)
    with pytest.raises(ConnectionRefusedError):
        connect(proxy)
    proxy.link_up()
    with connect(proxy) as browser:
        browser.sendall(PLAIN)
        with accept(listener) as server:
            assert receive(server, len(PLAIN)) == PLAIN


def test_nothing_is_kept_without_record(listener: socket.socket) -> None:
    with FaultProxy(f"http://127.0.0.1:{listener.getsockname()[1]}/", record=False) as proxy, connect(proxy) as browser:
        browser.sendall(PLAIN)
        with accept(listener) as server:
            server.sendall(b"answer")
            assert receive(browser, 6) == b"answer"
        assert proxy.sent == b""


def test_its_thread_ends_whatever_is_open(listener: socket.socket) -> None:
    before = set(threading.enumerate())
    proxy = FaultProxy(f"http://127.0.0.1:{listener.getsockname()[1]}/", plan=lambda _: Stall(1))
    with proxy:
        assert len(set(threading.enumerate()) - before) == 1
        stalled, silent, lost = connect(proxy), connect(proxy), connect(proxy)
        stalled.sendall(PLAIN)
        with accept(listener) as server:
            server.sendall(b"answer")
            assert receive(stalled, 1) == b"a"
            proxy.black_hole()
            lost.sendall(PLAIN)
    assert set(threading.enumerate()) <= before
    for browser in (stalled, silent, lost):
        browser.close()


def test_a_proxy_that_does_not_run_says_so() -> None:
    proxy = FaultProxy("http://127.0.0.1:1/")
    with pytest.raises(RuntimeError, match="not running"):
        proxy.cut()
    with pytest.raises(RuntimeError, match="not running"):
        _ = proxy.url
