"""Turn after turn in one conversation: what a late turn costs, compared with the first."""

from __future__ import annotations

import statistics
from collections.abc import Callable
from dataclasses import dataclass

from benchmarks.arena import Arena, Contestant, open_reciters
from benchmarks.recitals import TURN_PARTS, TURN_TOKENS
from benchmarks.report import Row, Section
from benchmarks.tab import Tab

# Conversations; the peer's later turns take seconds.
ROUNDS, QUICK_ROUNDS = 2, 1
PEER_ROUNDS = 1
TURNS = {"ours": 102, "peer": 32}
LATE = (30, 100)
# A turn's cost is the median over this many turns on either side of it; the first turn's is that of turns 1 to 5.
NEIGHBOURS = 2
# What a chat does after an answer is complete, such as keeping it, is part of the turn.
AFTERWORK_SECONDS = 0.2
TARGET_CHANGE = 0.2


@dataclass(frozen=True)
class Turn:
    """One question with its answer.

    Attributes:
        complete: Milliseconds from the click to the last part of the answer visible.
        cpu: Milliseconds of the main thread on a core.
        sent: Bytes that the page sent.
    """

    complete: float
    cpu: float
    sent: float


@dataclass(frozen=True)
class Turns:
    """The results: all turns of each conversation, by name."""

    conversations: dict[str, list[list[Turn]]]

    def section(self) -> Section:
        """Lay out as a table."""
        rows = [
            row
            for figure, unit, value in (
                ("click → complete", " ms", lambda turn: turn.complete),
                ("main thread's time on a core", " ms", lambda turn: turn.cpu),
                ("bytes sent by the page", "", lambda turn: turn.sent),
            )
            for row in self._rows(figure, unit, value)
        ]
        return Section(
            title="Turn after turn",
            method=f"Conversations of {TURNS['ours'] - NEIGHBOURS} turns ({len(self.conversations['ours'])}; the "
            f"peer's: {len(self.conversations['peer'])} of {TURNS['peer'] - NEIGHBOURS}); each answer is the same "
            f"Markdown of {TURN_TOKENS} tokens, at once. A turn's figure is the median of it and its {NEIGHBOURS} "
            f"neighbours on either side, over all conversations; turn 1 stands for turns 1 to {1 + 2 * NEIGHBOURS}.",
            rows=rows,
        )

    def _rows(self, figure: str, unit: str, value: Callable[[Turn], float]) -> list[Row]:
        rows = []
        first = {name: self._around(name, 1 + NEIGHBOURS, value) for name in self.conversations}
        for late in LATE:
            ours = self._around("ours", late, value)
            peer = f"{first['peer']:,.0f} → {self._around('peer', late, value):,.0f}{unit}"
            rows.append(
                Row(
                    f"{figure}: turn 1 → turn {late}",
                    f"{first['ours']:,.0f} → {ours:,.0f}{unit}",
                    peer if late < TURNS["peer"] else "",
                    target=f"at most {TARGET_CHANGE:.0%} more",
                    met=ours <= first["ours"] * (1 + TARGET_CHANGE),
                )
            )
        return rows

    def _around(self, name: str, number: int, value: Callable[[Turn], float]) -> float:
        return statistics.median(
            [
                value(turn)
                for turns in self.conversations[name]
                for turn in turns[number - 1 - NEIGHBOURS : number + NEIGHBOURS]
            ]
            or [0]
        )


def measure(arena: Arena, *, quick: bool) -> Turns:
    """Measure both, one after the other."""
    with open_reciters(arena) as (ours, peer):
        for contestant in (ours, peer):
            converse(contestant, 1)
        return Turns(
            {
                "ours": [converse(ours, TURNS["ours"]) for _ in range(QUICK_ROUNDS if quick else ROUNDS)],
                "peer": [converse(peer, TURNS["peer"]) for _ in range(PEER_ROUNDS)],
            }
        )


def converse(contestant: Contestant, turns: int) -> list[Turn]:
    """Ask the same question again and again in one conversation."""
    with contestant.tab() as tab:
        return [take_turn(tab) for _ in range(turns)]


def take_turn(tab: Tab) -> Turn:
    """Ask once."""
    tab.fill("turn")
    tab.arm("probe.startSampling()")
    sent = tab.ask("probe.sentBytes()")
    before = tab.main_thread()
    tab.click_button()
    tab.ask("probe.untilVisible(argument)", TURN_PARTS)
    seen = tab.ask("probe.stopSampling()")
    tab.pause(AFTERWORK_SECONDS)
    return Turn(
        complete=seen["samples"][-1][1] - seen["clicked"],
        cpu=(tab.main_thread() - before).cpu * 1000,
        sent=tab.ask("probe.sentBytes()") - sent,
    )
