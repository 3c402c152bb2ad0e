"""What the Redis engine adds to a token's way, how soon another process stops an answer, and what tokens cost then."""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass

from benchmarks.distribution import Distribution
from benchmarks.load.crowd import Client, Crowd
from benchmarks.load.dialects import OursWebSocket
from benchmarks.load.server import serve
from benchmarks.report import Row, Section
from benchmarks.streams import TOKENS_PER_SECOND, measure_run, warm_up
from vizro_ws_chat.testing.redis_server import RedisServer

READERS, SECONDS, QUICK_SECONDS = 20, 20.0, 4.0
STOPS, QUICK_STOPS = 100, 20
CROWD, QUICK_CROWD = 300, 60
CROWD_SECONDS = 6.0
ROUNDS, QUICK_ROUNDS = 3, 1
TARGET_P50_MS, TARGET_P99_MS = 5.0, 20.0
TARGET_STOP_MS = 150
TARGET_THROUGHPUT = 0.5
_STOPPED = b'"type":"stopped"'


@dataclass(frozen=True)
class RedisEngine:
    """The results.

    Attributes:
        memory: Of each token, from being due to being received, without Redis.
        same: The same through Redis, in the process that makes the answer.
        other: The same in another process.
        stops: From the cancel frame, sent to another process, to `stopped` being there and in the answer's process.
        cpu: Microseconds of processor time for each token, without and with Redis; each round.
    """

    memory: Distribution
    same: Distribution
    other: Distribution
    stops: Distribution
    cpu: Mapping[str, list[float]]

    def section(self) -> Section:
        """Lay out as a table."""
        memory, redis = (sorted(self.cpu[name])[len(self.cpu[name]) // 2] for name in ("memory", "redis"))
        return Section(
            title="Redis engine",
            method=f"Processes of gunicorn (gevent), one worker each, and a Redis server on this machine. Ways: "
            f"{READERS} answers of {TOKENS_PER_SECOND} tokens/s, read in the process that makes them and in another "
            f"one; raw is the same without Redis; p50 / p99 / max. Stop: {len(self.stops)} answers, each read in two "
            f"processes and stopped in the one that does not make it, until both have it. Throughput: tokens for each "
            f"second of the worker's processor time, of the median of {len(self.cpu['redis'])} rounds.",
            rows=[
                self._way("same process", self.same),
                self._way("another process", self.other),
                Row(
                    "Stop in another process",
                    str(self.stops),
                    target=f"p99 ≤ {TARGET_STOP_MS} ms",
                    met=self.stops.p99 <= TARGET_STOP_MS,
                ),
                Row(
                    "throughput of a core",
                    f"{1e6 / redis:,.0f} tokens/s",
                    raw=f"{1e6 / memory:,.0f} tokens/s",
                    raw_ratio=memory / redis,
                    target=f"≥ {TARGET_THROUGHPUT} times memory's",
                    met=memory / redis >= TARGET_THROUGHPUT,
                ),
            ],
        )

    def _way(self, where: str, way: Distribution) -> Row:
        more_p50, more_p99 = way.p50 - self.memory.p50, way.p99 - self.memory.p99
        return Row(
            f"token due → received, {where}",
            f"{precise(way)}: {more_p50:+.1f} / {more_p99:+.1f} ms",
            raw=precise(self.memory),
            target=f"p50 + {TARGET_P50_MS:.0f}, p99 + {TARGET_P99_MS:.0f} ms",
            met=more_p50 <= TARGET_P50_MS and more_p99 <= TARGET_P99_MS,
        )


def precise(way: Distribution) -> str:
    """A distribution with tenths of milliseconds."""
    return f"{way.p50:.1f} / {way.p99:.1f} / {way.max:.1f} ms"


def measure(*, quick: bool) -> RedisEngine:
    """Measure without Redis and with it."""
    seconds = QUICK_SECONDS if quick else SECONDS
    clients = QUICK_CROWD if quick else CROWD
    cpu: dict[str, list[float]] = {"memory": [], "redis": []}
    with RedisServer() as redis:
        through_redis = {"VIZRO_WS_CHAT_REDIS_URL": redis.url}
        with serve("ours", "gevent", 2 * READERS) as server:
            warm_up(server, OursWebSocket)
            memory = measure_ways(server.url, server.url, seconds)[0]
        with ExitStack() as stack:
            one, two = (stack.enter_context(serve("ours", "gevent", READERS, env=through_redis)) for _ in range(2))
            for server in (one, two):
                warm_up(server, OursWebSocket)
            same, other = measure_ways(one.url, two.url, seconds)
            stops = [measure_stop(one.url, two.url) for _ in range(QUICK_STOPS if quick else STOPS)]
        for _ in range(QUICK_ROUNDS if quick else ROUNDS):
            for name, env in (("memory", {}), ("redis", through_redis)):
                with serve("ours", "gevent", clients, env=env) as server:
                    cpu[name].append(measure_run(server, OursWebSocket, clients, CROWD_SECONDS).cpu)
    return RedisEngine(memory, same, other, Distribution(stops), cpu)


def measure_ways(maker: str, other: str, seconds: float) -> tuple[Distribution, Distribution]:
    """Let answers be made in one process, and each be read there and in another one."""
    browsers = [OursWebSocket() for _ in range(READERS)]
    with Crowd([browser for browser in browsers for _ in range(2)], maker, other) as crowd:
        crowd.connect()
        makers, readers = crowd.clients[::2], crowd.clients[1::2]
        crowd.ask(f"{TOKENS_PER_SECOND} {int(TOKENS_PER_SECOND * (seconds + 4))}", 1.0, makers)
        read_along(crowd, browsers)
        crowd.listen(time.monotonic() + 1.0)
        crowd.take_late()
        crowd.listen(time.monotonic() + seconds)
        return late(makers), late(readers)


def late(clients: Sequence[Client]) -> Distribution:
    """How late their tokens were."""
    return Distribution(microseconds / 1000 for client in clients for microseconds in client.late)


def measure_stop(maker: str, other: str) -> float:
    """Stop an answer in another process than its own; return the milliseconds until both have it."""
    browser = OursWebSocket()
    with Crowd([browser, browser], maker, other) as crowd:
        crowd.connect()
        here, there = crowd.clients
        crowd.ask("100 100000", clients=[here])
        read_along(crowd, [browser])
        here.end = there.end = _STOPPED
        begin = time.monotonic()
        there.say(browser.cancel())
        crowd.listen_until(lambda: here.is_done and there.is_done, "being stopped")
        return (time.monotonic() - begin) * 1000


def read_along(crowd: Crowd, browsers: Sequence[OursWebSocket]) -> None:
    """Wait for the first tokens of answers, and let them be read on the browsers' second connections too."""
    makers, readers = crowd.clients[::2], crowd.clients[1::2]
    crowd.listen_until(lambda: all(client.got for client in makers), "the first tokens")
    for browser, reader in zip(browsers, readers, strict=True):
        reader.say(browser.resumption())
    crowd.listen_until(lambda: all(client.got for client in readers), "the first tokens elsewhere")
