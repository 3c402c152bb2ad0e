"""An answer of 100 KB: what its end costs compared with its beginning, and how long the page is ever stuck."""

from __future__ import annotations

from dataclasses import dataclass

from benchmarks.answers import cut, mixed_markdown
from benchmarks.arena import Arena, Contestant
from benchmarks.distribution import Distribution
from benchmarks.report import Row, Section
from benchmarks.tab import Tab
from vizro_ws_chat.testing import Gate, Scenario

PARTS = 105
CHUNKS_PER_PART = 20
CHUNKS_PER_SECOND = 250
ROUNDS, QUICK_ROUNDS = 3, 1
# Parts at whose end the answer is held, so that the cost of what lies between can be read: the beginning, but for the
# first one, in which everything happens for the first time, and the end.
PLACES = (5, 20, 90, PARTS)
AFTERWORK_SECONDS = 0.5
QUESTION = "a long answer"
SLOWER = 4
TARGET_RATIO = 1.5
TARGET_TASK_MS = 100


@dataclass(frozen=True)
class Cost:
    """Milliseconds of the main thread on a core for each KB."""

    beginning: float
    end: float

    @property
    def ratio(self) -> float:
        """The end's cost to the beginning's."""
        return self.end / self.beginning

    def __str__(self) -> str:
        return f"{self.beginning:.1f} → {self.end:.1f} ms per KB"


@dataclass(frozen=True)
class LongAnswer:
    """The results.

    Attributes:
        costs: Of our chat.
        tasks: Milliseconds of the longest task over 50 ms with a slow processor, else 0; of our chat.
        peer_cost: Milliseconds of the peer's main thread for each KB, over the whole answer.
        peer_late: Milliseconds from the model having written the end to its being visible in the peer's chat.
    """

    costs: list[Cost]
    tasks: list[float]
    peer_cost: float
    peer_late: float

    def section(self) -> Section:
        """Lay out as a table."""
        cost = sorted(self.costs, key=lambda cost: cost.ratio)[len(self.costs) // 2]
        task = Distribution(self.tasks)
        size, seconds = kilobytes(0, PARTS), PARTS * CHUNKS_PER_PART / CHUNKS_PER_SECOND
        return Section(
            title="Long answer",
            method=f"{size:.0f} KB of mixed Markdown at {size / seconds:.0f} KB a second. Cost is the main thread's "
            f"time on a core between parts {PLACES[0]} and {PLACES[1]} and between parts {PLACES[2]} and {PLACES[3]} "
            f"of {PARTS}, all of it and the sampler included; the median ratio of {len(self.costs)} rounds. *Slow*: "
            f"DevTools slows the page's processor down {SLOWER} times. The peer shows little of such an answer before "
            f"its end, so its cost is that of all of it.",
            rows=[
                Row(
                    "cost at the beginning → at the end",
                    str(cost),
                    f"{self.peer_cost:.1f} ms per KB",
                    target=f"ratio ≤ {TARGET_RATIO}",
                    met=cost.ratio <= TARGET_RATIO,
                ),
                Row(
                    "slow: longest task over 50 ms of each round",
                    str(task),
                    target=f"none > {TARGET_TASK_MS} ms",
                    met=task.max <= TARGET_TASK_MS,
                ),
                Row("written → visible, of the end", "", f"{self.peer_late / 1000:.1f} s"),
            ],
            notes=[f"Ours, all rounds: {'; '.join(map(str, self.costs))}."],
        )


def measure(arena: Arena, *, quick: bool) -> LongAnswer:
    """Measure ours at full and at low speed, and the peer once."""
    chunks = [chunk for part in range(1, PARTS + 1) for chunk in cut(mixed_markdown(part), CHUNKS_PER_PART)]
    rounds = range(QUICK_ROUNDS if quick else ROUNDS)
    costs = [measure_cost(arena, chunks) for _ in rounds]
    arena.upstream.on(QUESTION, Scenario(chunks, delay_seconds=1 / CHUNKS_PER_SECOND))
    tasks = [measure_slow(arena.ours) for _ in rounds]
    return LongAnswer(costs, tasks, *measure_peer(arena))


def measure_cost(arena: Arena, chunks: list[str]) -> Cost:
    """Hold the answer at some places, and read there what it has cost so far."""
    gates = [Gate() for _ in PLACES[:-1]]
    held = {place * CHUNKS_PER_PART: gate for place, gate in zip(PLACES, gates, strict=False)}
    arena.upstream.on(QUESTION, Scenario(chunks, delay_seconds=1 / CHUNKS_PER_SECOND, hold_after=held))
    with arena.ours.tab() as tab:
        begin(tab)
        spent = [spent_until(tab, PLACES[0])]
        for gate, place in zip(gates, PLACES[1:], strict=True):
            gate.release()
            spent.append(spent_until(tab, place))
    return Cost((spent[1] - spent[0]) / kilobytes(*PLACES[:2]), (spent[3] - spent[2]) / kilobytes(*PLACES[2:]))


def begin(tab: Tab) -> None:
    """Ask for the answer."""
    tab.type(QUESTION)
    tab.arm("probe.startSampling()")
    tab.click_button()


def spent_until(tab: Tab, place: int) -> float:
    """Milliseconds of the main thread until a part was visible, and what follows from that done."""
    tab.ask("probe.untilVisible(argument)", place)
    tab.pause(AFTERWORK_SECONDS)
    return tab.main_thread().cpu * 1000


def kilobytes(begin: int, end: int) -> float:
    """The size of the parts after `begin`, up to `end`."""
    return sum(len(mixed_markdown(part)) for part in range(begin + 1, end + 1)) / 1000


def measure_slow(contestant: Contestant) -> float:
    """Let the answer come with a slow processor; return the longest task."""
    with contestant.tab() as tab:
        tab.slow_down(SLOWER)
        begin(tab)
        tab.ask("probe.untilVisible(argument)", PARTS)
        tab.pause(AFTERWORK_SECONDS)
        return float(tab.ask("probe.longestTask(probe.stopSampling().clicked)"))


def measure_peer(arena: Arena) -> tuple[float, float]:
    """Let the answer come in the peer's chat."""
    with arena.peer.tab() as tab:
        before = tab.main_thread()
        begin(tab)
        spent = spent_until(tab, PARTS) - before.cpu * 1000
        visible = tab.ask("probe.stopSampling()")["samples"][-1][1]
        written = arena.upstream.requests[-1].chunk_times[-1]
        return spent / kilobytes(0, PARTS), (tab.to_monotonic(visible) - written) * 1000
