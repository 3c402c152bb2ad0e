"""Folders that only this user of the machine can look into, and what is in them while others come and go."""

from __future__ import annotations

import contextlib
import os
import stat
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple


class Entry(NamedTuple):
    """Something in a folder.

    Attributes:
        path: Where it is.
        size: Its bytes.
        changed: When it was written last, in seconds since 1970.
    """

    path: Path
    size: int
    changed: float


def make_private(folder: Path) -> None:
    """Make the folder, if it is not there, and check that nobody else can look into it or has made it.

    Raises:
        OSError: When it can't be made, or is not ours alone.
    """
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    status = folder.lstat()  # a link would lead where somebody else wants
    if not stat.S_ISDIR(status.st_mode):
        raise NotADirectoryError(f"{folder} is a link")
    if not _is_ours_alone(status):
        raise PermissionError(f"Other users can look into {folder}. Delete it, or take their rights away")


def entries(folder: Path) -> Iterator[Entry]:
    """Yield what is in a folder, as far as it stays there; nothing when it is gone, is none, or is not ours alone."""
    try:
        status = folder.lstat()
        paths = list(folder.iterdir()) if stat.S_ISDIR(status.st_mode) and _is_ours_alone(status) else []
    except (FileNotFoundError, NotADirectoryError):
        return
    for path in paths:
        try:
            status = path.lstat()
        except FileNotFoundError:  # deleted by another worker
            continue
        yield Entry(path, status.st_size, status.st_mtime)


def _is_ours_alone(status: os.stat_result) -> bool:
    return os.name != "posix" or (status.st_uid == os.getuid() and not stat.S_IMODE(status.st_mode) & 0o077)


def remove_empty(folder: Path) -> None:
    """Remove a folder, unless something has come into it meanwhile."""
    with contextlib.suppress(OSError):
        folder.rmdir()
