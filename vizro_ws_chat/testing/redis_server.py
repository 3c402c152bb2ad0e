"""Runs a Redis server (or Valkey) of its own for tests."""

from __future__ import annotations

import contextlib
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Sequence
from types import TracebackType

from vizro_ws_chat.testing.processes import free_port

_PROGRAMS = ("redis-server", "valkey-server")
_POLL_SECONDS = 0.01
_START_SECONDS = 30.0


class RedisMissingError(Exception):
    """There is no Redis server on this machine. The message says how to get one."""

    def __init__(self) -> None:
        super().__init__(
            f"None of {' and '.join(_PROGRAMS)} is installed here. Install one (on Debian: apt-get install "
            "redis-server)."
        )


class RedisServer:
    """A Redis server on a free port of the loopback interface, which keeps nothing on disk unless it is told to.

    Example::

        with RedisServer() as redis:
            with serve_gunicorn(Path("app.py"), env={"VIZRO_WS_CHAT_REDIS_URL": redis.url}) as app:
                ...
                redis.kill()
                redis.start()

    Args:
        arguments: More of the program's options, such as `["--maxmemory", "10mb"]`.

    Raises:
        RedisMissingError: When none is installed.
    """

    def __init__(self, arguments: Sequence[str] = ()) -> None:
        program = next(filter(None, map(shutil.which, _PROGRAMS)), None)
        if program is None:
            raise RedisMissingError
        self._program = program
        self._arguments = list(arguments)
        self._port = free_port()
        self._folder = tempfile.TemporaryDirectory(prefix="vizro-ws-chat-redis-")
        self._process: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> RedisServer:
        self.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    @property
    def url(self) -> str:
        """Where it answers, as clients take it."""
        return f"redis://127.0.0.1:{self._port}/0"

    def start(self) -> None:
        """Start it, again with what it has kept on disk, and wait until it answers."""
        # fmt: off
        options = [
            "--bind", "127.0.0.1", "--port", str(self._port), "--dir", self._folder.name,
            "--save", "", "--appendonly", "no", *self._arguments,
        ]
        # fmt: on
        self._process = subprocess.Popen(
            [self._program, *options], stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )
        deadline = time.monotonic() + _START_SECONDS
        while not self._answers():
            if self._process.poll() is not None or time.monotonic() > deadline:
                self.kill()
                raise RuntimeError(f"{self._program} did not come up with {options}")
            time.sleep(_POLL_SECONDS)

    def _answers(self) -> bool:
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", self._port), 1.0) as connection:
            connection.sendall(b"PING\r\n")
            return connection.recv(5) in (b"+PONG", b"-NOAU")
        return False

    def kill(self) -> None:
        """End it without a warning, as a crash would. What it has only in memory is gone. Safe to call twice."""
        if self._process is not None:
            self._process.kill()
            self._process.wait()
            self._process = None

    def freeze(self) -> None:
        """Let it answer nobody, while connections to it stay open: as a machine that hangs."""
        self._signal(signal.SIGSTOP)

    def thaw(self) -> None:
        """Let it go on."""
        self._signal(signal.SIGCONT)

    def _signal(self, number: signal.Signals) -> None:
        if self._process is None:
            raise RuntimeError("The Redis server is not running")
        self._process.send_signal(number)

    def close(self) -> None:
        """End it, and remove what it has kept."""
        self.kill()
        self._folder.cleanup()
