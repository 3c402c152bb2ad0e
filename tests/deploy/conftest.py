from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.deploy.deployment import Deployment, deploy


@pytest.fixture(scope="module")
def deployment() -> Iterator[Deployment]:
    """Two machines that all tests of a module share."""
    with deploy() as deployment:
        yield deployment
