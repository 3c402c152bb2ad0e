"""Click on Send to the first visible token, with a model that answers at once."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field

from openai import OpenAI

from benchmarks.answers import numbered_tokens
from benchmarks.arena import Arena, Contestant
from benchmarks.distribution import Distribution
from benchmarks.report import Row, Section
from vizro_ws_chat.testing import Scenario

ROUNDS = 15
QUICK_ROUNDS = 4
# The peer's share of the time that we may take.
TARGET_RATIO = 0.2
WARM, COLD, PEER = "ours", "ours, cold", "peer"


@dataclass
class Times:
    """Milliseconds of each round.

    Attributes:
        visible: Click to the first token visible.
        asked: Click to the model having read the request.
        shown: The model having written the first token to that token visible.
    """

    visible: list[float] = field(default_factory=list)
    asked: list[float] = field(default_factory=list)
    shown: list[float] = field(default_factory=list)


@dataclass(frozen=True)
class FirstToken:
    """The results.

    Attributes:
        times: Of our chat, our chat without a connection, and the peer's.
        bare: Milliseconds that the guide's `generate_response` takes to its first token with no chat around it.
    """

    times: dict[str, Times]
    bare: list[float]

    def section(self) -> Section:
        """Lay out as a table."""
        visible = {name: Distribution(times.visible) for name, times in self.times.items()}
        ratio = visible[WARM].p50 / visible[PEER].p50
        cold = visible[COLD].p50 / visible[PEER].p50
        peer = str(visible[PEER])
        bare = Distribution(self.bare)
        own = {name: visible[name].p50 - bare.p50 for name in (WARM, PEER)}
        return Section(
            title="First token",
            method=f"Click on Send (the mouse event's time) to the first token visible, in a new conversation, "
            f"{len(visible[WARM])} rounds each in turns; p50 / p99 / max. The model answers at once, so what is left "
            f"is the chat and the guide's own code, which makes an `OpenAI()` for each message. *Cold*: the field is "
            f"focused, filled and sent in one task, so that the connection is opened only then.",
            rows=[
                Row(
                    "click → first token",
                    str(visible[WARM]),
                    peer,
                    ratio,
                    f"median ≤ {TARGET_RATIO:.0%} of the peer's",
                    ratio <= TARGET_RATIO,
                ),
                Row("click → first token, cold", str(visible[COLD]), peer, cold),
                self._hop("of it: click → the model has the request", lambda times: times.asked),
                self._hop("of it: first token written → visible", lambda times: times.shown),
                Row("the guide's code alone, no chat: call → first token", str(bare), str(bare)),
                Row(
                    "click → first token less that, medians",
                    f"{own[WARM]:.0f} ms",
                    f"{own[PEER]:.0f} ms",
                    own[WARM] / own[PEER],
                ),
            ],
        )

    def _hop(self, figure: str, values: Callable[[Times], list[float]]) -> Row:
        ours, peer = Distribution(values(self.times[WARM])), Distribution(values(self.times[PEER]))
        return Row(figure, str(ours), str(peer), ours.p50 / peer.p50)


def measure(arena: Arena, *, quick: bool) -> FirstToken:
    """Measure both in turns."""
    arena.upstream.on("first", Scenario(numbered_tokens(3)))
    times = {WARM: Times(), COLD: Times(), PEER: Times()}
    bare: list[float] = []
    # The first message loads Python modules.
    call_bare(arena)
    for contestant in arena.contestants:
        ask_once(arena, contestant, cold=False, times=Times())
    for _ in range(QUICK_ROUNDS if quick else ROUNDS):
        ask_once(arena, arena.ours, cold=False, times=times[WARM])
        ask_once(arena, arena.peer, cold=False, times=times[PEER])
        ask_once(arena, arena.ours, cold=True, times=times[COLD])
        bare.append(call_bare(arena))
    return FirstToken(times, bare)


def call_bare(arena: Arena) -> float:
    """Do what the guide's `generate_response` does, and return the milliseconds to its first token."""
    begin = time.monotonic()
    client = OpenAI(base_url=arena.upstream.base_url, api_key=arena.upstream.api_key)
    stream = client.responses.create(model="bare", input="first", instructions="Be polite.", store=False, stream=True)
    with stream:
        next(event for event in stream if event.type == "response.output_text.delta")
        return (time.monotonic() - begin) * 1000


def ask_once(arena: Arena, contestant: Contestant, *, cold: bool, times: Times) -> None:
    """Open a new conversation, send one message and take its times."""
    with contestant.tab() as tab:
        tab.arm("probe.startSampling()")
        if cold:
            clicked = tab.ask("(start => (probe.sendCold(argument), start))(probe.now())", "first")
        else:
            tab.type("first")
            if contestant is arena.ours:
                tab.wait_connected()
            tab.click_button()
        tab.ask("probe.untilVisible(1)")
        seen = tab.ask("probe.stopSampling()")
        request = arena.upstream.requests[-1]
        request.wait_finished(10)
        if not cold:
            clicked = seen["clicked"]
        visible = seen["samples"][0][1]
        times.visible.append(visible - clicked)
        times.asked.append((request.received - tab.to_monotonic(clicked)) * 1000)
        times.shown.append((tab.to_monotonic(visible) - request.chunk_times[0]) * 1000)
