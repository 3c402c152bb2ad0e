"""Apps in processes of their own. The apps are plain WSGI: what is tested is the process, not Dash."""

import os
import select
import sys
import textwrap
import urllib.request
from pathlib import Path
from typing import Literal

import pytest

from vizro_ws_chat.testing import AppFailedError, AppProcess, serve_development, serve_gunicorn
from vizro_ws_chat.testing.processes import free_port
from vizro_ws_chat.testing.procfs import child_pids, socket_count, thread_count, wait_for_at_most

DEADLINE = 10.0
APP = """
import os, signal, sys
from wsgiref.simple_server import make_server


def app(environ, start_response):
    start_response("200 OK", [])
    return [f"{os.getpid()} {os.getenv('GREETING')}".encode()]


if __name__ == "__main__":
    if os.getenv("STUBBORN"):
        signal.signal(signal.SIGTERM, signal.SIG_IGN)
    print("serving", flush=True)
    make_server(os.environ["HOST"], int(os.environ["PORT"]), app).serve_forever()
"""


@pytest.fixture
def app_file(tmp_path: Path) -> Path:
    path = tmp_path / "app.py"
    path.write_text(textwrap.dedent(APP))
    return path


def get(url: str) -> str:
    with urllib.request.urlopen(url, timeout=DEADLINE) as answer:
        content: bytes = answer.read()
        return content.decode()


class Watched:
    """A process whose end is an event, also when it is nobody's child any more and waits for init to reap it."""

    def __init__(self, pid: int) -> None:
        self._descriptor = os.pidfd_open(pid)

    def has_ended(self) -> bool:
        readable, _, _ = select.select([self._descriptor], [], [], DEADLINE)
        os.close(self._descriptor)
        return bool(readable)


def test_development_server_runs_the_file_with_the_environment(app_file: Path) -> None:
    with serve_development(app_file, env={"GREETING": "hello"}) as app:
        pid, watched = app.pid, Watched(app.pid)
        assert get(app.url) == f"{pid} hello"
        assert app.output.startswith("serving\n")
        # The connection that was just answered may still be closing.
        assert wait_for_at_most(pid, threads=1, sockets=1, timeout=10)
        assert (thread_count(pid), socket_count(pid)) == (1, 1)

    assert watched.has_ended()
    assert app.output.startswith("serving\n")
    with pytest.raises(RuntimeError, match="not running"):
        assert app.pid


@pytest.mark.parametrize("worker_class", ["gthread", "gevent"])
def test_gunicorn_serves_with_its_workers(app_file: Path, worker_class: Literal["gthread", "gevent"]) -> None:
    with serve_gunicorn(app_file, worker_class=worker_class, workers=2, threads=3, env={"GREETING": "hi"}) as app:
        master, workers = app.pid, child_pids(app.pid)
        watched = [Watched(pid) for pid in [master, *workers]]
        answering, greeting = get(app.url).split()
        assert int(answering) in workers
        assert greeting == "hi"

    assert all(process.has_ended() for process in watched)


def test_killed_app_can_be_started_again_at_the_same_url(app_file: Path) -> None:
    with serve_development(app_file) as app:
        first = get(app.url)
        app.kill()
        app.start()
        assert get(app.url) != first
        with pytest.raises(RuntimeError, match="running already"):
            app.start()


def test_output_is_awaited(app_file: Path) -> None:
    with serve_development(app_file) as app:
        assert app.wait_for_output("serving\n", DEADLINE)
        assert not app.wait_for_output("serving\n", 0.0, count=2)
        get(app.url)
        assert app.wait_for_output("GET /", DEADLINE, count=2)
        app.kill()
        assert not app.wait_for_output("never", DEADLINE)


def test_app_that_does_not_end_is_killed_with_its_children(app_file: Path) -> None:
    shell = ["sh", "-c", f"trap '' TERM; {sys.executable} {app_file} & wait; wait"]
    port = free_port()
    env = {"STUBBORN": "1", "HOST": "127.0.0.1", "PORT": str(port)}
    with AppProcess(shell, url=f"http://127.0.0.1:{port}/", env=env, stop_seconds=0.1) as app:
        watched = [Watched(pid) for pid in [app.pid, *child_pids(app.pid)]]
        assert len(watched) == 2

    assert all(process.has_ended() for process in watched)


def test_app_that_ends_is_reported_at_once_with_its_output(app_file: Path) -> None:
    app_file.write_text("raise SystemExit('no such dashboard')")

    with pytest.raises(AppFailedError, match=r"(?s)status 1:.*no such dashboard"):
        serve_development(app_file).start()


def test_app_that_never_answers_is_reported_and_killed() -> None:
    silent = [sys.executable, "-c", "import signal; print('silent', flush=True); signal.pause()"]
    app = AppProcess(silent, url="http://127.0.0.1:9/", start_seconds=1.0)

    with pytest.raises(AppFailedError, match=r"No answer from http://127\.0\.0\.1:9/ in 1\.0 s"):
        app.start()

    with pytest.raises(RuntimeError, match="not running"):
        assert app.pid
