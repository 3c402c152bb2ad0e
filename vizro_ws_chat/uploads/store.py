"""The files of all chats of one app: on disk, shared by the workers of one machine, and gone after a while.

A file's path comes from its id alone, which the server makes; what its user calls it is only written down. Its id
begins with a tag of its chat and owner, so that nobody else finds it.
"""

from __future__ import annotations

import contextlib
import hashlib
import hmac
import json
import re
import secrets
import tempfile
import time
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import BinaryIO, NamedTuple, Protocol

from vizro_ws_chat.exceptions import ProtocolError, RefusedError
from vizro_ws_chat.protocol.frames import FileRef
from vizro_ws_chat.settings import Settings
from vizro_ws_chat.streams.scheduler import Scheduler
from vizro_ws_chat.uploads.file_types import HEAD_BYTES, sniff
from vizro_ws_chat.uploads.folder import Entry, entries, make_private
from vizro_ws_chat.uploads.sweeper import Sweeper

_CONTEXT = b"vizro-ws-chat uploads v1"
_TAG_CHARS = 16
_RANDOM_BYTES = 24
_ID = re.compile(r"[A-Za-z0-9_-]{48}")

_PIECE_BYTES = 65_536
_TRIES = 3
_OVERHEAD_BYTES = 16_384
"""What a file takes beside its content, so that many empty ones are limited too."""


class Offer(NamedTuple):
    """What a browser says of a file that it is about to send.

    Attributes:
        name: What its user calls it.
        size: Its bytes.
        claimed_type: Its MIME type, by its name.
    """

    name: str
    size: int
    claimed_type: str


class Readable(Protocol):
    """Where a file's bytes come from."""

    def read(self, size: int, /) -> bytes:
        """Return up to so many bytes; none at the end."""


