"""Counting threads and sockets of a process, here of this one."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import threading
import time

from vizro_ws_chat.testing.procfs import (
    child_pids,
    cpu_seconds,
    private_bytes,
    socket_count,
    thread_count,
    wait_for_at_most,
)


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


def test_children_are_found_while_threads_come_and_go() -> None:
    done = threading.Event()

    def come_and_go() -> None:
        while not done.is_set():
            thread = threading.Thread(target=str)
            thread.start()
            thread.join()

    restless = [threading.Thread(target=come_and_go) for _ in range(4)]
    child = subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE)
    try:
        for thread in restless:
            thread.start()
        assert all(child.pid in child_pids(os.getpid()) for _ in range(300))
    finally:
        done.set()
        for thread in restless:
            thread.join()
        child.communicate(b"\n")


def test_processor_time_grows_with_work() -> None:
    before = cpu_seconds(os.getpid())
    while cpu_seconds(os.getpid()) < before + 0.05:
        sum(range(10_000))
    assert cpu_seconds(os.getpid()) <= time.process_time() + 1


def test_memory_grows_with_what_is_kept() -> None:
    before = private_bytes(os.getpid())
    kept = bytearray(b"x" * 50_000_000)
    assert private_bytes(os.getpid()) >= before + len(kept) * 0.9
