"""How soon a browser that comes back has all of a long answer."""

from __future__ import annotations

import time
from dataclasses import dataclass

from benchmarks.distribution import Distribution
from benchmarks.load.crowd import Crowd, StalledError
from benchmarks.load.dialects import OursWebSocket
from benchmarks.load.server import serve
from benchmarks.report import Row, Section
from vizro_ws_chat.testing.redis_server import RedisServer

FRAMES = 2_000
ROUNDS, QUICK_ROUNDS = 100, 5
TARGET_MS = 100
# Each token is a frame of its own, and all are kept singly.
SINGLE_FRAMES = {"VIZRO_WS_CHAT_BATCH_SECONDS": "0", "VIZRO_WS_CHAT_MAX_LOG_FRAMES": str(FRAMES + 10)}


@dataclass(frozen=True)
class Resume:
    """Milliseconds from the hello to the last frame, by where the answer is."""

    memory: Distribution
    redis: Distribution

    def section(self) -> Section:
        """Lay out as a table."""
        return Section(
            title="Resuming a long answer",
            method=f"An answer of {FRAMES:,} frames, complete, is asked for from its beginning, {len(self.memory)} "
            f"times over connections that are open; from the hello to its last frame; p50 / p99 / max. Gunicorn "
            f"(gevent); *Redis*: from another process than the one that made it, each time another answer.",
            rows=[
                Row(
                    f"{FRAMES:,} frames, {where}",
                    str(times),
                    target=f"p99 ≤ {TARGET_MS} ms",
                    met=times.p99 <= TARGET_MS,
                )
                for where, times in (("memory", self.memory), ("Redis, another process", self.redis))
            ],
        )


def measure(*, quick: bool) -> Resume:
    """Measure both."""
    rounds = QUICK_ROUNDS if quick else ROUNDS
    with serve("ours", "gevent", 10, env=SINGLE_FRAMES) as server:
        memory = measure_often(server.url, server.url, rounds)
    with RedisServer() as redis:
        env = {**SINGLE_FRAMES, "VIZRO_WS_CHAT_REDIS_URL": redis.url}
        with serve("ours", "gevent", 10, env=env) as one, serve("ours", "gevent", 10, env=env) as two:
            return Resume(memory, measure_often(one.url, two.url, rounds))


def measure_often(maker: str, other: str, rounds: int) -> Distribution:
    """Measure some rounds, and one before them in which modules are loaded and Redis is connected to."""
    measure_once(maker, other)
    return Distribution(measure_once(maker, other) for _ in range(rounds))


def measure_once(maker: str, other: str) -> float:
    """Have an answer made in one process, and read in another one; return the milliseconds that that took."""
    browser = OursWebSocket()
    with Crowd([browser, browser], maker, other) as crowd:
        crowd.connect()
        here, there = crowd.clients
        crowd.ask(f"0 {FRAMES}", clients=[here])
        crowd.listen_until(lambda: here.is_done, "the answer")
        begin = time.monotonic()
        there.say(browser.resumption())
        crowd.listen_until(lambda: there.is_done, "the answer again")
        passed = time.monotonic() - begin
        if crowd.complete(FRAMES) != len(crowd.clients):
            raise StalledError(f"{there.got} of {FRAMES} tokens came back, in order: {there.is_in_order}")
        return passed * 1000
