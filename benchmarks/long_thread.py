"""A page that is opened with a conversation of 500 messages: when it is ready, and what it holds."""

from __future__ import annotations

import json
from dataclasses import dataclass

from benchmarks.answers import mixed_markdown
from benchmarks.arena import Arena, Contestant, open_reciters
from benchmarks.distribution import Distribution
from benchmarks.recitals import TURN_PARTS, TURN_TOKENS
from benchmarks.report import Row, Section
from benchmarks.tab import Memory, Tab

TURNS = 250
ROUNDS, QUICK_ROUNDS = 7, 3
TARGET_READY_RATIO = 1.5
# The peer's share of the memory that we may take.
TARGET_MEMORY_RATIO = 1 / 3
# Where the peer's page keeps a conversation.
PEER_STORE = "chat-store"


@dataclass(frozen=True)
class Page:
    """One of the two pages, without and with the conversation.

    Attributes:
        empty: Milliseconds from the beginning of the page's loading to the field visible, of each round.
        full: The same to the field and the last answer visible.
        longest_task: Milliseconds of the longest task over 50 ms while the full page loads, else 0, of each round.
        memory_empty: What the empty page holds at rest.
        memory_full: What the full page holds at rest.
    """

    empty: list[float]
    full: list[float]
    longest_task: list[float]
    memory_empty: Memory
    memory_full: Memory

    @property
    def added(self) -> Memory:
        """What the conversation adds."""
        return self.memory_full - self.memory_empty

    @property
    def slower(self) -> float:
        """The full page's time to the empty page's, medians."""
        return Distribution(self.full).p50 / Distribution(self.empty).p50

    @property
    def ready(self) -> str:
        """Both times in words."""
        return f"{Distribution(self.empty).p50:.0f} → {Distribution(self.full).p50:.0f} ms, ratio {self.slower:.2f}"


@dataclass(frozen=True)
class LongThread:
    """The results."""

    ours: Page
    peer: Page

    def section(self) -> Section:
        """Lay out as a table."""
        heap = self.ours.added.heap / self.peer.added.heap
        nodes = self.ours.added.nodes / self.peer.added.nodes
        return Section(
            title="Long thread",
            method=f"A page reloaded {len(self.ours.full)} times without and with a conversation of {2 * TURNS} "
            f"messages, each answer Markdown of {TURN_TOKENS} tokens; medians. *Ready*: the field and the last answer "
            f"are visible. Memory is what JavaScript's heap and the document's objects hold after their garbage was "
            f"collected, and the document's nodes, when the page has come to rest.",
            rows=[
                Row(
                    "ready: empty → with the conversation",
                    self.ours.ready,
                    self.peer.ready,
                    target=f"ratio ≤ {TARGET_READY_RATIO}",
                    met=self.ours.slower <= TARGET_READY_RATIO,
                ),
                Row(
                    "longest task of each loading",
                    str(Distribution(self.ours.longest_task)),
                    str(Distribution(self.peer.longest_task)),
                ),
                Row(
                    "memory that the conversation adds",
                    str(self.ours.added),
                    str(self.peer.added),
                    heap,
                    "bytes ≤ a third of the peer's",
                    heap <= TARGET_MEMORY_RATIO,
                ),
                Row("of it: nodes", f"{self.ours.added.nodes:,}", f"{self.peer.added.nodes:,}", nodes),
                Row(
                    "memory of the whole page",
                    str(self.ours.memory_full),
                    str(self.peer.memory_full),
                    self.ours.memory_full.heap / self.peer.memory_full.heap,
                ),
            ],
        )


def measure(arena: Arena, *, quick: bool) -> LongThread:
    """Measure both."""
    rounds = QUICK_ROUNDS if quick else ROUNDS
    with open_reciters(arena) as (ours, peer):
        return LongThread(measure_page(ours, rounds), measure_page(peer, rounds))


def measure_page(contestant: Contestant, rounds: int) -> Page:
    """Load the page without and with the conversation."""
    with contestant.tab() as tab:
        tab.watch_loads()
        empty = [load(tab, 0)[0] for _ in range(rounds)]
        memory_empty = memory_at_rest(tab)
        if contestant.name == "ours":
            converse(tab)
        else:
            tab.seed_storage(PEER_STORE, peer_thread())
            # As Dash marks what it has stored itself.
            tab.seed_storage(f"{PEER_STORE}-timestamp", "1")
        loads = [load(tab, TURN_PARTS) for _ in range(rounds)]
        return Page(
            empty, [ready for ready, _ in loads], [task for _, task in loads], memory_empty, memory_at_rest(tab)
        )


def load(tab: Tab, number: int) -> tuple[float, float]:
    """Reload; return when the field and the token are visible, and the longest task, in milliseconds."""
    tab.reload()
    tab.ask("probe.untilVisible(argument)", number)
    seen = tab.ask("probe.stopSampling()")
    tab.wait_quiet()
    times = [seen["fieldSeen"], *(time for reached, time in seen["samples"] if reached == number)]
    return max(times), tab.ask("probe.longestTask(0)")


def memory_at_rest(tab: Tab) -> Memory:
    """Wait for the page to rest and read what it holds."""
    tab.wait_quiet()
    return tab.memory()


def converse(tab: Tab) -> None:
    """Hold the conversation with our chat, whose messages are signed by its server."""
    for _ in range(TURNS):
        tab.fill("turn")
        tab.arm("probe.startSampling()")
        tab.click_button()
        tab.ask("probe.untilVisible(argument)", TURN_PARTS)
    tab.ask("probe.stopSampling()")


def peer_thread() -> str:
    """The same conversation as the peer's page keeps it."""
    answer = "".join(mixed_markdown(part) for part in range(1, TURN_PARTS + 1))
    turn = [("user", "turn"), ("assistant", answer)]
    return json.dumps([{"role": role, "content_json": json.dumps(text)} for role, text in turn * TURNS])
