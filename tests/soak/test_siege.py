"""Whoever besieges the chat, the dashboard answers, and the server's memory stays as it is."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from soak.arena import Arena, open_arena
from soak.siege import ATTACKS, MAX_MORE_MB, Attack, lay_siege, page_flood, visit

SECONDS = 1.0


@pytest.fixture(scope="module")
def arena() -> Iterator[Arena]:
    with open_arena({}, threads=16) as arena:
        visit(arena.server.url, SECONDS)
        yield arena


@pytest.mark.parametrize(
    "attack", [attack for attack in ATTACKS if attack is not page_flood], ids=lambda it: it.__name__
)
def test_the_dashboard_stands_it(arena: Arena, attack: Attack) -> None:
    siege = lay_siege(arena, attack, SECONDS, arena.cookies())
    assert siege.steps > 0
    assert siege.failures == 0
    assert siege.more_mb < MAX_MORE_MB
    assert "Traceback" not in arena.server.output
