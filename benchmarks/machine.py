"""Says on what a result was measured."""

from __future__ import annotations

import importlib.metadata
import os
import platform
import subprocess
from collections.abc import Sequence
from pathlib import Path

from vizro_ws_chat.testing.browser import find_chromium

_BOTH = ("vizro-ws-chat", "vizro-experimental", "vizro", "dash")
PACKAGES_OF_PAGES = (*_BOTH, "dash-extensions", "openai")
PACKAGES_OF_SERVERS = (*_BOTH, "gunicorn", "gevent", "flask-sock", "simple-websocket", "redis")


def describe_machine() -> str:
    """The machine and its Python, in one line."""
    machine = f"{cpu_model()}, {os.cpu_count()} cores, {memory_gib():.0f} GiB, {platform.system()}"
    return f"{machine}; Python {platform.python_version()}"


def versions(packages: Sequence[str]) -> str:
    """The versions of those packages that are installed."""
    return ", ".join(f"{name} {version}" for name in packages if (version := _version(name)))


def _version(package: str) -> str:
    try:
        return importlib.metadata.version(package)
    except importlib.metadata.PackageNotFoundError:
        return ""


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
