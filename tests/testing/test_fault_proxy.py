"""The proxy between a browser and a server. Raw sockets on both sides: it must carry what it does not understand."""

from __future__ import annotations

import socket
from collections.abc import Iterator

import pytest

from vizro_ws_chat.testing import FaultProxy

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
