"""Each token from being written by the model to being visible, at steady rates, and what that costs the page."""

from __future__ import annotations

import json
from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass

from benchmarks.answers import PARAGRAPH, numbered_tokens
from benchmarks.arena import Arena, Contestant
from benchmarks.distribution import Distribution
from benchmarks.report import Row, Section
from benchmarks.tab import MainThread
from vizro_ws_chat.testing import Scenario

RATES = (100, 300)
SECONDS, QUICK_SECONDS = 8, 3
ROUNDS, QUICK_ROUNDS = 3, 1
IDLE_SECONDS = 5
TARGET_P99_MS = 50
# The rate at which the share is asked for, and the share.
TARGET_BUSY = {100: 0.10}


@dataclass(frozen=True)
class Run:
    """One answer.

    Attributes:
        late: Of each token, from written to visible.
        arrived: Of each token, from written to the page having got its WebSocket message; `None` without a WebSocket.
        thread: What the main thread did from the click to the last token visible.
    """

    late: Distribution
    arrived: Distribution | None
    thread: MainThread

    def __str__(self) -> str:
        return f"{self.late}, busy {self.thread}"


@dataclass(frozen=True)
class TokenRate:
    """The results.

    Attributes:
        seconds: How long each answer was.
        runs: All runs, by rate and name.
        unwatched: Our main thread at each rate while the sampler did not run.
        idle: The main thread of our page at rest, without and with the sampler.
    """

    seconds: int
    runs: dict[tuple[int, str], list[Run]]
    unwatched: dict[int, list[MainThread]]
    idle: tuple[MainThread, MainThread]

    def section(self) -> Section:
        """Lay out as a table."""
        rows: list[Row] = []
        notes: list[str] = []
        for rate in RATES:
            ours, peer = median_run(self.runs[rate, "ours"]), median_run(self.runs[rate, "peer"])
            rows += [
                Row(
                    f"{rate} tokens/s: written → visible",
                    str(ours.late),
                    str(peer.late),
                    ours.late.p99 / peer.late.p99,
                    f"p99 ≤ {TARGET_P99_MS} ms",
                    ours.late.p99 <= TARGET_P99_MS,
                ),
                Row("of it: written → in the page", str(ours.arrived)),
                Row(
                    f"{rate} tokens/s: main thread busy",
                    str(ours.thread),
                    str(peer.thread),
                    ours.thread.busy / peer.thread.busy,
                    f"≤ {TARGET_BUSY[rate]:.0%}" if rate in TARGET_BUSY else "",
                    ours.thread.busy <= TARGET_BUSY[rate] if rate in TARGET_BUSY else None,
                ),
            ]
            notes += [
                f"{rate} tokens/s, {name}, all runs: {'; '.join(map(str, self.runs[rate, name]))}."
                for name in ("ours", "peer")
            ]
            notes.append(
                f"{rate} tokens/s, ours without the sampler: busy {'; '.join(map(str, self.unwatched[rate]))}."
            )
        without, sampled = self.idle
        notes.append(f"The sampler alone, with our page at rest: busy {sampled}; without it {without}.")
        return Section(
            title="Steady stream",
            method=f"{self.seconds} s of numbered tokens in paragraphs of {PARAGRAPH}; each token from the model "
            f"having written it to its socket to being visible; p50 / p99 / max of all tokens of the run with the "
            f"median p99 of {len(self.runs[RATES[0], 'ours'])} runs, in turns. Busy is the main thread's time in "
            f"tasks (DevTools' `TaskDuration`, wall clock, so that it grows with the load of the machine; in brackets "
            f"`ThreadTime`, its time on a core), from the click to the last token visible, the sampler included.",
            rows=rows,
            notes=notes,
        )


def median_run(runs: Sequence[Run]) -> Run:
    """The run in the middle, by p99."""
    return sorted(runs, key=lambda run: run.late.p99)[len(runs) // 2]


def measure(arena: Arena, *, quick: bool) -> TokenRate:
    """Measure both in turns."""
    seconds = QUICK_SECONDS if quick else SECONDS
    for rate in RATES:
        arena.upstream.on(f"{rate} a second", Scenario(numbered_tokens(rate * seconds), delay_seconds=1 / rate))
    arena.upstream.on("warm", Scenario(numbered_tokens(50), delay_seconds=0.01))
    for contestant in arena.contestants:
        measure_run(arena, contestant, "warm", 50)
    runs: dict[tuple[int, str], list[Run]] = {(rate, side.name): [] for rate in RATES for side in arena.contestants}
    unwatched: dict[int, list[MainThread]] = {rate: [] for rate in RATES}
    for _ in range(QUICK_ROUNDS if quick else ROUNDS):
        for rate in RATES:
            for contestant in arena.contestants:
                run = measure_run(arena, contestant, f"{rate} a second", rate * seconds)
                runs[rate, contestant.name].append(run)
            unwatched[rate].append(measure_unwatched(arena, f"{rate} a second"))
    return TokenRate(seconds, runs, unwatched, measure_idle(arena))


def measure_run(arena: Arena, contestant: Contestant, text: str, count: int) -> Run:
    """Let one answer stream and find each of its tokens."""
    with contestant.tab() as tab:
        tab.type(text)
        tab.arm("probe.startSampling()")
        before = tab.main_thread()
        tab.click_button()
        tab.ask("probe.untilVisible(argument)", count)
        after = tab.main_thread()
        seen = tab.ask("probe.stopSampling()")
        written = arena.upstream.requests[-1].chunk_times

        def delays(times: list[tuple[int, float]]) -> Distribution:
            numbers = [number for number, _ in times]
            return Distribution(
                (tab.to_monotonic(times[bisect_left(numbers, number)][1]) - time) * 1000
                for number, time in enumerate(written, start=1)
            )

        arrivals = token_arrivals(seen["arrivals"])
        return Run(delays(seen["samples"]), delays(arrivals) if arrivals else None, after - before)


def token_arrivals(messages: list[tuple[str, float]]) -> list[tuple[int, float]]:
    """The last token of each WebSocket message that brought text, and when it came."""
    arrivals = []
    for message, time in messages:
        text = "".join(frame["d"] for frame in json.loads(message) if frame["type"] == "text-delta")
        if text:
            arrivals.append((int(text.rpartition("n")[2]), time))
    return arrivals


def measure_unwatched(arena: Arena, text: str) -> MainThread:
    """Let one answer stream in our chat without the sampler."""
    with arena.ours.tab() as tab:
        tab.type(text)
        tab.arm("probe.armStop()")
        before = tab.main_thread()
        tab.click_button()
        tab.ask("probe.stopped")
        return tab.main_thread() - before


def measure_idle(arena: Arena) -> tuple[MainThread, MainThread]:
    """Watch our page at rest, without and with the sampler."""
    with arena.ours.tab() as tab:
        readings = []
        for expression in ("probe.stopSampling()", "probe.startSampling()"):
            tab.arm(expression)
            before = tab.main_thread()
            tab.pause(IDLE_SECONDS)
            readings.append(tab.main_thread() - before)
        return readings[0], readings[1]
