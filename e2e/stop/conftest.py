"""What every Stop test also shows: nothing was asked of the model a second time."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from vizro_ws_chat.testing import ScriptedOpenAI


@pytest.fixture(autouse=True)
def no_request_was_repeated(upstream: ScriptedOpenAI) -> Iterator[None]:
    """A retry of the SDK may come late, so each test also looks at the requests of those before it."""
    yield
    assert not [request for request in upstream.requests if request.attempt > 0]
