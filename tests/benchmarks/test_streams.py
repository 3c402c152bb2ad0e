from __future__ import annotations

from dataclasses import replace

import pytest

from benchmarks import streams
from benchmarks.distribution import Distribution
from benchmarks.load.crowd import StalledError
from benchmarks.load.server import WorkerClass, serve
from benchmarks.report import Row
from benchmarks.streams import CLIENTS, DIALECTS, Run, Streams, measure_run, median_run
from benchmarks.workers import Workers

OURS = Run(1000, 1000, Distribution([100.0]), 30.0, 0.6, 0.1, 13.0)
PEER = replace(OURS, cpu=30.0)
RAW = replace(OURS, cpu=20.0, memory=10.0)


def rows(ours: Run = OURS, peer: Run = PEER, raw: Run = RAW) -> list[Row]:
    """The first server's rows."""
    runs = {(kind, name): [run] for kind in CLIENTS for name, run in zip(DIALECTS, (ours, peer, raw), strict=True)}
    return list(Streams(runs).section().rows[:4])


def test_what_just_reaches_its_targets_is_met() -> None:
    assert [row.met for row in rows()] == [True] * 4


@pytest.mark.parametrize(
    ("ours", "place"),
    [
        (replace(OURS, complete=999), 0),
        (replace(OURS, late=Distribution([100.1])), 1),
        (replace(OURS, cpu=30.1), 2),
        (replace(OURS, memory=13.1), 3),
    ],
)
def test_what_misses_a_target_by_a_little_is_missed(ours: Run, place: int) -> None:
    assert [row.met for row in rows(ours)] == [number != place for number in range(4)]


def test_processor_time_has_to_be_below_the_peers_and_near_the_inevitable() -> None:
    assert not rows(peer=replace(PEER, cpu=29.0))[2].met
    assert not rows(peer=replace(PEER, cpu=99.0), raw=replace(RAW, cpu=19.0))[2].met


def test_ratios_are_ours_to_the_others() -> None:
    _, _, cpu, memory = rows(peer=replace(PEER, cpu=60.0))
    assert (cpu.ratio, cpu.raw_ratio, memory.raw_ratio) == (0.5, 1.5, 1.3)


def test_the_run_that_counts_is_the_one_in_the_middle_by_processor_time() -> None:
    assert median_run([replace(OURS, cpu=cpu) for cpu in (3.0, 1.0, 2.0)]).cpu == 2.0


@pytest.mark.parametrize(("cpu", "times", "met"), [(30.0, "2.00", True), (33.0, "1.82", True), (40.0, "1.50", False)])
def test_two_workers_whose_tokens_cost_more_serve_less_than_twice_as_much(cpu: float, times: str, met: bool) -> None:
    row = Workers([OURS], [replace(OURS, cpu=cpu)]).section().rows[0]
    assert (row.ours, row.met) == (f"{times} times", met)


@pytest.mark.parametrize(("name", "worker_class"), [("ours", "gevent"), ("bare", "gthread")])
def test_a_run_against_a_real_server(name: str, worker_class: WorkerClass, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(streams, "SETTLING_SECONDS", 0.0)
    with serve(name, worker_class, 4) as server:
        run = measure_run(server, DIALECTS[name], 2, 2.0)
        with pytest.raises(StalledError, match="no token in 0 s: 2 clients"):
            measure_run(server, DIALECTS[name], 2, 0.01)  # too short for one: nothing was slow, and nothing fast
    assert run.clients == run.complete == 2
    assert 1 <= len(run.late) <= 2 * int(2.02 * streams.TOKENS_PER_SECOND)
    assert run.late.percentile(0) >= 0
    assert run.cpu > 0
    assert run.client_busy > 0
