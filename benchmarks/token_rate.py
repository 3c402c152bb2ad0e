"""Each token from being written by the model to being visible, at steady rates, and what that costs the page."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass

from benchmarks.answers import PARAGRAPH, numbered_tokens
from benchmarks.arena import Arena, Contestant
from benchmarks.distribution import Distribution
from benchmarks.report import Row, Section
from vizro_ws_chat.testing import Scenario

RATES = (100, 300)
SECONDS, QUICK_SECONDS = 10, 3
ROUNDS, QUICK_ROUNDS = 5, 1
IDLE_SECONDS = 5
TARGET_P99_MS = 60
# The rate at which the share is asked for, and the share.
TARGET_BUSY = {100: 0.15}


@dataclass(frozen=True)
class Run:
    """One answer.

    Attributes:
        late: Of each token, from written to visible.
        busy: Share of the time from the click to the last token visible in which the main thread was busy.
    """

    late: Distribution
    busy: float

    def __str__(self) -> str:
        return f"{self.late}, {self.busy:.0%} busy"


@dataclass(frozen=True)
class TokenRate:
    """The results.

    Attributes:
        seconds: How long each answer was.
        runs: All runs, by rate and name.
        unwatched: Our busy share at each rate while nothing but DevTools' own counter measured.
        idle: The main thread's busy share on our page at rest, without and with the sampler.
    """

    seconds: int
    runs: dict[tuple[int, str], list[Run]]
    unwatched: dict[int, list[float]]
    idle: tuple[float, float]

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
                Row(
                    f"{rate} tokens/s: main thread busy",
                    f"{ours.busy:.1%}",
                    f"{peer.busy:.1%}",
                    ours.busy / peer.busy,
                    f"≤ {TARGET_BUSY[rate]:.0%}" if rate in TARGET_BUSY else "–",
                    ours.busy <= TARGET_BUSY[rate] if rate in TARGET_BUSY else None,
                ),
            ]
            notes += [
                f"{rate} tokens/s, {name}, all runs: {'; '.join(map(str, self.runs[rate, name]))}."
                for name in ("ours", "peer")
            ]
            shares = ", ".join(f"{share:.1%}" for share in self.unwatched[rate])
            notes.append(f"{rate} tokens/s, ours without the sampler: {shares} busy.")
        without, sampled = self.idle
        notes.append(
            f"The sampler alone, with our page at rest: {sampled:.1%} of the main thread; {without:.1%} without it."
        )
        return Section(
            title="Steady stream",
            method=f"{self.seconds} s of numbered tokens in paragraphs of {PARAGRAPH}; each token from the model having "
            f"written it to its socket to being visible; p50 / p99 / max of all tokens of the run whose p99 is the "
            f"median of {len(self.runs[RATES[0], 'ours'])} runs, in turns. Busy is the main thread's `TaskDuration` "
            f"(DevTools, wall clock), from the click to the last token visible, the sampler included.",
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
    unwatched: dict[int, list[float]] = {rate: [] for rate in RATES}
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
        samples = tab.ask("probe.stopSampling()")["samples"]
        written = arena.upstream.requests[-1].chunk_times
        numbers = [number for number, _ in samples]
        late = [
            (tab.to_monotonic(samples[bisect_left(numbers, number)][1]) - time) * 1000
            for number, time in enumerate(written, start=1)
        ]
        return Run(Distribution(late), after.share_since(before))


def measure_unwatched(arena: Arena, text: str) -> float:
    """Let one answer stream in our chat without the sampler, and return the main thread's busy share."""
    with arena.ours.tab() as tab:
        tab.type(text)
        tab.arm("probe.armStop()")
        before = tab.main_thread()
        tab.click_button()
        tab.ask("probe.stopped")
        return tab.main_thread().share_since(before)


def measure_idle(arena: Arena) -> tuple[float, float]:
    """Return the busy share of our page at rest, without and with the sampler."""
    with arena.ours.tab() as tab:
        shares = []
        for expression in ("probe.stopSampling()", "probe.startSampling()"):
            tab.arm(expression)
            before = tab.main_thread()
            tab.pause(IDLE_SECONDS)
            shares.append(tab.main_thread().share_since(before))
        return shares[0], shares[1]
