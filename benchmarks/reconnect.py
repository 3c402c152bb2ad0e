"""The link goes away in mid answer for less than a second: how soon after its return text flows again."""

from __future__ import annotations

import random
import time
from collections.abc import Sequence
from dataclasses import dataclass

from benchmarks.answers import numbered_tokens
from benchmarks.arena import Arena, Contestant
from benchmarks.distribution import Distribution
from benchmarks.report import Row, Section
from vizro_ws_chat.testing import FaultProxy, Scenario

TOKENS_PER_SECOND = 100
ROUNDS, QUICK_ROUNDS = 3, 1
PEER_ROUNDS = 1
OUTAGES = 4
# Seconds. Long enough for a connection to count as a good one again.
BETWEEN = 6
SHORTEST, LONGEST = 0.05, 0.95
# How long the peer's page is watched for more text.
PATIENCE = 15
TARGET_P95_MS = 500
QUESTION = "through the tunnel"


@dataclass(frozen=True)
class Reconnect:
    """The results.

    Attributes:
        silence: Milliseconds from the link's return to the next text visible, for each outage of ours.
        lost: Tokens missing or out of order in our answers.
        peer_recovered: Whether any text came after the link's return, for each outage of the peer's.
    """

    silence: Sequence[float]
    lost: int
    peer_recovered: Sequence[bool]

    def section(self) -> Section:
        """Lay out as a table."""
        silence = Distribution(self.silence)
        p95 = silence.percentile(95)
        cut_off = self.peer_recovered.count(False)
        return Section(
            title="A link that comes back",
            method=f"{TOKENS_PER_SECOND} tokens a second; between browser and server a TCP proxy resets every "
            f"connection and refuses new ones for {SHORTEST} to {LONGEST} s, at random; {len(silence)} times, "
            f"{BETWEEN} s apart. From the link's return to the next text visible.",
            rows=[
                Row(
                    "link back → text flows, p50 / p95 / max",
                    f"{silence.p50:.0f} / {p95:.0f} / {silence.max:.0f} ms",
                    f"never, in {cut_off} of {len(self.peer_recovered)}",
                    target=f"p95 ≤ {TARGET_P95_MS} ms",
                    met=p95 <= TARGET_P95_MS,
                ),
                Row("tokens lost", str(self.lost), target="0", met=self.lost == 0),
            ],
        )


def measure(arena: Arena, *, quick: bool) -> Reconnect:
    """Measure ours, and look at what becomes of the peer's answer."""
    seconds = OUTAGES * (LONGEST + BETWEEN) + BETWEEN
    tokens = numbered_tokens(int(seconds * TOKENS_PER_SECOND))
    arena.upstream.on(QUESTION, Scenario(tokens, delay_seconds=1 / TOKENS_PER_SECOND))
    chance = random.Random(1)
    silence: list[float] = []
    lost = 0
    for _ in range(QUICK_ROUNDS if quick else ROUNDS):
        times, missing = measure_ours(arena.ours, chance, len(tokens))
        silence += times
        lost += missing
    recovered = [peer_recovers(arena.peer, chance) for _ in range(QUICK_ROUNDS if quick else PEER_ROUNDS)]
    return Reconnect(silence, lost, recovered)


def measure_ours(contestant: Contestant, chance: random.Random, count: int) -> tuple[list[float], int]:
    """Let one answer go through several outages; return the silences in ms and the number of tokens lost."""
    with FaultProxy(contestant.app.url) as proxy, contestant.tab(proxy.url) as tab:
        tab.type(QUESTION)
        tab.arm("probe.startSampling()")
        tab.click_button()
        returns = []
        for _ in range(OUTAGES):
            tab.pause(BETWEEN)
            returns.append(interrupt(proxy, chance))
        tab.ask("probe.untilVisible(argument)", count)
        samples = tab.ask("probe.stopSampling()")["samples"]
        visible = [tab.to_monotonic(at) for _, at in samples]
        silence = [(min(at for at in visible if at > back) - back) * 1000 for back in returns]
        return silence, sum(f"n{number}" != word for number, word in enumerate(tab.last_answer().split(), start=1))


def peer_recovers(contestant: Contestant, chance: random.Random) -> bool:
    """Interrupt one of the peer's answers; return whether any more text comes."""
    with FaultProxy(contestant.app.url) as proxy, contestant.tab(proxy.url) as tab:
        tab.type(QUESTION)
        tab.arm("probe.startSampling()")
        tab.click_button()
        tab.ask("probe.untilVisible(argument)", 1)
        tab.pause(1)
        proxy.link_down()
        # What it has received it goes on showing, slowly.
        tab.pause(PATIENCE)
        before = tab.last_answer()
        proxy.link_up()
        tab.pause(PATIENCE + chance.random())
        return tab.last_answer() != before


def interrupt(proxy: FaultProxy, chance: random.Random) -> float:
    """Take the link away and give it back; return when, by `time.monotonic()`."""
    proxy.link_down()
    time.sleep(chance.uniform(SHORTEST, LONGEST))
    proxy.link_up()
    return time.monotonic()
