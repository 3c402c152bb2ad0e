from __future__ import annotations

import errno
import io
import os
import stat
from pathlib import Path
from typing import Any

import pytest

from tests.manual_scheduler import ManualScheduler
from vizro_ws_chat.exceptions import ProtocolError, RefusedError
from vizro_ws_chat.protocol.frames import FileRef
from vizro_ws_chat.settings import Settings
from vizro_ws_chat.uploads.store import Offer, UploadStore

PNG = b"\x89PNG\r\n\x1a\n" + b"\0" * 20
OVERHEAD = 16_384


class Shelf:
    """A store whose time the test makes pass."""

    def __init__(self, folder: Path, key: bytes = b"key", **settings: Any) -> None:
        self.folder = folder
        self.scheduler = ManualScheduler()
        self.store = UploadStore(
            key, Settings(upload_folder=folder, **settings), self.scheduler, now=lambda: self.scheduler.now
        )

    def put(self, content: bytes = PNG, name: str = "a.png", owner: str = "ada", claimed: str = "image/png") -> FileRef:
        ref = self.store.save("chat", owner, Offer(name, len(content), claimed), io.BytesIO(content))
        for file in self.files():
            if ref.id[16:] in file.name:
                os.utime(file, (self.scheduler.now, self.scheduler.now))
        return ref

    def files(self) -> list[Path]:
        return [path for path in self.folder.rglob("*") if path.is_file()]


@pytest.fixture
def shelf(tmp_path: Path) -> Shelf:
    return Shelf(tmp_path)


def content_of(shelf: Shelf, ref: FileRef) -> bytes:
    path = shelf.store.path(ref)
    assert path is not None
    return path.read_bytes()


def test_what_was_saved_is_found_by_its_owner(shelf: Shelf) -> None:
    ref = shelf.put(b"a;b", "Umsätze.csv", claimed="text/csv")
    assert (ref.name, ref.size, ref.type) == ("Umsätze.csv", 3, "text/csv")
    assert shelf.store.find("chat", "ada", ref.id) == ref
    assert content_of(shelf, ref) == b"a;b"


def test_other_workers_of_the_app_find_it_too(shelf: Shelf) -> None:
    ref = shelf.put()
    assert content_of(Shelf(shelf.folder), ref) == PNG


def test_other_apps_do_not(shelf: Shelf) -> None:
    ref = shelf.put()
    other = Shelf(shelf.folder, key=b"other")
    assert other.store.find("chat", "ada", ref.id) is None
    assert other.store.path(ref) is None


@pytest.mark.parametrize(("chat", "owner"), [("chat", "bob"), ("other", "ada"), ("ada", "chat")])
def test_nobody_else_finds_it(shelf: Shelf, chat: str, owner: str) -> None:
    ref = shelf.put()
    mine = shelf.put(owner=owner) if chat == "chat" else None
    assert shelf.store.find(chat, owner, ref.id) is None
    if mine:  # the tag of one with the random part of the other
        assert shelf.store.find(chat, owner, mine.id[:16] + ref.id[16:]) is None


@pytest.mark.parametrize("upload_id", ["", "../" * 16, "a" * 48, "x/../" + "a" * 43, "a" * 47 + "\n", "é" * 48])
def test_no_other_path_is_looked_at(shelf: Shelf, upload_id: str) -> None:
    shelf.put()
    assert shelf.store.find("chat", "ada", upload_id) is None


def test_a_reference_that_says_something_else_finds_nothing(shelf: Shelf) -> None:
    ref = shelf.put()
    assert shelf.store.path(ref.model_copy(update={"type": "image/gif"})) is None


def test_nobody_else_on_the_machine_can_look_into_the_folder(shelf: Shelf) -> None:
    path = shelf.store.path(shelf.put())
    assert path is not None
    for folder in (path.parent, path.parent.parent):
        assert stat.S_IMODE(folder.stat().st_mode) == 0o700


def test_a_folder_that_others_can_look_into_is_not_used(shelf: Shelf) -> None:
    path = shelf.store.path(shelf.put())
    assert path is not None
    path.parent.parent.chmod(0o755)
    with pytest.raises(PermissionError, match="Other users"):
        shelf.put()


def test_a_link_that_somebody_has_left_there_is_not_followed(shelf: Shelf, tmp_path: Path) -> None:
    path = shelf.store.path(shelf.put())
    assert path is not None
    folder = path.parent.parent
    folder.rename(tmp_path / "elsewhere")
    folder.symlink_to(tmp_path / "elsewhere")
    with pytest.raises(NotADirectoryError):
        shelf.put()


