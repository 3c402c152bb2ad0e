"""Whether two workers serve twice as much as one."""

from __future__ import annotations

from dataclasses import dataclass

from benchmarks.load.dialects import OursWebSocket
from benchmarks.load.server import serve
from benchmarks.report import Row, Section
from benchmarks.streams import TOKENS_PER_SECOND, Run, measure_run, median_run

CLIENTS, QUICK_CLIENTS = 300, 50
SECONDS, QUICK_SECONDS = 6.0, 3.0
ROUNDS, QUICK_ROUNDS = 3, 1
TARGET_TIMES = 1.8


@dataclass(frozen=True)
class Workers:
    """All rounds of one worker, and of two with twice the clients."""

    one: list[Run]
    two: list[Run]

    def section(self) -> Section:
        """Lay out as a table."""
        one, two = median_run(self.one), median_run(self.two)
        times = 2 * one.cpu / two.cpu
        return Section(
            title="Two workers",
            method=f"One worker of gunicorn (gevent) with {one.clients} clients, and two behind one port with "
            f"{two.clients}, {TOKENS_PER_SECOND} tokens/s each. The clients need a core too, and this machine may have "
            f"no more than two: so what is compared is the tokens that a second of a worker's processor time serves, "
            f"times the workers. The median of {len(self.one)} rounds in turns.",
            rows=[
                Row(
                    "served by two workers, of one's",
                    f"{times:.2f} times",
                    target=f"≥ {TARGET_TIMES} times",
                    met=times >= TARGET_TIMES,
                ),
                Row("token due → received: one worker", str(one.late)),
                Row("token due → received: two workers", str(two.late)),
                Row("complete, with two", f"{two.complete}", target="all", met=two.complete == two.clients),
            ],
            notes=[f"One: {'; '.join(map(str, self.one))}.", f"Two: {'; '.join(map(str, self.two))}."],
        )


def measure(*, quick: bool) -> Workers:
    """Measure both in turns."""
    clients, seconds = (QUICK_CLIENTS, QUICK_SECONDS) if quick else (CLIENTS, SECONDS)
    runs: dict[int, list[Run]] = {1: [], 2: []}
    for _ in range(QUICK_ROUNDS if quick else ROUNDS):
        for workers, results in runs.items():
            with serve("ours", "gevent", clients * workers, workers=workers) as server:
                results.append(measure_run(server, OursWebSocket, clients * workers, seconds))
    return Workers(runs[1], runs[2])
