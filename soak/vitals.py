"""The server process over time: does anything grow?"""

from __future__ import annotations

import os
import statistics
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from vizro_ws_chat.testing.procfs import thread_count

_PAGE_BYTES = os.sysconf("SC_PAGE_SIZE")
# What may be more at the end than after the warm-up.
_MORE_THREADS = 4
_MORE_DESCRIPTORS = 8
_MORE_RSS_SHARE = 0.05
_MORE_RSS_MB = 8.0


@dataclass(frozen=True)
class Vitals:
    """One look at the server.

    Attributes:
        threads: Its threads.
        descriptors: Its open files and sockets.
        rss_mb: The memory it holds, in MB.
        cpu_seconds: Processor time that it has used so far.
    """

    threads: int
    descriptors: int
    rss_mb: float
    cpu_seconds: float


def look_at(pids: Sequence[int]) -> Vitals:
    """Look at processes, and add up what is seen."""
    each = [_look_at_one(pid) for pid in pids]
    return Vitals(
        threads=sum(one.threads for one in each),
        descriptors=sum(one.descriptors for one in each),
        rss_mb=sum(one.rss_mb for one in each),
        cpu_seconds=sum(one.cpu_seconds for one in each),
    )


def _look_at_one(pid: int) -> Vitals:
    folder = Path("/proc") / str(pid)
    rss_pages = int((folder / "statm").read_text().split()[1])
    # The name, in parentheses, may hold anything; utime and stime are the 14th and 15th field.
    fields = (folder / "stat").read_text().rpartition(")")[2].split()
    ticks = int(fields[11]) + int(fields[12])
    return Vitals(
        threads=thread_count(pid),
        descriptors=sum(1 for _ in (folder / "fd").iterdir()),
        rss_mb=rss_pages * _PAGE_BYTES / 1e6,
        cpu_seconds=ticks / os.sysconf("SC_CLK_TCK"),
    )


def median(vitals: Sequence[Vitals]) -> Vitals:
    """Return the median of each."""
    return Vitals(
        threads=round(statistics.median(each.threads for each in vitals)),
        descriptors=round(statistics.median(each.descriptors for each in vitals)),
        rss_mb=statistics.median(each.rss_mb for each in vitals),
        cpu_seconds=vitals[-1].cpu_seconds,
    )


def growth(rows: Sequence[Vitals]) -> list[str]:
    """Say what has grown between the second and the last quarter; the first is the warm-up. Empty when all is flat."""
    quarter = len(rows) // 4
    if not quarter:
        return ["too short to tell"]
    early, late = median(rows[quarter : 2 * quarter]), median(rows[-quarter:])
    grown = []
    if late.threads > early.threads + _MORE_THREADS:
        grown.append(f"threads {early.threads} → {late.threads}")
    if late.descriptors > early.descriptors + _MORE_DESCRIPTORS:
        grown.append(f"descriptors {early.descriptors} → {late.descriptors}")
    if late.rss_mb > early.rss_mb * (1 + _MORE_RSS_SHARE) + _MORE_RSS_MB:
        grown.append(f"memory {early.rss_mb:.0f} → {late.rss_mb:.0f} MB")
    return grown
