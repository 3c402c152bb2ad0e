"""What is asked of a browser's TCP connection. A Unix socket, behind a proxy on the same machine, has none of it."""

from __future__ import annotations

import socket

_USER_TIMEOUT = getattr(socket, "TCP_USER_TIMEOUT", None)  # Linux only
_INFO = getattr(socket, "TCP_INFO", None)
_CLOSED_BY_THE_OTHER_SIDE = 8  # TCP_CLOSE_WAIT, <netinet/tcp.h>


def send_small_packets_at_once(sock: socket.socket) -> None:
    """Switch off Nagle's algorithm (RFC 896), which holds back a token until the one before is acknowledged: 40 ms."""
    if _is_tcp(sock):
        sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)


def break_when_unacknowledged(sock: socket.socket, seconds: float) -> None:
    """Have the system break the connection when nothing that was sent has arrived for this long (RFC 5482).

    Without it that takes a quarter of an hour: what is sent fits into the system's buffers, so every write succeeds.
    """
    if _USER_TIMEOUT is not None and _is_tcp(sock):
        sock.setsockopt(socket.IPPROTO_TCP, _USER_TIMEOUT, max(1, int(seconds * 1000)))


def is_broken(sock: socket.socket) -> bool:
    """Return whether the other side has gone, as far as the system knows.

    It may have closed the connection (seen on Linux), or have broken it since this was asked last: by a reset, or by
    silence.
    """
    if sock.getsockopt(socket.SOL_SOCKET, socket.SO_ERROR) != 0:
        return True
    # Not by reading: that would wait under gevent, and take something away under TLS.
    return _INFO is not None and _is_tcp(sock) and _state(sock) == _CLOSED_BY_THE_OTHER_SIDE


def _state(sock: socket.socket) -> int:
    return sock.getsockopt(socket.IPPROTO_TCP, socket.TCP_INFO, 1)[0]


def _is_tcp(sock: socket.socket) -> bool:
    return sock.family in (socket.AF_INET, socket.AF_INET6)
