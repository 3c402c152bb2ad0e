"""Says on what a result was measured."""

from __future__ import annotations

import datetime
import importlib.metadata
import os
import platform
import subprocess
from pathlib import Path

from vizro_ws_chat.testing.browser import find_chromium

SERVERS = ("gunicorn", "gevent", "flask-sock", "simple-websocket", "redis")
PACKAGES = ("vizro-ws-chat", "vizro-experimental", "vizro", "dash", "dash-extensions", "openai", *SERVERS)

LOAD_NOTE = (
    "- A load average above the number of cores means that other work on the machine delayed all of this: times are "
    "then too long, those at p99 and max most of all. CPU time, and ours : peer measured in turns, suffer less."
)


def describe_machine() -> str:
    """Return the machine and the versions, as a Markdown list."""
    versions = ", ".join(f"{name} {importlib.metadata.version(name)}" for name in PACKAGES)
    return "\n".join(
        [
            f"- Measured on {datetime.datetime.now(datetime.UTC):%Y-%m-%d}.",
            f"- {cpu_model()}, {os.cpu_count()} cores, {memory_gib():.0f} GiB, {platform.system()}.",
            f"- Python {platform.python_version()}, {chromium_version()} (headless, no GPU), {versions}.",
            "- Browser, clients, all apps, Redis and the scripted model share this machine and its loopback interface.",
            LOAD_NOTE,
        ]
    )


def load_average() -> float:
    """The processes that wanted a core, averaged over the last minute."""
    return os.getloadavg()[0]


def cpu_model() -> str:
    """The processor's name, as Linux tells it."""
    for line in Path("/proc/cpuinfo").read_text().splitlines():
        if line.startswith("model name"):
            return line.partition(":")[2].strip()
    return platform.machine()


def memory_gib() -> float:
    """The machine's memory."""
    return os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE") / 2**30


def chromium_version() -> str:
    """The browser's name and version, as it tells them."""
    told = subprocess.run([find_chromium(), "--version"], capture_output=True, text=True, check=True)
    return " ".join(told.stdout.split()[:2])
