"""The names of all keys in Redis."""

from __future__ import annotations

import hashlib
import json

from vizro_ws_chat.streams.run import RunKey


class Keys:
    """Names keys below a prefix.

    Args:
        prefix: What all keys begin with, as the settings say.
        app: Tells apps apart that share a Redis: only those with the same secret read each other's runs.
    """

    def __init__(self, prefix: str, app: str) -> None:
        self.app = app
        self._base = f"{prefix}:{app}"
        self.workers = f"{self._base}:workers"
        """Sorted set: the ids of the processes that are alive, by the time in ms until which they certainly are."""
        self.apps = f"{prefix}:apps"
        """Sorted set: the apps below the prefix, by the time in ms when they were last heard of."""
        self.lost = f"{self._base}:lost"
        """Text: there for a lease after a process has noticed that Redis had lost what it had."""

    @staticmethod
    def name(key: RunKey) -> str:
        """Return what a run is called in keys, which tells nothing of its owner: 64 hexadecimal digits."""
        return hashlib.sha256(json.dumps(key).encode()).hexdigest()

    def frames(self, name: str) -> str:
        """Stream: a run's frames, in batches. The id of an entry is that of its last frame."""
        return f"{self._base}:run:{name}:frames"

    def facts(self, name: str) -> str:
        """Text: what must be known of a run to read it, `RunFacts`. Expires with its frames."""
        return f"{self._base}:run:{name}:facts"

    def claim(self, name: str) -> str:
        """Text: the id of the process that a run was started in. Outlives it, so that none is executed twice."""
        return f"{self._base}:run:{name}:claim"

    def cancelled(self, name: str) -> str:
        """Text: there when a run was stopped, perhaps before it was started."""
        return f"{self._base}:run:{name}:cancelled"

    def runs_of(self, worker: str) -> str:
        """Set: the names of the runs that are alive in a process."""
        return f"{self._base}:worker:{worker}:runs"

    def mail_of(self, worker: str) -> str:
        """Stream: what other processes tell a process."""
        return f"{self._base}:worker:{worker}:mail"
