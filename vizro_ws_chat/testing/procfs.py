"""Looks into other processes, by Linux' `/proc`: have threads or sockets been left behind?"""

import os
import time
from pathlib import Path

_PROC = Path("/proc")
_POLL_SECONDS = 0.05


def thread_count(pid: int) -> int:
    """Number of threads of a process."""
    return sum(1 for _ in (_PROC / str(pid) / "task").iterdir())


def socket_count(pid: int) -> int:
    """Number of sockets that a process has open, of every kind and state."""
    count = 0
    for descriptor in (_PROC / str(pid) / "fd").iterdir():
        try:
            count += str(descriptor.readlink()).startswith("socket:")
        except FileNotFoundError:  # closed since it was listed
            continue
    return count


def wait_for_at_most(pid: int, *, threads: int, sockets: int, timeout: float) -> bool:
    """Wait until a process has no more threads and sockets than these; `False` after `timeout` seconds."""
    deadline = time.monotonic() + timeout
    while thread_count(pid) > threads or socket_count(pid) > sockets:
        if time.monotonic() > deadline:
            return False
        time.sleep(_POLL_SECONDS)
    return True


def child_pids(pid: int) -> list[int]:
    """The processes started by a process and still there, such as gunicorn's workers."""
    children: list[int] = []
    for task in (_PROC / str(pid) / "task").iterdir():
        try:
            children += map(int, (task / "children").read_text().split())
        except FileNotFoundError:  # a thread that has ended since it was listed; its children are another's now
            continue
    return sorted(children)


def cpu_seconds(pid: int) -> float:
    """Processor time that a process has used, of its own and of the system for it."""
    # The name before it may hold spaces and brackets.
    fields = (_PROC / str(pid) / "stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def private_bytes(pid: int) -> int:
    """Memory that a process has for itself, without what it shares with others."""
    lines = (_PROC / str(pid) / "smaps_rollup").read_text().splitlines()
    return sum(int(line.split()[1]) * 1024 for line in lines if line.startswith("Private_"))
