from __future__ import annotations

import os

import pytest

from soak.vitals import Vitals, growth, look_at


def rows(*rss_mb: float, threads: int = 20, descriptors: int = 20) -> list[Vitals]:
    return [Vitals(threads, descriptors, rss, 0.0) for rss in rss_mb]


def test_a_process_can_be_looked_at() -> None:
    vitals = look_at([os.getpid()])
    assert vitals.threads >= 1
    assert vitals.descriptors >= 3
    assert vitals.rss_mb > 10
    assert vitals.cpu_seconds > 0


def test_a_warm_up_is_no_growth() -> None:
    assert growth(rows(100, 150, 200, 200, 202, 201, 203, 202)) == []


@pytest.mark.parametrize(
    ("late", "what"),
    [
        (rows(200, 200, threads=25), "threads 20 → 25"),
        (rows(200, 200, descriptors=29), "descriptors 20 → 29"),
        (rows(220, 220), "memory 200 → 220 MB"),
    ],
)
def test_growth_is_found(late: list[Vitals], what: str) -> None:
    assert growth([*rows(200, 200, 200, 200, 200, 200), *late]) == [what]


def test_few_rows_tell_nothing() -> None:
    assert growth(rows(1, 2, 3)) == ["too short to tell"]
