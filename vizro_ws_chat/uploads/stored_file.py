"""A file of a message, whose content is read when somebody wants it."""

from __future__ import annotations

import base64
from functools import cached_property

from vizro_ws_chat.protocol.frames import FileRef
from vizro_ws_chat.uploads.store import UploadStore


class StoredFile:
    """A file of a message, whose content is read when somebody wants it, once.

    Args:
        uploads: Where it is kept.
        ref: What is known of it.
    """

    def __init__(self, uploads: UploadStore, ref: FileRef) -> None:
        self._uploads = uploads
        self._ref = ref

    @property
    def name(self) -> str:
        """What its user calls it."""
        return self._ref.name

    @property
    def is_there(self) -> bool:
        """Whether it has not expired."""
        return self._uploads.path(self._ref) is not None

    @cached_property
    def content(self) -> str | None:
        """It as a data URL; `None` when it has expired."""
        path = self._uploads.path(self._ref)
        try:
            content = path.read_bytes() if path else None
        except FileNotFoundError:  # just now
            return None
        return None if content is None else f"data:{self._ref.type};base64,{base64.b64encode(content).decode()}"
