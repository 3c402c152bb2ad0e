"""Stop, many times, while the model's answer flows, is silent, or has not begun."""

from __future__ import annotations

import contextlib
import itertools
import random
import time
from dataclasses import dataclass, field
from pathlib import Path

from benchmarks.answers import numbered_tokens
from benchmarks.arena import EXAMPLE, Arena, Contestant, app_environment, new_context
from benchmarks.distribution import Distribution
from benchmarks.report import Row, Section
from benchmarks.tab import Tab
from vizro_ws_chat.testing import Gate, Scenario, ScriptedOpenAI, serve_development
from vizro_ws_chat.testing.procfs import thread_count

ROUNDS, QUICK_ROUNDS, WARM_UP_ROUNDS = 200, 10, 10
ROUNDS_PER_TAB = 20
KINDS = ("flowing", "silent", "flowing", "silent", "not begun")
TARGET_IDLE_MS = 100
TARGET_CLOSED_MS = 50
# The app keeps finished answers for minutes, which is no leak; here it forgets them while we wait.
SHORT_MEMORY = {"VIZRO_WS_CHAT_GRACE_SECONDS": "1", "VIZRO_WS_CHAT_LOG_TTL_SECONDS": "1"}
# Seconds without a change after which the app counts as at rest: longer than all of its own short delays.
REST_SECONDS = 5.0
REST_DEADLINE_SECONDS = 60.0


@dataclass
class Times:
    """Milliseconds of each stop.

    Attributes:
        idle: Click on Stop to the button being "Send message" again.
        painted: Click on Stop to the end of the frame that shows it.
        closed: The browser's `send` of the cancel frame to the model seeing its connection closed.
    """

    idle: list[float] = field(default_factory=list)
    painted: list[float] = field(default_factory=list)
    closed: list[float] = field(default_factory=list)


@dataclass(frozen=True)
class Resources:
    """What the app's process holds."""

    threads: int
    descriptors: int

    def __str__(self) -> str:
        return f"{self.threads} threads, {self.descriptors} descriptors"


@dataclass(frozen=True)
class Stop:
    """The results."""

    times: dict[str, Times]
    before: Resources
    after: Resources

    def section(self) -> Section:
        """Lay out as a table."""
        everything = self.times.values()
        idle = Distribution(itertools.chain.from_iterable(times.idle for times in everything))
        painted = Distribution(itertools.chain.from_iterable(times.painted for times in everything))
        closed = Distribution(itertools.chain.from_iterable(times.closed for times in everything))
        grown = self.after.threads > self.before.threads or self.after.descriptors > self.before.descriptors
        return Section(
            title="Stop",
            method=f"{len(idle)} answers stopped with a click, {ROUNDS_PER_TAB} to a conversation, in turns while the "
            f"model's answer flows (100 tokens/s), is silent after some tokens, and before its first byte; p50 / p99 / "
            f"max. The peer has no Stop. *Idle*: the button says “Send message” again. *Closed*: from the browser's "
            f"`WebSocket.send` of the cancel frame to the model's server seeing the end of the connection.",
            rows=[
                Row("click → idle", str(idle), target=f"p99 ≤ {TARGET_IDLE_MS} ms", met=idle.p99 <= TARGET_IDLE_MS),
                Row("click → idle is painted", str(painted)),
                Row(
                    "cancel frame sent → model's connection closed",
                    str(closed),
                    target=f"p99 ≤ {TARGET_CLOSED_MS} ms",
                    met=closed.p99 <= TARGET_CLOSED_MS,
                ),
                Row(
                    "app before → after all of them, at rest",
                    f"{self.before} → {self.after}",
                    target="not one more",
                    met=not grown,
                ),
            ],
            notes=[
                f"{kind} ({len(times.idle)}): idle {Distribution(times.idle)}, closed {Distribution(times.closed)}."
                for kind, times in self.times.items()
            ],
        )


def measure(arena: Arena, *, quick: bool) -> Stop:
    """Measure with an app of its own, so that its threads and descriptors are nobody else's."""
    app = serve_development(EXAMPLE, env={**app_environment(arena.upstream), **SHORT_MEMORY})
    with app, contextlib.closing(new_context(arena.browser)) as context:
        contestant = Contestant("ours", app, context)
        stop_often(arena.upstream, contestant, WARM_UP_ROUNDS)
        before = resources_at_rest(app.pid)
        times = stop_often(arena.upstream, contestant, QUICK_ROUNDS if quick else ROUNDS)
        return Stop(times, before, resources_at_rest(app.pid))


def stop_often(upstream: ScriptedOpenAI, contestant: Contestant, rounds: int) -> dict[str, Times]:
    """Stop `rounds` answers."""
    times = {kind: Times() for kind in KINDS}
    # Seeded: each run stops at the same places.
    chance = random.Random(rounds)
    kinds = itertools.islice(itertools.cycle(KINDS), rounds)
    while conversation := list(itertools.islice(kinds, ROUNDS_PER_TAB)):
        with contestant.tab() as tab:
            for kind in conversation:
                stop_once(upstream, tab, kind, chance.randint(5, 50), times[kind])
    return times


def stop_once(upstream: ScriptedOpenAI, tab: Tab, kind: str, tokens: int, times: Times) -> None:
    """Ask, wait for `tokens` of the answer (or for none), stop, and take the times."""
    gate = Gate()
    if kind == "not begun":
        scenario = Scenario(before_headers=gate)
    else:
        chunks = numbered_tokens(10_000)
        scenario = Scenario(chunks, delay_seconds=0.01, hold_after={tokens: gate} if kind == "silent" else {})
    upstream.on("stop", scenario)
    asked = len(upstream.requests)
    tab.type("stop")
    tab.click_button()
    if not upstream.wait_for_requests(asked + 1, timeout=10):
        raise RuntimeError("The message did not reach the model")
    request = upstream.requests[-1]
    if not (request.wait_chunks(tokens, timeout=10) if kind == "flowing" else gate.wait_reached(timeout=10)):
        raise RuntimeError("The answer did not come to the place to stop at")
    tab.arm("probe.armStop()")
    tab.click_button()
    seen = tab.ask("probe.stopped")
    if not request.wait_disconnected(timeout=10) or request.disconnected_at is None:
        raise RuntimeError("The model's answer was not broken off")
    times.idle.append(seen["idle"] - seen["clicked"])
    times.painted.append(seen["painted"] - seen["clicked"])
    times.closed.append((request.disconnected_at - tab.to_monotonic(seen["cancelSent"])) * 1000)


def resources_at_rest(pid: int) -> Resources:
    """Return what a process holds once that has not changed for a while."""
    deadline = time.monotonic() + REST_DEADLINE_SECONDS
    held, since = None, 0.0
    while (now := time.monotonic()) < deadline:
        current = Resources(thread_count(pid), len(list(Path(f"/proc/{pid}/fd").iterdir())))
        if current != held:
            held, since = current, now
        elif now - since >= REST_SECONDS:
            return current
        time.sleep(0.1)
    raise RuntimeError(f"The app does not come to rest: {held}")
