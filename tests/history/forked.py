"""Calling a function in processes of their own, which have imported all that this one has."""

from __future__ import annotations

import multiprocessing
import os
import resource
from collections.abc import Callable, Iterator
from contextlib import contextmanager

_FORK = multiprocessing.get_context("fork")
_NOBODY = 65534


def call_at_once(functions: list[Callable[[], object]]) -> list[str]:
    """Call each in another process, all at the same time, and return what they return or raise, as texts."""
    barrier = _FORK.Barrier(len(functions))
    results = _FORK.SimpleQueue()

    def call(number: int, function: Callable[[], object]) -> None:
        barrier.wait(60)
        try:
            result = str(function())
        except Exception as error:  # noqa: BLE001 - is told to who has called
            result = f"{type(error).__name__}: {error}"
        results.put((number, result))

    processes = [_FORK.Process(target=call, args=each) for each in enumerate(functions)]
    for process in processes:
        process.start()
    found = dict(results.get() for _ in processes)
    for process in processes:
        process.join()
    results.close()
    return [found[number] for number in range(len(functions))]


def call_unprivileged(function: Callable[[], object]) -> str:
    """Call a function in another process, as a user whom the modes of files concern. For root they don't."""

    def call() -> object:
        if os.geteuid() == 0:
            os.setgroups([])
            os.setgid(_NOBODY)
            os.setuid(_NOBODY)
        return function()

    return call_at_once([call])[0]


@contextmanager
def no_threads() -> Iterator[None]:
    """Let the system have no thread to give. It has always one for root."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NPROC)
    resource.setrlimit(resource.RLIMIT_NPROC, (0, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_NPROC, (soft, hard))
