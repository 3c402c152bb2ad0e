from __future__ import annotations

import errno
import socket
import struct
from collections.abc import Iterator

import pytest

from tests.transports.clients import black_hole
from tests.waiting import wait_until
from vizro_ws_chat.transports.tcp import break_when_unacknowledged, is_broken, send_small_packets_at_once


@pytest.fixture
def pair() -> Iterator[tuple[socket.socket, socket.socket]]:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        browser = socket.create_connection(listener.getsockname())
        server, _ = listener.accept()
        with browser, server:
            yield server, browser


def test_small_packets_are_sent_at_once(pair: tuple[socket.socket, socket.socket]) -> None:
    send_small_packets_at_once(pair[0])
    assert pair[0].getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY)


def test_silence_breaks_a_connection(pair: tuple[socket.socket, socket.socket]) -> None:
    server, browser = pair
    break_when_unacknowledged(server, 0.2)
    assert not is_broken(server)
    black_hole(browser)
    server.send(b"Is anybody there?")
    wait_until(lambda: is_broken(server), "a broken connection")
    with pytest.raises(BrokenPipeError):
        server.send(b"No.")


def test_a_reset_breaks_a_connection(pair: tuple[socket.socket, socket.socket]) -> None:
    server, browser = pair
    browser.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    browser.close()
    wait_until(lambda: is_broken(server), "a broken connection")


def test_who_has_closed_has_gone(pair: tuple[socket.socket, socket.socket]) -> None:
    server, browser = pair
    browser.close()
    wait_until(lambda: is_broken(server), "a closed connection")


def test_a_quiet_connection_is_not_broken(pair: tuple[socket.socket, socket.socket]) -> None:
    server, browser = pair
    break_when_unacknowledged(server, 0.001)
    server.send(b"x")
    assert browser.recv(1) == b"x"
    assert not is_broken(server)


def test_a_unix_socket_has_no_such_options() -> None:
    server, browser = socket.socketpair()
    with server, browser:
        send_small_packets_at_once(server)
        break_when_unacknowledged(server, 1)
        assert not is_broken(server)
        browser.close()
        with pytest.raises(OSError, match=r".") as error:
            server.send(b"x")
        assert error.value.errno == errno.EPIPE
