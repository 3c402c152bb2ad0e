"""Lets users chat through bad weather, and counts what goes wrong."""

from __future__ import annotations

import random
import threading
import time
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field

from soak.arena import Arena
from soak.checker import Violation, check_calls, check_run
from soak.endpoint import Endpoint
from soak.history import RunHistory
from soak.user import Habits, User

_KEPT_VIOLATIONS = 50


@dataclass
class Tally:
    """What has come of the runs so far. Shared by all users.

    Attributes:
        log_ttl: The server's, in seconds.
        runs: Histories that were checked, the late looks at old runs not counted.
        ends: How often runs have ended in which way.
        connections: How many connections were needed.
        violations: What went wrong; the first ones with their evidence.
        violation_count: How much went wrong.
    """

    log_ttl: float
    runs: int = 0
    late_looks: int = 0
    connections: int = 0
    ends: Counter[str] = field(default_factory=Counter)
    violations: list[Violation] = field(default_factory=list)
    violation_count: int = 0
    _sent: set[str] = field(default_factory=set)
    _answered: set[str] = field(default_factory=set)
    _broken: set[tuple[str, str]] = field(default_factory=set)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def add(self, history: RunHistory) -> None:
        """Check a run and count it."""
        found = check_run(history, log_ttl=self.log_ttl)
        with self._lock:
            is_new = history.run not in self._sent
            self.runs += is_new
            self.late_looks += not is_new
            self._sent.add(history.run)
            readings = history.readings if is_new else history.readings[-1:]
            self.connections += sum(len(reading.stretches) for reading in readings)
            self.ends.update(reading.refused or reading.status.value for reading in readings)
            if any(reading.text for reading in readings):
                self._answered.add(history.run)
            self._keep(found)

    def add_calls(self, calls: Mapping[str, int]) -> None:
        """Check how often the author's code was called, when nobody sends any more."""
        with self._lock:
            self._keep(check_calls(calls, self._sent, self._answered))

    def add_failure(self, error: BaseException) -> None:
        """Count a mistake of the soak itself, or a frame that nobody can read."""
        with self._lock:
            self._keep([Violation("frames", "?", f"{type(error).__name__}: {error}")])

    def _keep(self, found: list[Violation]) -> None:
        """Count each rule once for each run; what follows from it says nothing new."""
        for violation in found:
            key = (violation.rule, violation.run)
            if key not in self._broken:
                self._broken.add(key)
                self.violation_count += 1
                if len(self.violations) < _KEPT_VIOLATIONS:
                    self.violations.append(violation)


@contextmanager
def users(
    arena: Arena, habits: Habits, *, clients: int, seed: int, runs: int | None, tally: Tally
) -> Iterator[threading.Event]:
    """Let users chat until the block ends, or until so many runs are done.

    Args:
        arena: Where.
        habits: How.
        clients: How many users.
        seed: Decides all that they do.
        runs: Runs after which they end.
        tally: Counts.

    Yields:
        Set when all runs are done; to be set to end before.
    """
    stop = threading.Event()

    def live(name: str) -> None:
        endpoint = Endpoint(arena.proxy.url, arena.cookies(), patience=2.5 * habits.heartbeat)
        user = User(endpoint, habits, f"{seed} {name}", tally.add, stop)
        while not stop.is_set():
            user.think()
            if stop.is_set():
                return
            try:
                user.take_turn()
            except Exception as error:  # noqa: BLE001 - one user's mistake is reported, the others go on
                tally.add_failure(error)
            if runs is not None and tally.runs >= runs:
                done.set()

    done = threading.Event()
    threads = [
        threading.Thread(target=live, args=(str(number),), name=f"soak-user-{number}") for number in range(clients)
    ]
    for thread in threads:
        thread.start()
    try:
        yield done
    finally:
        stop.set()
        for thread in threads:
            thread.join()


def storm(arena: Arena, chance: random.Random) -> None:
    """Let the whole network fail for a moment."""
    if chance.random() < 0.5:
        arena.proxy.link_down()
    else:
        arena.proxy.black_hole()
    time.sleep(chance.uniform(0.1, 1.0))
    arena.proxy.link_up()
