"""Many answers at once from one process: are all complete, how late are tokens, and what do they cost."""

from __future__ import annotations

import gc
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from benchmarks.distribution import Distribution
from benchmarks.load.crowd import Crowd, StalledError
from benchmarks.load.dialects import BareWebSocket, Dialect, OursWebSocket, PeerSSE
from benchmarks.load.server import Server, WorkerClass, serve
from benchmarks.report import Row, Section

TOKENS_PER_SECOND = 20
CLIENTS: dict[WorkerClass, int] = {"gevent": 1_000, "gthread": 500}
QUICK_SHARE = 10
ROUNDS, QUICK_ROUNDS = 3, 1
SECONDS, QUICK_SECONDS = 8.0, 3.0
STARTS_PER_SECOND = 100
SETTLING_SECONDS = 3.0
WARM_UP_CLIENTS = 4
TARGET_P99_MS = 100
TARGET_CPU, TARGET_MEMORY = 1.5, 1.3
DIALECTS: dict[str, Callable[[], Dialect]] = {"ours": OursWebSocket, "peer": PeerSSE, "bare": BareWebSocket}


@dataclass(frozen=True)
class Run:
    """All clients of one server.

    Attributes:
        clients: How many.
        complete: Those that got each token, in order.
        late: Of each token, from being due to being received.
        cpu: The server's processor time for each token, in microseconds.
        busy: Its share of a core.
        client_busy: That of the clients.
        memory: The server's memory for each idle connection, in KiB.
    """

    clients: int
    complete: int
    late: Distribution
    cpu: float
    busy: float
    client_busy: float
    memory: float

    def __str__(self) -> str:
        return (
            f"{self.cpu:.0f} µs, {self.late}, {self.complete} of {self.clients} complete, {self.busy:.0%} of a core "
            f"(clients {self.client_busy:.0%})"
        )


@dataclass(frozen=True)
class Streams:
    """The results, by server and name."""

    runs: Mapping[tuple[WorkerClass, str], list[Run]]

    def section(self) -> Section:
        """Lay out as a table."""
        rows = [row for worker_class in CLIENTS for row in self._rows(worker_class)]
        return Section(
            title="Many answers at once",
            method=f"One worker of gunicorn; each client gets {TOKENS_PER_SECOND} tokens/s. Every token says when it "
            f"was due, so that late is whatever came between, the generator's own waking included; p50 / p99 / max of "
            f"all tokens while all answers flow. CPU is the worker's, of its own and of the system for it. *Raw*: a "
            f"loop over bare flask-sock that sends the same frames, one for each token, without compression. The peer "
            f"streams Server-Sent Events, asked as its page does. Idle connections are WebSockets that have said "
            f"hello; the memory is the worker's private pages. The median, by CPU, of "
            f"{len(next(iter(self.runs.values())))} rounds in turns.",
            rows=rows,
            notes=[
                f"{worker_class}, {name}, all rounds: {'; '.join(map(str, runs))}."
                for (worker_class, name), runs in self.runs.items()
            ],
        )

    def _rows(self, worker_class: WorkerClass) -> Iterator[Row]:
        ours, peer, bare = (median_run(self.runs[worker_class, name]) for name in DIALECTS)
        what = f"{worker_class}, {ours.clients:,} answers"
        yield Row(
            f"{what}: complete",
            f"{ours.complete:,}",
            f"{peer.complete:,}",
            raw=f"{bare.complete:,}",
            target="all",
            met=ours.complete == ours.clients,
        )
        yield Row(
            f"{what}: token due → received",
            str(ours.late),
            str(peer.late),
            raw=str(bare.late),
            target=f"p99 ≤ {TARGET_P99_MS} ms",
            met=ours.late.p99 <= TARGET_P99_MS,
        )
        yield Row(
            f"{what}: CPU per token",
            f"{ours.cpu:.0f} µs",
            f"{peer.cpu:.0f} µs",
            ours.cpu / peer.cpu,
            raw=f"{bare.cpu:.0f} µs",
            raw_ratio=ours.cpu / bare.cpu,
            target=f"≤ the peer's, ≤ {TARGET_CPU} times raw",
            met=ours.cpu <= peer.cpu and ours.cpu <= TARGET_CPU * bare.cpu,
        )
        yield Row(
            f"{what}: memory of an idle connection",
            f"{ours.memory:.0f} KiB",
            raw=f"{bare.memory:.0f} KiB",
            raw_ratio=ours.memory / bare.memory,
            target=f"≤ {TARGET_MEMORY} times raw",
            met=ours.memory <= TARGET_MEMORY * bare.memory,
        )


def median_run(runs: list[Run]) -> Run:
    """The run in the middle, by processor time."""
    return sorted(runs, key=lambda run: run.cpu)[len(runs) // 2]


def measure(*, quick: bool) -> Streams:
    """Measure all in turns."""
    runs: dict[tuple[WorkerClass, str], list[Run]] = {}
    for worker_class, most in CLIENTS.items():
        clients = most // QUICK_SHARE if quick else most
        for _ in range(QUICK_ROUNDS if quick else ROUNDS):
            for name, dialect in DIALECTS.items():
                with serve(name, worker_class, clients) as server:
                    run = measure_run(server, dialect, clients, QUICK_SECONDS if quick else SECONDS)
                runs.setdefault((worker_class, name), []).append(run)
    return Streams(runs)


def measure_run(server: Server, dialect: Callable[[], Dialect], clients: int, seconds: float) -> Run:
    """Let all clients of a server get their answers, of which all flow for some seconds."""
    warm_up(server, dialect)
    empty = server.private_bytes()
    ramp = clients / STARTS_PER_SECOND
    count = int((ramp + SETTLING_SECONDS + seconds) * TOKENS_PER_SECOND)
    with Crowd([dialect() for _ in range(clients)], server.url) as crowd:
        crowd.connect()
        memory = (server.private_bytes() - empty) / clients / 1024
        gc.collect()
        gc.disable()  # the clients' own pauses would count as the server's
        try:
            crowd.ask(f"{TOKENS_PER_SECOND} {count}", ramp)
            crowd.listen(time.monotonic() + SETTLING_SECONDS)
            crowd.take_late()
            begin, cpu, own = time.monotonic(), server.cpu_seconds(), time.process_time()
            crowd.listen(begin + seconds)
            passed, cpu, own = time.monotonic() - begin, server.cpu_seconds() - cpu, time.process_time() - own
        finally:
            gc.enable()
        late = crowd.take_late()
        if not late:
            raise StalledError(f"no token in {passed:.0f} s: {clients} clients, {crowd.complete(count)} done")
        crowd.finish()
        return Run(
            clients,
            crowd.complete(count),
            Distribution(late),
            cpu / len(late) * 1e6,
            cpu / passed,
            own / passed,
            memory,
        )


def warm_up(server: Server, dialect: Callable[[], Dialect]) -> None:
    """Let a few answers through: the first ones load modules."""
    with Crowd([dialect() for _ in range(WARM_UP_CLIENTS * len(server.workers))], server.url) as crowd:
        crowd.connect()
        crowd.ask("0 5")
        crowd.finish()
