"""A long answer that is there at once: how soon it is complete on the screen, and how long the page is stuck."""

from __future__ import annotations

from dataclasses import dataclass

from benchmarks.arena import Arena, Contestant, open_reciters
from benchmarks.distribution import Distribution
from benchmarks.recitals import BURST_PARTS, BURST_TOKENS, RECITALS
from benchmarks.report import Row, Section
from benchmarks.tab import MainThread

ROUNDS, QUICK_ROUNDS = 7, 3
# The peer's share of the time that we may take.
TARGET_RATIO = 1 / 3
TARGET_TASK_MS = 50


@dataclass(frozen=True)
class Run:
    """One answer.

    Attributes:
        complete: Milliseconds from the click to the last part visible.
        longest_task: Milliseconds of the longest task over 50 ms, else 0.
        thread: What the main thread did for it.
    """

    complete: float
    longest_task: float
    thread: MainThread


@dataclass(frozen=True)
class Burst:
    """The results, by name."""

    runs: dict[str, list[Run]]

    def section(self) -> Section:
        """Lay out as a table."""
        complete = {name: Distribution(run.complete for run in runs) for name, runs in self.runs.items()}
        tasks = {name: Distribution(run.longest_task for run in runs) for name, runs in self.runs.items()}
        cpu = {name: Distribution(run.thread.cpu * 1000 for run in runs) for name, runs in self.runs.items()}
        ratio = complete["ours"].p50 / complete["peer"].p50
        size = sum(map(len, RECITALS["burst"]))
        return Section(
            title="Burst",
            method=f"{BURST_TOKENS:,} tokens, {size / 1000:.0f} KB of mixed Markdown, as fast as the chat takes them "
            f"from a generator; click on Send to the last part visible, in a new conversation, "
            f"{len(complete['ours'])} rounds each in turns; p50 / p99 / max. Tasks are the browser's own long task "
            f"entries, by the wall clock; 0 stands for none over 50 ms.",
            rows=[
                Row(
                    "click → complete",
                    str(complete["ours"]),
                    str(complete["peer"]),
                    ratio,
                    "median ≤ a third of the peer's",
                    ratio <= TARGET_RATIO,
                ),
                Row(
                    "longest task of each round",
                    str(tasks["ours"]),
                    str(tasks["peer"]),
                    target=f"median ≤ {TARGET_TASK_MS} ms",
                    met=tasks["ours"].p50 <= TARGET_TASK_MS,
                ),
                Row(
                    "main thread's time on a core",
                    str(cpu["ours"]),
                    str(cpu["peer"]),
                    cpu["ours"].p50 / cpu["peer"].p50,
                ),
            ],
        )


def measure(arena: Arena, *, quick: bool) -> Burst:
    """Measure both in turns."""
    with open_reciters(arena) as reciters:
        # The first message loads Python modules.
        for contestant in reciters:
            measure_run(contestant)
        runs: dict[str, list[Run]] = {contestant.name: [] for contestant in reciters}
        for _ in range(QUICK_ROUNDS if quick else ROUNDS):
            for contestant in reciters:
                runs[contestant.name].append(measure_run(contestant))
        return Burst(runs)


def measure_run(contestant: Contestant) -> Run:
    """Let one answer come."""
    with contestant.tab() as tab:
        tab.type("burst")
        tab.wait_quiet()
        tab.arm("probe.startSampling()")
        before = tab.main_thread()
        tab.click_button()
        tab.ask("probe.untilVisible(argument)", BURST_PARTS)
        seen = tab.ask("probe.stopSampling()")
        # What is left to do when the last part is visible may hold the page up too.
        tab.wait_quiet()
        after = tab.main_thread()
        clicked = seen["clicked"]
        return Run(
            complete=seen["samples"][-1][1] - clicked,
            longest_task=tab.ask("probe.longestTask(argument)", clicked),
            thread=after - before,
        )
