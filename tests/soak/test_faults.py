"""A little of the soak in every run of the tests: no answer loses a character, whatever the network does."""

from __future__ import annotations

from soak.arena import open_arena
from soak.endurance import Tally, users
from soak.plan import Plan

PLAN = Plan(runs=150, minutes=None, clients=8, seed=1)
DEADLINE_SECONDS = 120.0


def test_nothing_is_lost_repeated_or_made_twice() -> None:
    tally = Tally(PLAN.log_ttl)
    with open_arena(PLAN.settings, threads=PLAN.threads) as arena:
        with users(arena, PLAN.habits, clients=PLAN.clients, seed=PLAN.seed, runs=PLAN.runs, tally=tally) as done:
            assert done.wait(DEADLINE_SECONDS)
        tally.add_calls(arena.calls())
    assert [str(violation) for violation in tally.violations] == []
    assert tally.ends["done"] > 100
    assert tally.ends["stopped"] > 0
    assert tally.connections > tally.runs
