"""Runs nginx with a configuration that is meant for a machine of its own, so that what is deployed can be tested."""

from __future__ import annotations

import contextlib
import os
import shutil
import socket
import ssl
import subprocess
import tempfile
import time
from collections.abc import Mapping
from pathlib import Path
from types import TracebackType

# Debian has it where only root looks.
_PATH = os.pathsep.join([os.environ.get("PATH", os.defpath), "/usr/sbin", "/usr/local/sbin"])
_POLL_SECONDS = 0.01
_START_SECONDS = 30.0
_STOP_SECONDS = 5.0
_SCRATCH = ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
_CERTIFICATE_DAYS = "2"


class NginxMissingError(Exception):
    """A program that is needed is not on this machine. The message says how to get it."""

    def __init__(self, program: str) -> None:
        super().__init__(f"{program} is not installed here. Install it (on Debian: apt-get install {program}).")


class NginxFailedError(Exception):
    """nginx does not take its configuration, or did not come up. The message has what it says."""


class NginxServer:
    """An nginx with a configuration of which only places are replaced: ports, folders, the machines behind it.

    Where the configuration names a certificate, one is made for the loopback interface, which nobody trusts.

    Example::

        replaced = {"listen 443 ssl": f"listen 127.0.0.1:{port} ssl", "web-1:8000": "127.0.0.1:8001"}
        with NginxServer(Path("nginx.conf"), port, replaced) as nginx:
            page.goto(f"https://127.0.0.1:{port}/")

    Args:
        configuration: The file, complete: what `nginx -c` takes.
        port: At which it answers once it has come up, after the replacement.
        replaced: Texts of the file and what stands in their place. `/etc/nginx/certificates`, `/var/log/nginx` and
            `/run/nginx.pid` are replaced in any case.

    Raises:
        NginxMissingError: When nginx, or openssl for the certificate, is not installed.
        ValueError: When a text is not in the file: then something else would be tested than what is deployed.
    """

    def __init__(self, configuration: Path, port: int, replaced: Mapping[str, str]) -> None:
        self._program = _find("nginx")
        self._port = port
        self._temporary = tempfile.TemporaryDirectory(prefix="vizro-ws-chat-nginx-")
        self._folder = Path(self._temporary.name)
        self._process: subprocess.Popen[bytes] | None = None
        text = configuration.read_text(encoding="utf-8")
        places = {
            "/etc/nginx/certificates": str(self._folder),
            "/var/log/nginx": str(self._folder),
            "/run/nginx.pid": str(self._folder / "nginx.pid"),
        }
        for old, new in {**places, **replaced}.items():
            if old not in text:
                self._temporary.cleanup()
                raise ValueError(f"{configuration} has no {old!r} to be replaced")
            text = text.replace(old, new)
        self._configuration = self._folder / "nginx.conf"
        self._configuration.write_text(self._with_scratch_folders(text), encoding="utf-8")
        self._make_certificate()

    def __enter__(self) -> NginxServer:
        self.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    @property
    def address(self) -> tuple[str, int]:
        """Where it answers."""
        return "127.0.0.1", self._port

    @property
    def trusting(self) -> ssl.SSLContext:
        """A context for clients that trusts the certificate, and nothing else."""
        context = ssl.create_default_context(cafile=str(self._folder / "fullchain.pem"))
        context.set_alpn_protocols(["http/1.1"])
        return context

    @property
    def access_log(self) -> str:
        """What it has written of requests that have ended."""
        return self._log("access.log")

    @property
    def error_log(self) -> str:
        """What it has complained of."""
        return self._log("error.log")

    def check(self) -> None:
        """Let nginx read its configuration, without starting.

        Raises:
            NginxFailedError: When there is anything to say against it, were it only a warning.
        """
        test = subprocess.run([*self._command, "-t"], capture_output=True, text=True, check=False)
        if test.returncode or "[warn]" in test.stderr:
            raise NginxFailedError(test.stderr)

    def start(self) -> None:
        """Start it, and wait until it takes connections.

        Raises:
            NginxFailedError: When it does not come up.
        """
        self._process = subprocess.Popen(
            [*self._command, "-g", "daemon off;"],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        deadline = time.monotonic() + _START_SECONDS
        while not self._answers():
            if self._process.poll() is not None or time.monotonic() > deadline:
                self.stop()
                raise NginxFailedError(self.error_log)
            time.sleep(_POLL_SECONDS)

    def stop(self) -> None:
        """End it and its connections. Safe to call twice."""
        if self._process is not None:
            self._process.terminate()
            with contextlib.suppress(subprocess.TimeoutExpired):
                self._process.wait(_STOP_SECONDS)
            self._process.kill()
            self._process.wait()
            self._process = None

    def close(self) -> None:
        """End it, and remove what it has written."""
        self.stop()
        self._temporary.cleanup()

    @property
    def _command(self) -> list[str]:
        return [self._program, "-p", str(self._folder), "-e", str(self._folder / "error.log"), "-c", "nginx.conf"]

    def _with_scratch_folders(self, text: str) -> str:
        """Let it run as who we are, with folders of its own for what it has to put aside."""
        folders = "".join(f"    {name}_temp_path {self._folder / name};\n" for name in _SCRATCH)
        user = "user root;\n" if os.geteuid() == 0 else ""
        return user + text.replace("http {\n", f"http {{\n{folders}", 1)

    def _make_certificate(self) -> None:
        # fmt: off
        subprocess.run(
            [
                _find("openssl"), "req", "-x509", "-nodes", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1",
                "-subj", "/CN=127.0.0.1", "-addext", "subjectAltName=IP:127.0.0.1", "-days", _CERTIFICATE_DAYS,
                "-keyout", str(self._folder / "privkey.pem"), "-out", str(self._folder / "fullchain.pem"),
            ],
            check=True,
            capture_output=True,
        )
        # fmt: on

    def _log(self, name: str) -> str:
        path = self._folder / name
        return path.read_text(encoding="utf-8", errors="replace") if path.exists() else ""

    def _answers(self) -> bool:
        with contextlib.suppress(OSError), socket.create_connection(self.address, 1.0):
            return True
        return False


def _find(program: str) -> str:
    found = shutil.which(program, path=_PATH)
    if found is None:
        raise NginxMissingError(program)
    return found