def test_the_users_name_is_no_part_of_the_path(shelf: Shelf) -> None:
    path = shelf.store.path(shelf.put(name="../../evil.sh"))
    assert path is not None
    assert "evil" not in str(path)
    assert path.parent.parent.parent == shelf.folder
    assert not stat.S_IMODE(path.stat().st_mode) & 0o111


def test_a_file_that_is_too_large_is_refused_before_it_is_read(tmp_path: Path) -> None:
    shelf = Shelf(tmp_path, max_upload_bytes=10)
    shelf.put(b"x" * 10)
    with pytest.raises(RefusedError, match="file-too-large"):
        shelf.put(b"x" * 11)


def test_more_than_was_said_is_not_read(shelf: Shelf) -> None:
    stream = io.BytesIO(b"x" * 100)
    ref = shelf.store.save("chat", "ada", Offer("a", 10, ""), stream)
    assert ref.size == 10
    assert stream.tell() == 10


def test_one_that_breaks_off_leaves_nothing(shelf: Shelf) -> None:
    with pytest.raises(ProtocolError, match="5 of 10 bytes"):
        shelf.store.save("chat", "ada", Offer("a", 10, ""), io.BytesIO(b"xxxxx"))
    assert shelf.files() == []


@pytest.mark.parametrize("step", ["write_text", "rename"])
def test_one_that_can_not_be_kept_leaves_nothing(shelf: Shelf, monkeypatch: pytest.MonkeyPatch, step: str) -> None:
    """When the disk is full after the content, or somebody cleans up."""

    def fail(path: Path, *args: Any, **kwargs: Any) -> None:
        path.touch()
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(Path, step, fail)
    with pytest.raises(OSError, match="No space"):
        shelf.put()
    assert shelf.files() == []


def test_one_of_a_type_that_is_not_taken_leaves_nothing(shelf: Shelf) -> None:
    with pytest.raises(RefusedError, match="file-type"):
        shelf.store.save("chat", "ada", Offer("a", 1, "image/png"), io.BytesIO(b"x"), lambda kind: kind == "image/png")
    assert shelf.files() == []


def test_an_owner_has_so_much_room(tmp_path: Path) -> None:
    shelf = Shelf(tmp_path, max_upload_total_bytes=4 * OVERHEAD)
    shelf.put()
    with pytest.raises(RefusedError, match="uploads-full"):
        shelf.put(b"x" * 2 * OVERHEAD)
    assert len(shelf.files()) == 2
    shelf.put(owner="bob")


def test_many_empty_files_fill_it_too(tmp_path: Path) -> None:
    shelf = Shelf(tmp_path, max_upload_total_bytes=9 * OVERHEAD)
    for _ in range(4):
        shelf.put(b"")
    with pytest.raises(RefusedError, match="uploads-full"):
        shelf.put(b"")


def test_all_owners_together_have_so_much_room(tmp_path: Path) -> None:
    shelf = Shelf(tmp_path, max_upload_store_bytes=6 * OVERHEAD)
    shelf.put()
    shelf.put(owner="bob")
    with pytest.raises(RefusedError, match="uploads-full"):
        shelf.put(b"x" * OVERHEAD, owner="eve")


def test_a_file_that_is_still_coming_takes_its_room(tmp_path: Path) -> None:
    shelf = Shelf(tmp_path, max_upload_total_bytes=6 * OVERHEAD)

    class Slow:
        def read(self, size: int, /) -> bytes:
            with pytest.raises(RefusedError, match="uploads-full"):
                shelf.put(b"x" * 2 * OVERHEAD)
            return b"x" * size

    shelf.store.save("chat", "ada", Offer("a", 3 * OVERHEAD, ""), Slow())


def test_what_has_expired_is_neither_found_nor_kept(tmp_path: Path) -> None:
    shelf = Shelf(tmp_path, upload_ttl_seconds=60)
    ref = shelf.put()
    shelf.scheduler.advance(30)
    later = shelf.put()
    shelf.scheduler.now += 29
    assert shelf.store.find("chat", "ada", ref.id) == ref
    shelf.scheduler.now += 1
    assert shelf.store.find("chat", "ada", ref.id) is None
    assert shelf.store.path(ref) is None
    shelf.scheduler.advance(1)
    assert len(shelf.files()) == 2
    assert shelf.store.find("chat", "ada", later.id) == later
    shelf.scheduler.advance(30)
    assert shelf.scheduler.waiting == 0
    assert _below(shelf.folder) == ["vizro-ws-chat"], "folders of owners that have no files are gone too"


