from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.streams.making import new_key
from tests.streams.storyteller import Storyteller
from vizro_ws_chat.streams.run import RunKey


@pytest.fixture
def key() -> RunKey:
    return new_key()


@pytest.fixture
def teller() -> Iterator[Storyteller]:
    """Tell a story, whose thread ends with the test."""
    storyteller = Storyteller()
    yield storyteller
    storyteller.go_on.set()
