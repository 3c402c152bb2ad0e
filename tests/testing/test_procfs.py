"""Counting threads and sockets of a process, here of this one."""

from __future__ import annotations

import os
import socket
import threading

from vizro_ws_chat.testing.procfs import socket_count, thread_count, wait_for_at_most


def test_waits_until_threads_and_sockets_are_gone() -> None:
    pid = os.getpid()
    threads, sockets = thread_count(pid), socket_count(pid)
    ours, theirs = socket.socketpair()

    def serve() -> None:
        with theirs:
            theirs.recv(1)

    thread = threading.Thread(target=serve)
    thread.start()
    assert not wait_for_at_most(pid, threads=threads, sockets=sockets, timeout=0)
    ours.close()
    assert wait_for_at_most(pid, threads=threads, sockets=sockets, timeout=10)
    thread.join()
