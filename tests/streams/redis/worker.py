"""A process of its own with a run that never ends, for tests that kill it.

Args: the address of Redis, the lease in seconds, the run's id.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator
from typing import Any

from tests.streams.making import Sealed
from tests.streams.storyteller import start
from tests.waiting import wait_until
from vizro_ws_chat.settings import Settings
from vizro_ws_chat.streams.redis.shared_runs import SharedRuns
from vizro_ws_chat.streams.run import RunKey
from vizro_ws_chat.streams.scheduler import Scheduler


def count(context: Any) -> Iterator[str]:
    number = 0
    while True:
        yield f"{number} "
        number += 1
        time.sleep(0.01)


def tell(word: str) -> None:
    sys.stdout.write(f"{word}\n")
    sys.stdout.flush()


def main() -> None:
    url, lease, run_id = sys.argv[1:]
    settings = Settings(redis_url=url, lease_seconds=float(lease), batch_seconds=0)
    sealed = Sealed()
    runs = SharedRuns(settings, Scheduler(), app="app", seal_for=lambda _key, _question, content: sealed(content))
    run = start(runs, RunKey("chat", "owner", run_id), count)
    runs.attach(run)
    wait_until(lambda: run.log.last is not None, "the first frame in Redis")
    tell("started")
    wait_until(lambda: run.log.is_closed, "the end", deadline=60)
    tell(run.log.read(None)[-1].type)
    runs.close()


if __name__ == "__main__":
    main()
