"""What a file is called: shown and handed on as its user wrote it, but for what could deceive somebody."""

from __future__ import annotations

import re
import unicodedata
from pathlib import PurePosixPath

from vizro_ws_chat.protocol.frames import MAX_FILE_NAME_CHARS

_NAMELESS = "file"
_SEPARATORS = re.compile(r"[/\\]")
_TURNING = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
"""Turn the direction of text: what ends in `gpj.exe` would look like `exe.jpg`."""


def clean_name(name: str) -> str:
    """Return a name without folders and invisible characters, and not too long."""
    base = _SEPARATORS.split(name)[-1]
    visible = "".join(char for char in base if unicodedata.category(char) not in ("Cc", "Cs") and char not in _TURNING)
    clean = visible.strip().strip(".") and visible.strip()
    if len(clean) > MAX_FILE_NAME_CHARS:
        suffix = PurePosixPath(clean).suffix[:20]
        clean = clean[: MAX_FILE_NAME_CHARS - len(suffix)] + suffix
    return clean or _NAMELESS
