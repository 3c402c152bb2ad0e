from __future__ import annotations

import pytest

from vizro_ws_chat.uploads.file_types import UNKNOWN_TYPE, accepts, sniff

PNG = b"\x89PNG\r\n\x1a\n" + b"\0" * 20
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@pytest.mark.parametrize(
    ("head", "claimed", "expected"),
    [
        (PNG, "image/png", "image/png"),
        (PNG, "text/html", "image/png"),
        (PNG, "", "image/png"),
        (b"\xff\xd8\xff\xe0", "image/jpeg", "image/jpeg"),
        (b"GIF89a", "image/png", "image/gif"),
        (b"RIFF\x0a\x00\x00\x00WEBPVP8 ", "image/webp", "image/webp"),
        (b"\0\0\0\x1cftypavif", "image/avif", "image/avif"),
        (b"%PDF-1.7", "application/pdf", "application/pdf"),
        (b"PK\x03\x04", XLSX, XLSX),
        (b"PK\x03\x04", "application/zip", "application/zip"),
        (b"PK\x03\x04", "image/bmp", "application/zip"),
        (b"PK\x03\x04", "text/csv", "application/zip"),
        (b"<html>", "image/png", UNKNOWN_TYPE),
        (b"MZ\x90", "application/pdf", UNKNOWN_TYPE),
        (b"a;b\n1;2", "text/csv", "text/csv"),
        (b"\xff\xfea\0;\0", "text/csv", "text/csv"),
        (b"\x7fELF\0", "text/csv", UNKNOWN_TYPE),
        (b"{}", "application/json", "application/json"),
        (b"<svg>", "image/svg+xml", "image/svg+xml"),
        (b"", "text/plain", "text/plain"),
        (b"what", "", UNKNOWN_TYPE),
        (b"what", "text/html;charset=utf-8", UNKNOWN_TYPE),
        (b"what", "text/html\r\nX: y", UNKNOWN_TYPE),
    ],
)
def test_the_bytes_tell_more_than_the_sender(head: bytes, claimed: str, expected: str) -> None:
    assert sniff(head, claimed) == expected


@pytest.mark.parametrize(
    ("patterns", "is_accepted"),
    [
        ([], True),
        (["image/*"], True),
        (["text/csv", "IMAGE/PNG"], True),
        ([".PNG"], True),
        (["text/csv"], False),
        (["text/*", ".jpg"], False),
        (["png"], False),
    ],
)
def test_patterns_are_those_of_html(patterns: list[str], is_accepted: bool) -> None:
    assert accepts(patterns, "Photo.png", "image/png") is is_accepted
