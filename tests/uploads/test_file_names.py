from __future__ import annotations

import pytest

from vizro_ws_chat.uploads.file_names import clean_name


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("Umsätze 📈.csv", "Umsätze 📈.csv"),
        ("../../etc/passwd", "passwd"),
        ("C:\\Users\\ada\\report.pdf", "report.pdf"),
        ("a\r\nSet-Cookie: b.txt", "aSet-Cookie: b.txt"),
        ("photo\u202egpj.exe", "photogpj.exe"),
        ("photo\u2067gpj\u2069.exe", "photogpj.exe"),
        ("a\u200f\u061c\u2028b.txt", "ab.txt"),
        ("a\0b.txt", "ab.txt"),
        ("a\U000e0068\U000e0069.txt", "a.txt"),  # tags, which spell "hi" to a model
        ("\u0645\u06cc\u200c\u062e\u0648 👩\u200d💻.txt", "\u0645\u06cc\u200c\u062e\u0648 👩\u200d💻.txt"),
        ("\u200d.\u200c", "file"),
        (" .profile ", ".profile"),
        ("..", "file"),
        ("", "file"),
        ("folder/", "file"),
        ("\0", "file"),
    ],
)
def test_nothing_in_a_name_deceives(name: str, expected: str) -> None:
    assert clean_name(name) == expected


def test_a_long_name_keeps_its_suffix() -> None:
    assert clean_name("x" * 1_000 + ".xlsx") == "x" * 250 + ".xlsx"
    assert len(clean_name("x." + "y" * 1_000)) == 255
