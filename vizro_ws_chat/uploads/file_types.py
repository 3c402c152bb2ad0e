"""What kind of file something is: by its first bytes where they tell, whatever its sender says."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import PurePath

HEAD_BYTES = 4_096
"""How much of a file is looked at."""

UNKNOWN_TYPE = "application/octet-stream"

SAFE_IMAGE_TYPES = frozenset({"image/avif", "image/gif", "image/jpeg", "image/png", "image/webp"})
"""What browsers draw without running anything in it. SVG is a document with scripts."""

# The WHATWG's "MIME Sniffing" standard, section 6; AVIF: the AV1 Image File Format, section 6.
_SIGNATURES = {
    "image/png": re.compile(rb"\x89PNG\r\n\x1a\n"),
    "image/jpeg": re.compile(rb"\xff\xd8\xff"),
    "image/gif": re.compile(rb"GIF8[79]a"),
    "image/webp": re.compile(rb"RIFF....WEBPVP", re.DOTALL),
    "image/avif": re.compile(rb"....ftypavi[fs]", re.DOTALL),
    "application/pdf": re.compile(rb"%PDF-"),
    "application/zip": re.compile(rb"PK\x03\x04"),
    "application/gzip": re.compile(rb"\x1f\x8b\x08"),
}
_MIME_TYPE = re.compile(r"[a-z]+/[a-z0-9][a-z0-9.+-]{0,99}")
# The same standard's "binary data byte" and byte order marks of UTF-16, which has zeros.
_BINARY = re.compile(rb"(?!\xfe\xff|\xff\xfe)[^\x00-\x08\x0b\x0e-\x1a\x1c-\x1f]*[\x00-\x08\x0b\x0e-\x1a\x1c-\x1f]")


def sniff(head: bytes, claimed: str) -> str:
    """Return the MIME type of a file.

    Args:
        head: Its first bytes.
        claimed: What the browser says, by the file's name. It is believed of what has no signature, unless that is
            said to be text and is none.
    """
    for mime_type, signature in _SIGNATURES.items():
        if signature.match(head):
            # The files of office programs are zip archives; no text and no image is one.
            is_archive = mime_type == "application/zip" and claimed.startswith("application/")
            return claimed if is_archive and _is_unsigned(claimed) else mime_type
    if not _is_unsigned(claimed) or (claimed.startswith("text/") and _BINARY.match(head)):
        return UNKNOWN_TYPE
    return claimed


def _is_unsigned(claimed: str) -> bool:
    return claimed not in _SIGNATURES and _MIME_TYPE.fullmatch(claimed) is not None


_PATTERN = re.compile(r"\.[^\s,/\\]+|[A-Za-z]+/(\*|[A-Za-z0-9][A-Za-z0-9.+-]*)")


def check_pattern(pattern: str) -> str:
    """Return a pattern for `accepts`.

    Raises:
        ValueError: When it is none, so that no file would ever fit.
    """
    if not _PATTERN.fullmatch(pattern):
        raise ValueError(f"{pattern!r} names no type of files. Write 'image/*', 'text/csv' or '.xlsx'")
    return pattern


def accepts(patterns: Sequence[str], name: str, mime_type: str) -> bool:
    """Return whether a file is among those that are taken; no patterns take all.

    Args:
        patterns: As in the `accept` attribute of HTML: `image/*`, `text/csv`, `.xlsx`.
        name: The file's name.
        mime_type: Its type.
    """
    return not patterns or any(_fits(pattern.lower(), name, mime_type) for pattern in patterns)


def _fits(pattern: str, name: str, mime_type: str) -> bool:
    if pattern.startswith("."):
        return PurePath(name).name.lower().endswith(pattern)
    if pattern.endswith("/*"):
        return mime_type.startswith(pattern[:-1])
    return mime_type == pattern
