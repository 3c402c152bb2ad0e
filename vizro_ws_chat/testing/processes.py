"""Runs a dashboard in a process of its own: with the development server, or with gunicorn."""

from __future__ import annotations

import contextlib
import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Mapping, Sequence
from pathlib import Path
from types import TracebackType
from typing import IO, Literal

# A process that has died is noticed at once; this is how long an answer may go unnoticed.
_POLL_SECONDS = 0.05
# The loopback interface is never behind a proxy, whatever the environment says.
_opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))


class AppFailedError(Exception):
    """The app did not come up. The message ends with the app's output."""


class AppProcess:
    """A server in a process group of its own, started and stopped any number of times.

    Example::

        with serve_gunicorn(Path("app.py"), worker_class="gevent") as app:
            page.goto(app.url)

    Attributes:
        url: Where the app answers.
    """

    def __init__(
        self,
        argv: Sequence[str],
        *,
        url: str,
        env: Mapping[str, str] | None = None,
        cwd: Path | None = None,
        start_seconds: float = 60.0,
        stop_seconds: float = 10.0,
    ) -> None:
        """Describe the process; `start` or the context manager starts it.

        Args:
            argv: The command.
            url: The app is up once a GET of this succeeds.
            env: Variables to add to this process's environment.
            cwd: The directory to run in.
            start_seconds: Time for the app to come up.
            stop_seconds: Time for the app to end when asked to, before it is killed.
        """
        self.url = url
        self._argv = list(argv)
        self._env = dict(env or {})
        self._cwd = cwd
        self._start_seconds = start_seconds
        self._stop_seconds = stop_seconds
        self._process: subprocess.Popen[bytes] | None = None
        self._capture: IO[bytes] | None = None
        self._earlier_output = ""

    def __enter__(self) -> AppProcess:
        self.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    @property
    def pid(self) -> int:
        """The process's id; with gunicorn the master's."""
        if not self._process:
            raise RuntimeError("The app is not running")
        return self._process.pid

    @property
    def output(self) -> str:
        """All that the app has written to stdout and stderr, over all of its starts."""
        if not self._capture:
            return self._earlier_output
        # The app shares the file's position, so it must not be moved.
        descriptor = self._capture.fileno()
        return self._earlier_output + os.pread(descriptor, os.fstat(descriptor).st_size, 0).decode(errors="replace")

    def wait_for_output(self, text: str, timeout: float, *, count: int = 1) -> bool:
        """Wait until the app has written `text`.

        Args:
            text: What to wait for, over all starts of the app.
            timeout: Seconds to wait at most.
            count: How often it must have been written.

        Returns:
            Whether it was; `False` at once when the app has ended without.
        """
        deadline = time.monotonic() + timeout
        while self.output.count(text) < count:
            if time.monotonic() >= deadline or not self._process:
                return False
            # The output is a file, which tells nobody when it grows.
            with contextlib.suppress(subprocess.TimeoutExpired):
                self._process.wait(_POLL_SECONDS)
                return self.output.count(text) >= count
        return True

    def start(self) -> None:
        """Start the app and wait until it answers.

        Raises:
            AppFailedError: When it ends or takes too long; it is not running then.
        """
        if self._process:
            raise RuntimeError("The app is running already")
        self._capture = tempfile.TemporaryFile()  # noqa: SIM115  # closed by kill()
        self._process = subprocess.Popen(
            self._argv,
            stdin=subprocess.DEVNULL,
            stdout=self._capture,
            stderr=subprocess.STDOUT,
            env={**os.environ, "PYTHONUNBUFFERED": "1", **self._env},
            cwd=self._cwd,
            start_new_session=True,
        )
        try:
            self._wait_until_up(self._process)
        except BaseException:
            self.kill()
            raise

    def stop(self) -> None:
        """Ask the app to end, and kill what is left of it. Safe to call twice."""
        if self._process:
            self._signal(signal.SIGTERM)
            with contextlib.suppress(subprocess.TimeoutExpired):
                self._process.wait(self._stop_seconds)
            self.kill()

    def kill(self) -> None:
        """Kill the app and its children without a warning, as a crash would."""
        if self._process:
            self._signal(signal.SIGKILL)
            self._process.wait()
            self._process = None
            self._earlier_output = self.output
        if self._capture:
            self._capture.close()
            self._capture = None

    def _signal(self, number: signal.Signals) -> None:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self.pid, number)

    def _wait_until_up(self, process: subprocess.Popen[bytes]) -> None:
        deadline = time.monotonic() + self._start_seconds
        while (left := deadline - time.monotonic()) > 0:
            try:
                with _opener.open(self.url, timeout=left):
                    return
            except OSError as error:
                problem = error
            with contextlib.suppress(subprocess.TimeoutExpired):
                status = process.wait(_POLL_SECONDS)
                raise AppFailedError(f"The app ended with status {status}:\n{self.output}")
        raise AppFailedError(f"No answer from {self.url} in {self._start_seconds} s ({problem}):\n{self.output}")


def serve_development(app: Path, *, path: str = "/", env: Mapping[str, str] | None = None) -> AppProcess:
    """Describe `python app.py`, on a free port.

    Args:
        app: The file. It calls `run()` without a port, so that Dash takes it from the environment.
        path: The path that the dashboard is served under: its `url_base_pathname`.
        env: Variables to add to the environment.
    """
    port = free_port()
    return AppProcess(
        [sys.executable, str(app.resolve())],
        url=f"http://127.0.0.1:{port}{path}",
        env={**(env or {}), "HOST": "127.0.0.1", "PORT": str(port)},
        cwd=app.resolve().parent,
    )


def serve_gunicorn(
    app: Path,
    *,
    worker_class: Literal["gthread", "gevent"] = "gthread",
    workers: int = 1,
    threads: int = 8,
    application: str = "app",
    configuration: Path | None = None,
    arguments: Sequence[str] = (),
    env: Mapping[str, str] | None = None,
) -> AppProcess:
    """Describe gunicorn serving the app, on a free port.

    Args:
        app: The file that holds the application.
        worker_class: Gunicorn's worker class.
        workers: Number of worker processes.
        threads: Threads of each worker; only `gthread` uses them.
        application: The WSGI application's name in the file. A built `Vizro` object is one.
        configuration: Gunicorn's configuration file, which then says all but the port.
        arguments: More arguments of gunicorn; they win over those made here.
        env: Variables to add to the environment.
    """
    port = free_port()
    pool = ["--threads", str(threads)] if worker_class == "gthread" else []
    made = ["--worker-class", worker_class, "--workers", str(workers), *pool, "--graceful-timeout", "3"]
    # fmt: off
    argv = [
        sys.executable, "-m", "gunicorn",
        "--bind", f"127.0.0.1:{port}",
        *(["--config", str(configuration.resolve())] if configuration else made),
        *arguments,
        f"{app.stem}:{application}",
    ]
    # fmt: on
    return AppProcess(argv, url=f"http://127.0.0.1:{port}/", env=env, cwd=app.resolve().parent)


def free_port() -> int:
    """A port of the loopback interface that nobody listens at."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port: int = listener.getsockname()[1]
        return port