def test_nothing_is_deleted_where_a_link_leads(shelf: Shelf, tmp_path: Path) -> None:
    ref = shelf.put()
    path = shelf.store.path(ref)
    assert path
    theirs = tmp_path / "theirs"
    theirs.mkdir(mode=0o700)
    (theirs / "precious").touch()
    os.utime(theirs / "precious", (0, 0))
    (path.parent.parent / "x").symlink_to(theirs)
    shelf.scheduler.advance(2 * 86_400)
    assert not path.exists()
    assert (theirs / "precious").exists()


def test_nothing_is_deleted_from_a_folder_that_others_can_look_into(shelf: Shelf) -> None:
    path = shelf.store.path(shelf.put())
    assert path
    path.parent.chmod(0o770)
    shelf.scheduler.advance(2 * 86_400)
    assert path.exists()


def _below(folder: Path) -> list[str]:
    return [path.name.rpartition("-")[0] for path in folder.rglob("*")]


def test_the_folder_of_a_refused_file_does_not_stay(tmp_path: Path) -> None:
    shelf = Shelf(tmp_path, upload_ttl_seconds=60, max_upload_total_bytes=1)
    with pytest.raises(RefusedError, match="uploads-full"):
        shelf.put()
    shelf.scheduler.advance(60)
    assert _below(shelf.folder) == ["vizro-ws-chat"]


def test_a_folder_that_is_swept_away_while_a_file_comes_is_made_again(
    shelf: Shelf, monkeypatch: pytest.MonkeyPatch
) -> None:
    begin = Path.open
    swept: list[Path] = []

    def sweep_first(path: Path, *args: Any, **kwargs: Any) -> Any:
        if not swept:
            swept.append(path)
            path.parent.rmdir()
        return begin(path, *args, **kwargs)

    monkeypatch.setattr(Path, "open", sweep_first)
    ref = shelf.put()
    assert content_of(shelf, ref) == PNG
    assert swept


def test_what_somebody_else_has_put_there_disturbs_nothing(tmp_path: Path) -> None:
    shelf = Shelf(tmp_path, upload_ttl_seconds=60)
    path = shelf.store.path(shelf.put())
    assert path is not None
    (path.parent.parent / "note.txt").touch()
    shelf.put()
    shelf.scheduler.advance(60)
    assert [file.name for file in shelf.files()] == ["note.txt"]


def test_what_an_earlier_process_has_left_is_deleted(tmp_path: Path) -> None:
    shelf = Shelf(tmp_path, upload_ttl_seconds=60)
    for _ in range(150):
        shelf.put()
    next_process = Shelf(tmp_path, upload_ttl_seconds=60)
    next_process.scheduler.now += 60
    next_process.scheduler.advance(0)
    assert len(shelf.files()) == 200  # not all at once: what else is due must not wait
    next_process.scheduler.advance(2)
    assert shelf.files() == []


def test_a_store_that_is_not_used_does_nothing(shelf: Shelf) -> None:
    assert shelf.files() == []
    assert list(shelf.folder.iterdir()) == []
    assert shelf.scheduler.waiting == 0


def test_what_no_message_uses_can_be_discarded_by_its_owner_alone(shelf: Shelf) -> None:
    ref, other = shelf.put(), shelf.put()
    for chat, owner in (("chat", "bob"), ("other", "ada")):
        shelf.store.discard(chat, owner, ref.id)
    assert shelf.store.find("chat", "ada", ref.id) == ref
    for _ in range(2):  # the second finds nothing
        shelf.store.discard("chat", "ada", ref.id)
    assert shelf.store.find("chat", "ada", ref.id) is None
    assert shelf.store.find("chat", "ada", other.id) == other
    assert len(shelf.files()) == 2
    shelf.store.discard("chat", "ada", "../" * 16)


def test_what_a_message_uses_stays_until_it_expires(tmp_path: Path) -> None:
    shelf = Shelf(tmp_path, upload_ttl_seconds=10)
    ref = shelf.put()
    assert shelf.store.claim("chat", "bob", ref.id) is None
    assert shelf.store.claim("chat", "ada", ref.id) == ref
    shelf.store.discard("chat", "ada", ref.id)
    assert shelf.store.find("chat", "ada", ref.id) == ref
    for file in shelf.files():
        os.utime(file, (0, 0))
    shelf.scheduler.now = 11
    assert shelf.store.claim("chat", "ada", ref.id) is None


def test_what_is_discarded_makes_room(tmp_path: Path) -> None:
    shelf = Shelf(tmp_path, max_upload_total_bytes=2 * OVERHEAD + 1_000)
    ref = shelf.put()
    with pytest.raises(RefusedError):
        shelf.put()
    shelf.store.discard("chat", "ada", ref.id)
    shelf.put()
