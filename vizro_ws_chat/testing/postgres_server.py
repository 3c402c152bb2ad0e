"""Runs a PostgreSQL server of its own for tests."""

from __future__ import annotations

import contextlib
import os
import pwd
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from types import TracebackType
from typing import Any

from vizro_ws_chat.testing.processes import free_port
from vizro_ws_chat.testing.procfs import child_pids

_DEBIAN = Path("/usr/lib/postgresql")
"""Where Debian has it, by version and off the PATH."""
_USER = "postgres"
_POLL_SECONDS = 0.01
_START_SECONDS = 60.0
_STOP_SECONDS = 10.0
_STATUS_LINE = 7
"""Of the file that the server keeps about itself."""


class PostgresMissingError(Exception):
    """There is no PostgreSQL server on this machine. The message says how to get one."""

    def __init__(self) -> None:
        super().__init__(
            "PostgreSQL's initdb and postgres are not installed here. Install them (on Debian: apt-get install "
            "postgresql)."
        )


class PostgresServer:
    """A PostgreSQL server on a free port of the loopback interface, with an empty database.

    PostgreSQL refuses to run as root, so for root it runs as the user `postgres`, whom its packages make.

    Example::

        with PostgresServer() as postgres:
            with serve_gunicorn(Path("app.py"), env={"VIZRO_WS_CHAT_HISTORY": postgres.url}) as app:
                ...
                postgres.kill()
                postgres.start()

    Args:
        arguments: More of the program's options, such as `["-c", "max_connections=5"]`.

    Raises:
        PostgresMissingError: When none is installed.
    """

    def __init__(self, arguments: Sequence[str] = ()) -> None:
        self._programs = _find_programs()
        self._arguments = list(arguments)
        self._port = free_port()
        self._folder = tempfile.TemporaryDirectory(prefix="vizro-ws-chat-postgres-")
        self._data = Path(self._folder.name) / "data"
        self._process: subprocess.Popen[bytes] | None = None
        self._frozen: list[int] = []

    def __enter__(self) -> PostgresServer:
        self.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    @property
    def url(self) -> str:
        """Where it answers, as SQLAlchemy takes it: with the user who may do everything."""
        return f"postgresql+psycopg://{_USER}@127.0.0.1:{self._port}/{_USER}"

    def start(self) -> None:
        """Start it, again with what it has kept, and wait until it answers."""
        if not self._data.exists():
            self._make_database()
        # fmt: off
        options = [
            "-D", str(self._data), "-h", "127.0.0.1", "-p", str(self._port), "-F",
            "-c", "unix_socket_directories=", *self._arguments,
        ]
        # fmt: on
        self._process = subprocess.Popen([self._programs / "postgres", *options], **_as_user())
        deadline = time.monotonic() + _START_SECONDS
        while not self._is_ready(self._process.pid):
            if self._process.poll() is not None or time.monotonic() > deadline:
                self.kill()
                raise RuntimeError(f"PostgreSQL did not come up with {options}")
            time.sleep(_POLL_SECONDS)

    def _make_database(self) -> None:
        if os.geteuid() == 0:
            shutil.chown(self._folder.name, _USER)
        # fmt: off
        options = [
            "-D", str(self._data), "--username", _USER, "--auth", "trust", "--encoding", "UTF8", "--no-locale",
            "--no-sync",
        ]
        # fmt: on
        subprocess.run([self._programs / "initdb", *options], check=True, **_as_user())

    def _is_ready(self, pid: int) -> bool:
        with contextlib.suppress(FileNotFoundError, IndexError):
            lines = (self._data / "postmaster.pid").read_text(encoding="utf-8").splitlines()
            return lines[0] == str(pid) and lines[_STATUS_LINE].strip() == "ready"
        return False

    def kill(self) -> None:
        """End it without a warning, as a crash would: connections break, and it has to recover. Safe to call twice."""
        if self._process is not None:
            self.thaw()  # nothing else ends what is frozen
            # What it calls an immediate shutdown. If it were killed, its processes would go on for a moment.
            self._process.send_signal(signal.SIGQUIT)
            try:
                self._process.wait(_STOP_SECONDS)
            except subprocess.TimeoutExpired:
                self._process.kill()
                self._process.wait()
            self._process = None

    def freeze(self) -> None:
        """Let it answer nobody, while connections to it stay open: as a machine that hangs."""
        if self._process is None:
            raise RuntimeError("The PostgreSQL server is not running")
        self._stop(self._process.pid)  # before the others: from then on it starts no more of them
        for pid in child_pids(self._process.pid):
            self._stop(pid)

    def _stop(self, pid: int) -> None:
        os.kill(pid, signal.SIGSTOP)
        self._frozen.append(pid)

    def thaw(self) -> None:
        """Let it go on. No effect when it does."""
        while self._frozen:
            os.kill(self._frozen.pop(), signal.SIGCONT)

    def close(self) -> None:
        """End it, and remove what it has kept."""
        self.kill()
        self._folder.cleanup()


def _find_programs() -> Path:
    """Return the folder of the newest version's programs."""
    on_path = shutil.which("initdb")
    folders = [Path(on_path).resolve().parent] if on_path else []
    folders += sorted(_DEBIAN.glob("*/bin"), key=lambda folder: float(folder.parent.name), reverse=True)
    for folder in folders:
        if all((folder / program).exists() for program in ("initdb", "postgres")):
            return folder
    raise PostgresMissingError


def _as_user() -> dict[str, Any]:
    """Return how its programs are started: silently, and as a user that they accept."""
    options: dict[str, Any] = dict.fromkeys(("stdin", "stdout", "stderr"), subprocess.DEVNULL)
    options |= {"cwd": "/"}
    if os.geteuid() == 0:
        group = pwd.getpwnam(_USER).pw_gid
        options |= {"user": _USER, "group": group, "extra_groups": ()}
    return options
