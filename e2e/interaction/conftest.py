from __future__ import annotations

from pathlib import Path

import pytest


@pytest.fixture(scope="module")
def feedback_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the app writes what readers think, a line each."""
    return tmp_path_factory.mktemp("feedback") / "feedback.txt"


@pytest.fixture(scope="module")
def app_env(feedback_file: Path) -> dict[str, str]:
    return {"FEEDBACK_FILE": str(feedback_file)}
