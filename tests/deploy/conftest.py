from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.deploy.deployment import SOURCE, Deployment, deploy


@pytest.fixture(scope="module")
def deployment() -> Iterator[Deployment]:
    """Two machines that all tests of a module share. Their clocks do not agree, and nobody notices."""
    ahead = f"{Path(__file__).with_name('an_hour_ahead')}{os.pathsep}{SOURCE}"
    with deploy(environments=({}, {"PYTHONPATH": ahead})) as deployment:
        yield deployment
