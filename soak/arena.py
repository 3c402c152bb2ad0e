"""What is soaked: the dashboard on a real gunicorn, the model that it asks, and the network before it."""

from __future__ import annotations

import tempfile
import urllib.request
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass
from pathlib import Path

from soak.answers import answer_chunks
from soak.weather import draw_fault
from vizro_ws_chat.settings import ENVIRONMENT_PREFIX
from vizro_ws_chat.testing import AppProcess, FaultProxy, RedisServer, Scenario, ScriptedOpenAI, serve_gunicorn
from vizro_ws_chat.testing.procfs import child_pids

OWN = "own"
CHATS = (OWN, "model", "async")
ECHO = "echo"
"""The chat that is there to be attacked."""
_APP = Path(__file__).with_name("app.py")
_MODEL_PAUSE_SECONDS = 0.004


@dataclass(frozen=True)
class Arena:
    """All that runs.

    Attributes:
        server: The dashboard.
        proxy: The network before it.
        model: What it asks.
        calls_file: Where the author's code writes down the runs that it was called for.
    """

    server: AppProcess
    proxy: FaultProxy
    model: ScriptedOpenAI
    calls_file: Path

    @property
    def worker_pids(self) -> list[int]:
        """The processes that answer."""
        return child_pids(self.server.pid)

    def calls(self) -> Counter[str]:
        """Return how often the author's code was called, by run."""
        return Counter(self.calls_file.read_text(encoding="ascii").split())

    def cookies(self) -> str:
        """Open the dashboard as a new browser and return the cookies it gets, as a `Cookie` header."""
        opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
        with opener.open(self.server.url) as response:
            response.read()
            return "; ".join(cookie.split(";")[0] for cookie in response.headers.get_all("Set-Cookie", []))


@contextmanager
def open_arena(settings: Mapping[str, object], *, threads: int, workers: int = 1) -> Iterator[Arena]:
    """Start everything, and end it.

    Args:
        settings: The chat's settings that are not the default.
        threads: Gunicorn's, of each process.
        workers: Processes. Several share a Redis, and each connection comes to any of them.
    """
    model = ScriptedOpenAI(
        default=Scenario(
            lambda request: answer_chunks([message["content"] for message in request.messages]),
            delay_seconds=_MODEL_PAUSE_SECONDS,
        )
    )
    redis = RedisServer() if workers > 1 else None
    with model, redis or nullcontext(), tempfile.TemporaryDirectory() as folder:
        calls_file = Path(folder) / "calls"
        calls_file.touch()
        env = {
            "PYTHONPATH": str(_APP.parents[1]),
            # What is freed is given back at once: what the process holds is then what somebody keeps.
            "MALLOC_ARENA_MAX": "2",
            "MALLOC_MMAP_THRESHOLD_": "131072",
            "OPENAI_BASE_URL": model.base_url,
            "OPENAI_API_KEY": model.api_key,
            "SOAK_CALLS": str(calls_file),
            "VIZRO_WS_CHAT_KEY_FILE": str(Path(folder) / "key"),
            **({"VIZRO_WS_CHAT_REDIS_URL": redis.url} if redis else {}),
            **{f"{ENVIRONMENT_PREFIX}{name.upper()}": str(value) for name, value in settings.items()},
        }
        with (
            serve_gunicorn(_APP, workers=workers, threads=threads, env=env) as server,
            FaultProxy(server.url, plan=draw_fault, record=False) as proxy,
        ):
            yield Arena(server, proxy, model, calls_file)
