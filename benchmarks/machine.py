"""Says on what a result was measured."""

from __future__ import annotations

import datetime
import importlib.metadata
import os
import platform
from pathlib import Path

PACKAGES = ("vizro-ws-chat", "vizro-experimental", "vizro", "dash", "dash-extensions", "openai")

LOAD_NOTE = (
    "- A load average above the number of cores means that other work on the machine delayed all of this: times are "
    "then too long, those at p99 and max most of all. CPU time, and ours : peer measured in turns, suffer less."
)


def describe_machine(chromium_version: str) -> str:
    """Return the machine and the versions, as a Markdown list."""
    versions = ", ".join(f"{name} {importlib.metadata.version(name)}" for name in PACKAGES)
    return "\n".join(
        [
            f"- Measured on {datetime.datetime.now(datetime.UTC):%Y-%m-%d}.",
            f"- {cpu_model()}, {os.cpu_count()} cores, {platform.system()}.",
            f"- Python {platform.python_version()}, Chromium {chromium_version} (headless, no GPU), {versions}.",
            "- Browser, both apps and the scripted model share this machine and its loopback interface.",
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
