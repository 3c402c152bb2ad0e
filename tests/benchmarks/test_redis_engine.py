from __future__ import annotations

from collections.abc import Iterator

import pytest

from benchmarks import resume
from benchmarks.distribution import Distribution
from benchmarks.load.server import Server, serve
from benchmarks.redis_engine import RedisEngine, measure_stop, measure_ways
from benchmarks.report import Row
from vizro_ws_chat.testing.redis_server import RedisServer

MEMORY = Distribution([1.0] * 98 + [4.0] * 2)
SOON = Distribution([10.0])


def rows(other: Distribution = MEMORY, stops: Distribution = SOON, redis_cpu: float = 75.0) -> list[Row]:
    cpu = {"memory": [50.0, 10.0, 60.0], "redis": [redis_cpu, 1_000.0, 1.0]}
    return list(RedisEngine(MEMORY, MEMORY, other, stops, cpu).section().rows)


def test_what_redis_adds_is_told_and_judged() -> None:
    slower = Distribution([6.0] * 98 + [24.0] * 2)
    assert rows(slower)[1].ours == "6.0 / 24.0 / 24.0 ms: +5.0 / +20.0 ms"
    assert rows(slower)[1].met
    assert not rows(Distribution([6.1] * 98 + [24.0] * 2))[1].met
    assert not rows(Distribution([6.0] * 98 + [24.1] * 2))[1].met


def test_a_stop_is_judged_by_its_slow_ones() -> None:
    assert rows(stops=Distribution([10.0] * 99 + [1_000.0]))[2].met
    assert not rows(stops=Distribution([10.0] * 98 + [151.0] * 2))[2].met


@pytest.mark.parametrize(
    ("cpu", "ours", "ratio", "met"),
    [(75.0, "13,333", 0.67, True), (100.0, "10,000", 0.5, True), (101.0, "9,901", 0.5, False)],
)
def test_tokens_that_cost_more_are_fewer_in_a_second(cpu: float, ours: str, ratio: float, met: bool) -> None:
    row = rows(redis_cpu=cpu)[3]
    assert (row.ours, row.raw, row.met) == (f"{ours} tokens/s", "20,000 tokens/s", met)
    assert row.raw_ratio == pytest.approx(ratio, abs=0.01)


@pytest.fixture(scope="module")
def servers() -> Iterator[tuple[Server, Server]]:
    with RedisServer() as redis:
        env = {**resume.SINGLE_FRAMES, "VIZRO_WS_CHAT_REDIS_URL": redis.url}
        with serve("ours", "gevent", 50, env=env) as one, serve("ours", "gevent", 50, env=env) as two:
            yield one, two


def test_an_answer_comes_back_whole_from_another_process(servers: tuple[Server, Server]) -> None:
    one, two = servers
    assert resume.measure_once(one.url, two.url) > 0


def test_an_answer_is_stopped_in_another_process(servers: tuple[Server, Server]) -> None:
    one, two = servers
    assert measure_stop(one.url, two.url) > 0


def test_answers_are_read_in_both_processes(servers: tuple[Server, Server]) -> None:
    one, two = servers
    same, other = measure_ways(one.url, two.url, 2.0)
    assert min(same.percentile(0), other.percentile(0)) >= 0
