"""What the network does to each connection, by chance.

Each client says in a header which draw is its own, so the clients' seeds decide and not the order in which connections
happen to come.
"""

from __future__ import annotations

import random

from vizro_ws_chat.testing.faults import BlackHole, Cut, Fault, HalfClose, Opening, Refuse, Side, Stall, Throttle

DRAW_HEADER = "X-Soak-Draw"
CALM = "calm"
"""The draw of a connection that nothing happens to."""

_KINDS = {
    "nothing": 45,
    "cut": 30,
    "half-close": 5,
    "short stall": 6,
    "long stall": 1,
    "black hole": 3,
    "throttle": 5,
    "refuse": 5,
}
# Handshakes and requests have some 500 bytes, answers some 5,000.
_BYTES: dict[Side, tuple[int, int]] = {"browser": (1, 8_000), "server": (1, 2_000)}


def draw_fault(opening: Opening) -> Fault | None:
    """Return what happens to a connection; the plan of a `FaultProxy`."""
    draw = opening.header(DRAW_HEADER)
    return None if draw in (None, CALM) else fault_of(random.Random(draw), is_websocket=opening.is_websocket)


def fault_of(chance: random.Random, *, is_websocket: bool) -> Fault | None:  # noqa: PLR0911 - one for each kind
    """Draw a fault."""
    [kind] = chance.choices(list(_KINDS), list(_KINDS.values()))
    toward: Side = "browser" if chance.random() < 0.75 else "server"
    low, high = _BYTES[toward]
    after = int(low * (high / low) ** chance.random())
    match kind:
        case "cut":
            return Cut(after, toward, reset=chance.random() < 0.5)
        case "half-close":
            # A request that ends early is rightly refused; browsers do not half-close, and proxies do not pass it on.
            return HalfClose(after, toward if is_websocket else "browser")
        case "short stall":
            return Stall(after, toward, seconds=chance.uniform(0.05, 0.5))
        case "long stall":
            return Stall(after, toward, seconds=chance.uniform(2, 10))
        case "black hole":
            # Not in the middle of a request: gunicorn waits for the rest of it for ever, and soon has no thread left.
            return BlackHole(after, "browser")
        case "throttle":
            return Throttle(chance.uniform(4_000, 40_000), toward)
        case "refuse":
            return Refuse(chance.choice([403, 502, 503]))
    return None
