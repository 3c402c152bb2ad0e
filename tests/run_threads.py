"""The threads that drive runs, which no test may leave behind."""

from __future__ import annotations

import threading


def run_threads() -> list[threading.Thread]:
    """Return the threads that drive runs now."""
    return [thread for thread in threading.enumerate() if thread.name.startswith("vizro-ws-chat-run")]
