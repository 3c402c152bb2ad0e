"""Servers under load, and what they use."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from vizro_ws_chat.testing import AppProcess, serve_gunicorn
from vizro_ws_chat.testing.procfs import child_pids, cpu_seconds, private_bytes

ROOT = Path(__file__).parents[2]
APPS = ROOT / "benchmarks" / "apps"
DEPLOYED = ROOT / "examples" / "deploy"
"""Gunicorn's configurations, which all of them are served with."""
WorkerClass = Literal["gevent", "gthread"]
_NO_LIMITS = {
    "PYTHONPATH": str(ROOT),
    # More than is asked of any server here; what is measured is where the machine ends, not where the settings do.
    "VIZRO_WS_CHAT_MAX_CONNECTIONS": "10000",
    "VIZRO_WS_CHAT_MAX_RUNS": "10000",
    # Clients here do not ping.
    "VIZRO_WS_CHAT_HEARTBEAT_SECONDS": "600",
    "VIZRO_WS_CHAT_DEAD_SECONDS": "1200",
    "VIZRO_WS_CHAT_IDLE_SECONDS": "600",
}
_SPARE_THREADS = 16


@dataclass(frozen=True)
class Server:
    """A server under load."""

    app: AppProcess

    @property
    def url(self) -> str:
        """Where it answers."""
        return self.app.url

    @property
    def workers(self) -> list[int]:
        """The ids of its worker processes."""
        return child_pids(self.app.pid)

    def cpu_seconds(self) -> float:
        """Processor time of all its workers so far."""
        return sum(map(cpu_seconds, self.workers))

    def private_bytes(self) -> int:
        """Memory that its workers have for themselves."""
        return sum(map(private_bytes, self.workers))


@contextlib.contextmanager
def serve(
    name: str, worker_class: WorkerClass, clients: int, *, workers: int = 1, env: Mapping[str, str] | None = None
) -> Iterator[Server]:
    """Serve one of the apps.

    Args:
        name: `ours`, `bare` or `peer`.
        worker_class: Gunicorn's.
        clients: How many a worker must be able to hold.
        workers: How many of them.
        env: More settings.
    """
    places = str(clients + _SPARE_THREADS)
    # fmt: off
    app = serve_gunicorn(
        APPS / f"load_{name}.py",
        configuration=DEPLOYED / f"gunicorn.{worker_class}.conf.py",
        arguments=[
            "--workers", str(workers), "--worker-connections", places, "--threads", places, "--timeout", "120",
            "--graceful-timeout", "3",
        ],
        env={**_NO_LIMITS, **(env or {})},
    )
    # fmt: on
    with app:
        yield Server(app)
