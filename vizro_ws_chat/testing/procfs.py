"""Looks into other processes, by Linux' `/proc`: have threads or sockets been left behind?"""

from pathlib import Path

_PROC = Path("/proc")


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


def child_pids(pid: int) -> list[int]:
    """The processes started by a process and still there, such as gunicorn's workers."""
    tasks = (_PROC / str(pid) / "task").iterdir()
    return sorted(int(child) for task in tasks for child in (task / "children").read_text().split())
