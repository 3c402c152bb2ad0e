from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from vizro_ws_chat.history.opening import open_store
from vizro_ws_chat.history.sql_store import SqlStore


@pytest.fixture
def url(tmp_path: Path) -> str:
    return f"sqlite:///{tmp_path / 'history.db'}"


@pytest.fixture
def store(url: str) -> Iterator[SqlStore]:
    opened = open_store(url)
    yield opened
    opened.close()
