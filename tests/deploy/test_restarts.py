"""The machines are restarted one after the other while people chat: nobody notices."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from soak.answers import answer_chunks
from soak.arena import Arena
from soak.endurance import Tally, users
from soak.user import Habits
from tests.deploy.deployment import GUNICORNS, SOURCE, Deployment, deploy
from tests.waiting import wait_until
from vizro_ws_chat.testing import AppProcess, FaultProxy, Scenario, ScriptedOpenAI
from vizro_ws_chat.testing.procfs import child_pids

HABITS = Habits(heartbeat=1.0, grace=0.1, think_seconds=0.5, chunks=100, pause_ms=10)
"""Nobody is away for long, and the longest answers take six seconds."""
CLIENTS = 4
RUNS_BETWEEN = 10
DEADLINE_SECONDS = 60.0


@contextmanager
def chatting(deployment: Deployment, calls_file: Path) -> Iterator[Tally]:
    """Let users chat, and check afterwards all that they saw."""
    tally = Tally(log_ttl=60.0)
    with FaultProxy(deployment.url, record=False) as proxy:
        arena = Arena(deployment.machines[0], proxy, deployment.model, calls_file)
        with users(arena, HABITS, clients=CLIENTS, seed=1, runs=None, tally=tally):
            yield tally
    tally.add_calls(arena.calls())


@pytest.mark.parametrize("gunicorn", GUNICORNS)
def test_no_turn_is_lost_and_none_is_made_twice(gunicorn: str, tmp_path: Path) -> None:
    calls_file = tmp_path / "calls"
    calls_file.touch()
    model = ScriptedOpenAI(
        default=Scenario(lambda request: answer_chunks([message["content"] for message in request.messages]))
    )
    environment = {
        "SOAK_CALLS": str(calls_file),
        "VIZRO_WS_CHAT_KEY_FILE": str(tmp_path / "key"),
        "VIZRO_WS_CHAT_HEARTBEAT_SECONDS": str(HABITS.heartbeat),
    }
    with (
        deploy(
            SOURCE / "soak" / "app.py",
            gunicorn=gunicorn,
            has_tls=False,
            replaced={"rate=50r/s": "rate=1000r/s"},
            model=model,
            environment=environment,
        ) as deployment,
        chatting(deployment, calls_file) as tally,
    ):
        for machine in deployment.machines:
            some_more_runs(tally)
            machine.stop()
            some_more_runs(tally)
            machine.start()
        for machine in deployment.machines:
            some_more_runs(tally)
            reload(machine)
        some_more_runs(tally)
    assert [str(violation) for violation in tally.violations] == []
    assert tally.ends["interrupted"] == 0
    assert tally.ends["done"] > 4 * RUNS_BETWEEN


def some_more_runs(tally: Tally) -> None:
    so_far = tally.runs
    wait_until(lambda: tally.runs >= so_far + RUNS_BETWEEN, "runs", DEADLINE_SECONDS)


def reload(machine: AppProcess) -> None:
    before = set(child_pids(machine.pid))
    os.kill(machine.pid, signal.SIGHUP)
    wait_until(lambda: not before & set(child_pids(machine.pid)), "new processes", DEADLINE_SECONDS)