class UploadStore:
    """Keeps files for their owners.

    Args:
        key: The app's: apps that share a machine do not share files.
        settings: Limits and times.
        scheduler: Calls for what has expired.
        now: The wall clock in seconds since 1970, as the times of files.
    """

    def __init__(
        self, key: bytes, settings: Settings, scheduler: Scheduler, now: Callable[[], float] = time.time
    ) -> None:
        self._key = hmac.digest(key, _CONTEXT, hashlib.sha256)
        self._settings = settings
        parent = (settings.upload_folder or Path(tempfile.gettempdir())).absolute()
        self._folder = parent / f"vizro-ws-chat-{self._key.hex()[:_TAG_CHARS]}"
        self._sweeper = Sweeper(self._folder, settings.upload_ttl_seconds, scheduler, now)

    # ---- in ----

    def save(
        self,
        chat: str,
        owner: str,
        offer: Offer,
        content: Readable,
        is_taken: Callable[[str], bool] = lambda _: True,
    ) -> FileRef:
        """Take a file.

        Args:
            chat: The chat it is for.
            owner: Whose it is.
            offer: What its sender says of it.
            content: Its bytes.
            is_taken: Whether files of a MIME type are.

        Raises:
            RefusedError: `file-too-large` or `uploads-full`, when a limit is reached; `file-type`, when it is of a type
                that is not taken; `bad-frame`, when it is shorter than was said.
            OSError: When it can't be kept.
        """
        if offer.size > self._settings.max_upload_bytes:
            raise RefusedError("file-too-large", f"a file of {offer.size} bytes")
        upload_id = self._tag(chat, owner) + secrets.token_urlsafe(_RANDOM_BYTES)
        path = self._path(upload_id)
        part = path.with_suffix(".part")
        self._sweeper.note()
        file = self._begin(part)
        try:
            with file:
                file.truncate(offer.size)  # so that others who come meanwhile count it
                self._check_room(path.parent)
                head = _copy(content, file, offer.size)
            kind = _kind(head, offer.claimed_type, is_taken)
            ref = FileRef(id=upload_id, name=offer.name, size=offer.size, type=kind)
            _info(path).write_text(ref.model_dump_json(), encoding="utf-8")
            part.rename(path)
        except BaseException:
            part.unlink(missing_ok=True)
            _info(path).unlink(missing_ok=True)
            raise
        return ref

    def _begin(self, part: Path) -> BinaryIO:
        """Make a file, and the folders for it."""
        for _ in range(_TRIES - 1):
            with contextlib.suppress(FileNotFoundError):  # the empty folder was swept away in between
                return self._make(part)
        return self._make(part)

    def _make(self, part: Path) -> BinaryIO:
        make_private(self._folder)
        make_private(part.parent)
        return part.open("x+b")

    def _check_room(self, own: Path) -> None:
        if _size(entries(own)) > self._settings.max_upload_total_bytes:
            raise RefusedError("uploads-full", "max_upload_total_bytes is reached by one owner")
        everything = (entry for folder in entries(self._folder) for entry in entries(folder.path))
        if _size(everything) > self._settings.max_upload_store_bytes:
            raise RefusedError("uploads-full", "max_upload_store_bytes is reached by all owners together")

    # ---- out ----

    def find(self, chat: str, owner: str, upload_id: str) -> FileRef | None:
        """Return what is known of a file; `None` when it is not there, has expired or is somebody else's."""
        is_own = _ID.fullmatch(upload_id) and hmac.compare_digest(upload_id[:_TAG_CHARS], self._tag(chat, owner))
        return self._known(upload_id) if is_own else None

    def claim(self, chat: str, owner: str, upload_id: str) -> FileRef | None:
        """Return what is known of a file as `find` does, and let it stay until it expires: a message uses it."""
        if self.find(chat, owner, upload_id) is None:
            return None
        _claim(self._path(upload_id)).touch()
        return self.find(chat, owner, upload_id)  # it may have been discarded until then

    def discard(self, chat: str, owner: str, upload_id: str) -> None:
        """Delete a file that no message uses. What one uses stays, and so does what is not the owner's."""
        path = self._path(upload_id)
        if self.find(chat, owner, upload_id) is not None and not _claim(path).exists():
            path.unlink(missing_ok=True)
            _info(path).unlink(missing_ok=True)

    def path(self, ref: FileRef) -> Path | None:
        """Return where the content of a file is; `None` when that has expired."""
        return self._path(ref.id) if self._known(ref.id) == ref else None

    def _known(self, upload_id: str) -> FileRef | None:
        path = self._path(upload_id)
        try:
            if self._sweeper.is_over(path.stat().st_mtime):
                return None
            return FileRef.model_validate_json(_info(path).read_bytes())
        except FileNotFoundError:
            return None

    def _tag(self, chat: str, owner: str) -> str:
        return hmac.digest(self._key, json.dumps([chat, owner]).encode(), hashlib.sha256).hex()[:_TAG_CHARS]

    def _path(self, upload_id: str) -> Path:
        return self._folder / upload_id[:_TAG_CHARS] / upload_id[_TAG_CHARS:]


def _info(path: Path) -> Path:
    return path.with_suffix(".json")


def _claim(path: Path) -> Path:
    return path.with_suffix(".used")


def _kind(head: bytes, claimed: str, is_taken: Callable[[str], bool]) -> str:
    kind = sniff(head, claimed)
    if not is_taken(kind):
        raise RefusedError("file-type", f"a file of the type {kind}")
    return kind


def _copy(content: Readable, file: BinaryIO, size: int) -> bytes:
    """Write so many bytes, and return the first of them."""
    head = b""
    left = size
    while left:
        piece = content.read(min(left, _PIECE_BYTES))
        if not piece:
            raise ProtocolError(f"{left} of {size} bytes are missing")
        file.write(piece)
        left -= len(piece)
        head += piece[: HEAD_BYTES - len(head)]
    return head


def _size(found: Iterable[Entry]) -> int:
    return sum(entry.size + _OVERHEAD_BYTES for entry in found)
