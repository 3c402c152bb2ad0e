from __future__ import annotations

import pytest

from benchmarks.report import Row, Section, summary, to_markdown


def cells(row: Row) -> list[str]:
    line = to_markdown(Section("Title", "Method.", [row])).splitlines()[-1]
    return [cell.strip() for cell in line.strip("|").split("|")]


def test_a_row_shows_each_value_below_its_heading() -> None:
    row = Row("stop", "5 ms", "20 ms", 0.25, "p99 ≤ 10 ms", True, "4 ms", 1.25)
    text = to_markdown(Section("Title", "Method.", [row], ["Note."]))
    assert text.splitlines() == [
        "## Title",
        "",
        "Method.",
        "",
        "| figure | target | ours | | peer | raw limit | ours : peer | ours : raw |",
        "|---|---|---|---|---|---|---|---|",
        "| stop | p99 ≤ 10 ms | 5 ms | met | 20 ms | 4 ms | 1 : 4.0 | 1.25 : 1 |",
        "",
        "- Note.",
    ]


@pytest.mark.parametrize(("ratio", "text"), [(0.1, "1 : 10.0"), (1.0, "1 : 1.0"), (2.0, "1 : 0.5"), (None, "")])
def test_ours_to_the_peers_is_below_one_for_us_to_be_better(ratio: float | None, text: str) -> None:
    assert cells(Row("figure", "ours", "peer", ratio))[6] == text


@pytest.mark.parametrize(("ratio", "text"), [(0.72, "0.72 : 1"), (1.5, "1.50 : 1"), (None, "")])
def test_ours_to_what_is_inevitable_says_how_often_it_goes_into_ours(ratio: float | None, text: str) -> None:
    assert cells(Row("figure", "ours", raw="raw", raw_ratio=ratio))[7] == text


@pytest.mark.parametrize(("met", "verdict"), [(True, "met"), (False, "**missed**"), (None, "")])
def test_a_missed_target_is_told(met: bool | None, verdict: str) -> None:
    assert cells(Row("figure", "ours", target="target", met=met))[3] == verdict


def test_the_summary_has_all_rows_and_counts_the_verdicts() -> None:
    sections = [
        Section("One", "", [Row("a", "1", met=True), Row("b", "2", met=False), Row("c", "3")]),
        Section("Two", "", [Row("a", "4", met=True)]),
    ]
    text = summary(sections)
    assert [line.split("|")[1].strip() for line in text.splitlines() if ": " in line and "|" in line][1:] == [
        *("One: a", "One: b", "One: c"),
        "Two: a",
    ]
    assert text.rstrip().endswith("2 met, 1 missed.")
