"""Files, on every server that is supported: whole ones, and those whose senders stall, go or send too much."""

from __future__ import annotations

import base64
import contextlib
import hashlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.servers.conftest import DASHBOARD, SERVERS, Served
from tests.transports.clients import Upload
from tests.transports.making import new_run, text_of
from tests.waiting import wait_until
from vizro_ws_chat.protocol.frames import FileRef, Send
from vizro_ws_chat.testing import serve_gunicorn

CHAT = "files"
PNG = b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 8_000
CSV = "Größe;1\n".encode()


@dataclass
class Shelf:
    """A dashboard with a chat that takes images and CSV, and the folder of its files."""

    served: Served
    folder: Path

    def begin(self, name: str = "a.png", kind: str = "image/png", size: int = len(PNG)) -> Upload:
        return Upload(self.served.address, CHAT, name, kind, size)

    def put(self, content: bytes = PNG, name: str = "a.png", kind: str = "image/png") -> FileRef:
        upload = self.begin(name, kind, len(content))
        upload.send(content)
        status, frame = upload.answer()
        assert status == 200, frame
        file: FileRef = frame.file
        return file

    def files(self) -> list[Path]:
        return [path for path in self.folder.rglob("*") if path.is_file()]

    def wait_begun(self) -> None:
        wait_until(lambda: any(path.suffix == ".part" for path in self.files()), "the beginning of the file")

    def asked_about(self, *files: FileRef, transport: str = "sse") -> list[str]:
        """Return what the action says it was given."""
        send = Send(run=new_run(), parent=None, text="", files=[file.id for file in files])
        with self.served.connect(transport, CHAT, send) as browser:
            return text_of(browser.hear("finish")).splitlines()


@pytest.fixture(params=["development", "gthread", "gevent"])
def shelf(request: pytest.FixtureRequest, serve: Callable[..., Served], tmp_path: Path) -> Iterator[Shelf]:
    served = serve(SERVERS[request.param], VIZRO_WS_CHAT_UPLOAD_FOLDER=str(tmp_path), VIZRO_WS_CHAT_MAX_CONNECTIONS="2")
    yield Shelf(served, tmp_path)
    assert "Traceback" not in served.process.output, served.process.output


@pytest.mark.parametrize("transport", ["websocket", "sse"])
def test_the_action_is_given_what_was_sent(shelf: Shelf, transport: str) -> None:
    files = [shelf.put(), shelf.put(CSV, "Umsätze.csv", "text/csv"), shelf.put(b"", "empty.csv", "text/csv")]
    assert shelf.asked_about(*files, transport=transport) == [
        in_short("a.png", "image/png", PNG),
        in_short("Umsätze.csv", "text/csv", CSV),
        in_short("empty.csv", "text/csv", b""),
    ]


def in_short(name: str, kind: str, content: bytes) -> str:
    """Return what the action says of a file."""
    data_url = b"data:%s;base64,%s" % (kind.encode(), base64.b64encode(content))
    return f"{name} {hashlib.sha256(data_url).hexdigest()}"


def test_a_sender_that_goes_leaves_nothing(shelf: Shelf) -> None:
    uploads = [shelf.begin() for _ in range(2)]
    for upload in uploads:
        upload.send(PNG[:100_000])
    shelf.wait_begun()
    for upload in uploads:
        upload.hang_up()
    wait_until(lambda: shelf.files() == [], "the end of what had come")
    wait_until(lambda: _takes_another(shelf), "a free place")


def _takes_another(shelf: Shelf) -> bool:
    upload = shelf.begin(size=1)
    upload.send(b"x")
    return upload.answer()[0] != 503


def test_what_is_refused_is_told_although_it_is_still_being_sent(shelf: Shelf) -> None:
    upload = shelf.begin("a.exe", "application/x-msdownload", size=8_000_000)
    for _ in range(80):
        upload.send(b"x" * 100_000)
    status, frame = upload.answer()
    assert (status, frame.code) == (415, "file-type")
    assert shelf.files() == []


@pytest.mark.parametrize("server", ["development", "gthread", "gevent"])
def test_a_sender_that_stalls_leaves_nothing(server: str, serve: Callable[..., Served], tmp_path: Path) -> None:
    served = serve(SERVERS[server], VIZRO_WS_CHAT_UPLOAD_FOLDER=str(tmp_path), VIZRO_WS_CHAT_DEAD_SECONDS="0.5")
    shelf = Shelf(served, tmp_path)
    upload = shelf.begin()
    upload.send(PNG[:100_000])
    upload.wait_ended()
    wait_until(lambda: shelf.files() == [], "the end of what had come")
    assert shelf.put().size == len(PNG)
    assert "Traceback" not in served.process.output, served.process.output


@pytest.mark.parametrize("server", ["development", "gthread", "gevent"])
def test_a_sender_that_dawdles_leaves_nothing(server: str, serve: Callable[..., Served], tmp_path: Path) -> None:
    served = serve(
        SERVERS[server],
        VIZRO_WS_CHAT_UPLOAD_FOLDER=str(tmp_path),
        VIZRO_WS_CHAT_DEAD_SECONDS="2",
        VIZRO_WS_CHAT_MIN_UPLOAD_BYTES_PER_SECOND="100000000",
    )
    shelf = Shelf(served, tmp_path)
    upload = shelf.begin()
    shelf.wait_begun()

    def has_gone_after_another_byte() -> bool:
        with contextlib.suppress(OSError):
            upload.send(b"x")
        return shelf.files() == []

    wait_until(has_gone_after_another_byte, "the end of what had come")
    assert shelf.put().size == len(PNG)
    assert "Traceback" not in served.process.output, served.process.output


def test_two_workers_share_files_and_their_limits(serve: Callable[..., Served], tmp_path: Path) -> None:
    served = serve(
        lambda env: serve_gunicorn(DASHBOARD, workers=2, threads=8, env=env),
        VIZRO_WS_CHAT_UPLOAD_FOLDER=str(tmp_path),
        VIZRO_WS_CHAT_MAX_UPLOAD_TOTAL_BYTES=str(5 * len(PNG)),
    )
    shelf = Shelf(served, tmp_path)
    files = [shelf.put() for _ in range(4)]
    for _ in range(10):  # whoever answers
        assert len(shelf.asked_about(*files)) == 4
        upload = shelf.begin()
        upload.send(PNG)
        assert upload.answer()[1].code == "uploads-full"
    assert len(shelf.files()) == 3 * len(files), "each with what is known of it, and that it is used"
