"""What a file is called: shown and handed on as its user wrote it, but for what could deceive somebody."""

from __future__ import annotations

import re
import unicodedata
from pathlib import PurePosixPath

from vizro_ws_chat.protocol.frames import MAX_FILE_NAME_CHARS

_NAMELESS = "file"
_SEPARATORS = re.compile(r"[/\\]")
_INVISIBLE = frozenset({"Cc", "Cf", "Cs", "Zl", "Zp"})
"""Unicode's categories: control and format characters, halves of others, ends of lines. Some of them turn the direction
of text, so that what ends in `gpj.exe` looks like `exe.jpg`; others hide text from people that models read."""
_JOINERS = frozenset("\u200c\u200d")
"""Persian words and many emoji need them."""


def clean_name(name: str) -> str:
    """Return a name without folders and invisible characters, and not too long."""
    base = _SEPARATORS.split(name)[-1]
    visible = "".join(char for char in base if char in _JOINERS or unicodedata.category(char) not in _INVISIBLE)
    clean = visible.strip()
    if not clean.strip("".join([".", *_JOINERS])):
        return _NAMELESS
    if len(clean) > MAX_FILE_NAME_CHARS:
        suffix = PurePosixPath(clean).suffix[:20]
        clean = clean[: MAX_FILE_NAME_CHARS - len(suffix)] + suffix
    return clean
