from pathlib import Path

import pytest

from tests.uploads.test_store import PNG, Shelf
from vizro_ws_chat.uploads.stored_file import StoredFile


def test_it_is_read_once_when_it_is_wanted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    shelf = Shelf(tmp_path)
    read: list[Path] = []
    stored = StoredFile(shelf.store, shelf.put(b"a;b", "a.csv", claimed="text/csv"))

    def note_and_read(path: Path) -> bytes:
        read.append(path)
        with path.open("rb") as file:
            return file.read()

    monkeypatch.setattr(Path, "read_bytes", note_and_read)
    assert (stored.name, stored.is_there) == ("a.csv", True)
    assert [path for path in read if path.suffix != ".json"] == []
    assert stored.content == stored.content == "data:text/csv;base64,YTti"
    assert len([path for path in read if path.suffix != ".json"]) == 1


def test_one_that_has_expired_has_no_content(tmp_path: Path) -> None:
    shelf = Shelf(tmp_path, upload_ttl_seconds=10)
    stored = StoredFile(shelf.store, shelf.put(PNG))
    shelf.scheduler.advance(11)
    assert not stored.is_there
    assert stored.content is None


def test_one_that_goes_while_it_is_looked_for_has_none(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    shelf = Shelf(tmp_path)
    ref = shelf.put(PNG)
    gone = tmp_path / "gone"
    monkeypatch.setattr(type(shelf.store), "path", lambda *_: gone)
    assert StoredFile(shelf.store, ref).content is None
