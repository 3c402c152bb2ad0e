"""The same with several processes: each connection comes to any of them, whichever has the answer."""

from __future__ import annotations

from dataclasses import replace

from soak.arena import open_arena
from soak.endurance import Tally, users
from tests.soak.test_faults import DEADLINE_SECONDS, PLAN

SHARED = replace(PLAN, runs=100, workers=3)


def test_nothing_is_lost_repeated_or_made_twice_in_any_of_several_processes() -> None:
    tally = Tally(SHARED.log_ttl)
    with open_arena(SHARED.settings, threads=SHARED.threads, workers=SHARED.workers) as arena:
        with users(arena, SHARED.habits, clients=SHARED.clients, seed=1, runs=SHARED.runs, tally=tally) as done:
            assert done.wait(DEADLINE_SECONDS)
        tally.add_calls(arena.calls())
    assert [str(violation) for violation in tally.violations] == []
    assert tally.ends["done"] > 60
    assert tally.connections > tally.runs
