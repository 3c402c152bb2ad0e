"""The soak, which is too long for a test, still works: it is run as a whole, for a moment."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path


def test_soak_finds_nothing_wrong_in_a_moment(tmp_path: Path) -> None:
    soak = [sys.executable, "-m", "soak", "--runs", "1", "--attacks", "5", "--pages", "2"]
    done = subprocess.run(
        [*soak, "--evidence", str(tmp_path / "evidence.txt")],
        check=False,
        cwd=Path(__file__).parents[2],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        timeout=300,
    )
    assert done.returncode == 0, done.stdout
    assert "2 answers in Chromium" in done.stdout, done.stdout
