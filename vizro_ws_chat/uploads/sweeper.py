"""Deletes files when their time is over, and the folders that are left without any."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path

from vizro_ws_chat.streams.scheduler import Scheduler
from vizro_ws_chat.uploads.folder import entries, remove_empty

_SWEPT_AT_ONCE = 100
_AGAIN_SECONDS = 0.5
"""Between two parts of a large sweep: what else is due must not wait for long."""


class Sweeper:
    """Deletes the files in the folders of a folder, each so long after it was written; other processes help.

    It has something to do only while there are files. What an earlier process has left, it finds at the beginning.

    Args:
        folder: The folder of folders.
        ttl_seconds: How long a file stays.
        scheduler: Calls it.
        now: The wall clock in seconds since 1970, as the times of files.
    """

    def __init__(
        self, folder: Path, ttl_seconds: float, scheduler: Scheduler, now: Callable[[], float] = time.time
    ) -> None:
        self._folder = folder
        self._ttl_seconds = ttl_seconds
        self._scheduler = scheduler
        self._now = now
        self._is_waiting = False
        if folder.exists():
            self._sweep_after(0)

    def is_over(self, changed: float) -> bool:
        """Return whether the time of a file is over that was written then."""
        return changed + self._ttl_seconds <= self._now()

    def note(self) -> None:
        """Say that there will be a new file."""
        self._sweep_after(self._ttl_seconds)

    def _sweep_after(self, seconds: float) -> None:
        if not self._is_waiting:
            self._is_waiting = True
            self._scheduler.call_later(seconds, self._sweep)

    def _sweep(self) -> None:
        self._is_waiting = False
        swept = 0
        times: list[float] = []
        for folder in entries(self._folder):
            before = len(times)
            for entry in entries(folder.path):
                if not self.is_over(entry.changed):
                    times.append(entry.changed)
                elif swept == _SWEPT_AT_ONCE:
                    self._sweep_after(_AGAIN_SECONDS)
                    return
                else:
                    entry.path.unlink(missing_ok=True)
                    swept += 1
            if len(times) == before:
                remove_empty(folder.path)
        if times:
            self._sweep_after(max(_AGAIN_SECONDS, min(times) + self._ttl_seconds - self._now()))
