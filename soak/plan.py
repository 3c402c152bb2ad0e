"""What is to be done, and under which conditions."""

from __future__ import annotations

from dataclasses import dataclass

from soak.user import REMEMBERED_TURNS, Habits

_ENDURANCE_THINK_SECONDS = 40.0
_GRACE_SECONDS = 4.0
_HEARTBEAT_SECONDS = 1.0
_SHORTEST_TTL_SECONDS = 20.0
_LONGEST_TTL_SECONDS = 300.0
_LEAST_THREADS = 16


@dataclass(frozen=True)
class Plan:
    """What is to be done.

    Attributes:
        runs: Runs to do; `None` for as many as there is time for.
        minutes: Time to go on for; `None` until the runs are done.
        clients: Users at once.
        seed: Decides all that users and network do.
        workers: Processes that serve them.
    """

    runs: int | None
    minutes: float | None
    clients: int
    seed: int
    workers: int = 1

    @property
    def threads(self) -> int:
        """Gunicorn's. Half of them may hold connections: some users are told that the server is busy."""
        return max(_LEAST_THREADS, self.clients // 2)

    @property
    def log_ttl(self) -> float:
        """Less than a tenth of an endurance run, so that what is kept for too long is seen to grow."""
        if self.minutes is None:
            return _SHORTEST_TTL_SECONDS
        return max(_SHORTEST_TTL_SECONDS, min(_LONGEST_TTL_SECONDS, self.minutes * 60 / 12))

    @property
    def settings(self) -> dict[str, object]:
        """The chat's settings, all short or small, so that every limit is met."""
        return {
            "heartbeat_seconds": _HEARTBEAT_SECONDS,
            "dead_seconds": 3 * _HEARTBEAT_SECONDS,
            "idle_seconds": 3.0,
            "send_deadline_seconds": 2.0,
            "busy_retry_seconds": 0.3,
            "grace_seconds": _GRACE_SECONDS,
            "log_ttl_seconds": self.log_ttl,
            "max_log_frames": 20,
            "max_cached_chars": 60_000,
            # Attackers are one owner, and as fast as they can be.
            "max_owner_frames_per_second": 1e9,
            # More than are asked again by users who remember their last few turns, even by one who was held up.
            "max_remembered_runs": max(2_000, 8 * REMEMBERED_TURNS * self.clients),
        }

    @property
    def habits(self) -> Habits:
        """How users behave."""
        return Habits(
            heartbeat=_HEARTBEAT_SECONDS,
            grace=_GRACE_SECONDS,
            think_seconds=0.0 if self.minutes is None else _ENDURANCE_THINK_SECONDS,
            chunks=150,
            pause_ms=6,
        )
