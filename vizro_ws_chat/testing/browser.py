"""Finds the Chromium that browser tests drive.

`find_chromium()` looks; `python -m vizro_ws_chat.testing.browser --install` installs one where none is found, and
prints the path. `make test-e2e` puts that path into the environment variable `CHROMIUM`, so a run looks only once.
"""

import argparse
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

COMMANDS = ("chromium", "chromium-browser", "google-chrome-stable", "google-chrome", "chrome")
# Seconds. A browser on a cold disk takes some to say its version; an installer downloads some 150 MB.
VERSION_TIMEOUT = 60.0
INSTALL_TIMEOUT = 600.0

# As root there is no sandbox; the rest keeps the browser itself from looking for other hosts.
CHROMIUM_ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
]


class ChromiumNotFoundError(RuntimeError):
    """No Chromium that runs was found; the message says what to do."""


def find_chromium() -> Path:
    """Return the Chromium to use: the environment variable `CHROMIUM`, else one of the PATH, else Playwright's own.

    Raises:
        ChromiumNotFoundError: If there is none, or `CHROMIUM` names something that does not run.
    """
    named = os.environ.get("CHROMIUM")
    if named:
        if not runs(Path(named)):
            raise ChromiumNotFoundError(f"CHROMIUM={named} is not a browser that runs.")
        return Path(named)
    for candidate in candidates():
        if runs(candidate):
            return candidate
    raise ChromiumNotFoundError(
        "No Chromium found. Install it (`playwright install --with-deps chromium`, or on Debian "
        "`apt-get install chromium`), or set the environment variable CHROMIUM to the path of one."
    )


def install_chromium() -> Path:
    """Return the Chromium to use, and install one first where there is none.

    Raises:
        ChromiumNotFoundError: If none could be installed either, or `CHROMIUM` names something that does not run.
    """
    for install in (install_with_playwright, install_with_apt):
        try:
            return find_chromium()
        except ChromiumNotFoundError:
            if os.environ.get("CHROMIUM"):
                raise
            install()
    return find_chromium()


def candidates() -> Iterator[Path]:
    """Yield the browsers to try, best first."""
    for command in COMMANDS:
        path = shutil.which(command)
        if path is not None:
            yield Path(path)
    try:
        from playwright.sync_api import sync_playwright  # noqa: PLC0415 - an optional dependency
    except ImportError:
        return
    with sync_playwright() as playwright:
        path = playwright.chromium.executable_path
    yield Path(path)


def runs(browser: Path) -> bool:
    """Tell whether the browser starts: a file that exists may still be a stub or lack libraries."""
    try:
        result = subprocess.run([browser, "--version"], capture_output=True, timeout=VERSION_TIMEOUT, check=False)
    except (OSError, subprocess.TimeoutExpired):
        return False
    return result.returncode == 0


def install_with_playwright() -> None:
    """Download Playwright's Chromium, if Playwright is installed."""
    run_installer(sys.executable, "-m", "playwright", "install", "chromium")


def install_with_apt() -> None:
    """Install the distribution's Chromium, where this process may."""
    apt = shutil.which("apt-get")
    if apt is not None and os.geteuid() == 0:
        run_installer(apt, "update")
        run_installer(apt, "install", "--yes", "--no-install-recommends", "chromium")


def run_installer(*command: str) -> None:
    """Run an installer with its output on standard error; whether it helped is for `find_chromium` to see."""
    try:
        subprocess.run(command, stdin=subprocess.DEVNULL, stdout=sys.stderr, timeout=INSTALL_TIMEOUT, check=False)
    except (OSError, subprocess.TimeoutExpired) as error:
        print(error, file=sys.stderr)  # noqa: T201 - beside the installer's own output


def main() -> None:
    """Print the path of the Chromium to use."""
    parser = argparse.ArgumentParser(description=main.__doc__)
    parser.add_argument("--install", action="store_true", help="install one if none is found")
    install: bool = parser.parse_args().install
    try:
        print(install_chromium() if install else find_chromium())  # noqa: T201 - the output of this command
    except ChromiumNotFoundError as error:
        sys.exit(str(error))


if __name__ == "__main__":
    main()
