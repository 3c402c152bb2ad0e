"""A chart in an answer that changes all the time: what that costs the page, and whether it stays the same chart."""

from __future__ import annotations

import contextlib
from dataclasses import dataclass
from pathlib import Path

from benchmarks.arena import ROOT, Arena, Contestant, new_context
from benchmarks.report import Row, Section
from benchmarks.tab import MainThread
from vizro_ws_chat.testing import serve_development

POINTS = 10_000
CHANGES_PER_SECOND = 20
SECONDS = 8
ROUNDS, QUICK_ROUNDS = 3, 1
TARGET_BUSY = 0.30
APP = Path(__file__).with_name("apps") / "chart.py"


@dataclass(frozen=True)
class Run:
    """One answer.

    Attributes:
        thread: What the main thread did while the chart changed.
        draws: How often it was drawn.
        mounts: How many charts there have been.
    """

    thread: MainThread
    draws: int
    mounts: int


@dataclass(frozen=True)
class LiveChart:
    """The results."""

    runs: list[Run]

    def section(self) -> Section:
        """Lay out as a table."""
        middle = sorted(self.runs, key=lambda run: run.thread.busy)[len(self.runs) // 2]
        changes = SECONDS * CHANGES_PER_SECOND
        mounts = max(run.mounts for run in self.runs)
        return Section(
            title="A chart that changes",
            method=f"A line chart (WebGL) of {POINTS:,} points in an answer, all of which change {CHANGES_PER_SECOND} "
            f"times a second for {SECONDS} s; the run of the median of {len(self.runs)}. Busy as above. The page draws "
            "as often as leaves it most of its time. The peer has no charts in a stream.",
            rows=[
                Row(
                    "main thread busy",
                    str(middle.thread),
                    target=f"≤ {TARGET_BUSY:.0%}",
                    met=middle.thread.busy <= TARGET_BUSY,
                ),
                Row(f"drawn, of {changes} changes", str(middle.draws)),
                Row("charts made", str(mounts), target="1", met=mounts == 1),
            ],
            notes=[f"All runs: {'; '.join(f'busy {run.thread}, {run.draws} drawn' for run in self.runs)}."],
        )


def measure(arena: Arena, *, quick: bool) -> LiveChart:
    """Measure ours."""
    with contextlib.ExitStack() as stack:
        app = stack.enter_context(serve_development(APP, env={"PYTHONPATH": str(ROOT)}))
        context = stack.enter_context(contextlib.closing(new_context(arena.browser)))
        contestant = Contestant("ours", app, context)
        return LiveChart([measure_run(contestant) for _ in range(QUICK_ROUNDS if quick else ROUNDS)])


def measure_run(contestant: Contestant) -> Run:
    """Let one answer come."""
    with contestant.tab() as tab:
        tab.type("draw")
        tab.wait_quiet()
        tab.arm("probe.watchCharts()")
        tab.click_button()
        tab.ask("probe.firstChart()")
        before = tab.main_thread()
        seen = tab.ask("probe.chartAtRest()")
        return Run(tab.main_thread() - before, seen["draws"], seen["mounts"])
