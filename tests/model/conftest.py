"""How much the model-based tests try, and a word about it at the end."""

from __future__ import annotations

import os
from typing import Any

import pytest
from hypothesis import settings

# The everyday sequences are the same in every run; the thorough ones never.
settings.register_profile("everyday", settings.get_profile("repeatable"), max_examples=250)
settings.register_profile(
    "thorough", settings.get_profile("repeatable"), derandomize=False, max_examples=5_000, print_blob=True
)


@pytest.fixture
def profile() -> settings:
    return settings.get_profile(os.environ.get("HYPOTHESIS_PROFILE", "everyday"))


def pytest_terminal_summary(terminalreporter: Any) -> None:
    for report in terminalreporter.getreports("passed"):
        for name, value in report.user_properties:
            if name == "tally":
                terminalreporter.write_line(f"{report.nodeid}: {value}")
