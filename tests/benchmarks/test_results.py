from __future__ import annotations

from pathlib import Path

import pytest

from benchmarks.__main__ import BENCHMARKS, RESULTS
from benchmarks.report import Row, Section, to_markdown
from benchmarks.results import ResultsFile, measured_with

ORDER = ["stop", "burst", "streams"]


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "RESULTS.md"


@pytest.fixture
def results(path: Path) -> ResultsFile:
    return ResultsFile(path, ORDER)


def section(title: str, name: str, value: str, day: int, *, met: bool | None = None) -> str:
    table = to_markdown(Section(title, "Method.", [Row("figure", value, met=met)]))
    return f"{table}\n{measured_with(name, f'on 2026-11-{day:02}: a machine.')}\n"


STOP, BURST = section("Stop", "stop", "5 ms", 1, met=True), section("Burst", "burst", "200 ms", 2, met=False)


def headings(path: Path) -> list[str]:
    return [line for line in path.read_text().splitlines() if line.startswith("#")]


def test_a_section_is_written_in_its_place(results: ResultsFile, path: Path) -> None:
    results.put("burst", BURST)
    results.put("stop", STOP)
    assert headings(path) == ["# Results", "## Stop", "## Burst"]
    assert results.sections() == {"stop": STOP, "burst": BURST}


def test_what_is_measured_again_leaves_the_others_as_they_are(results: ResultsFile, path: Path) -> None:
    results.put("burst", BURST)
    results.put("stop", STOP)
    again = section("Stop", "stop", "4 ms", 9, met=True)
    results.put("stop", again)
    assert results.sections() == {"stop": again, "burst": BURST}
    text = path.read_text()
    assert "5 ms" not in text
    assert "2026-11-02" in text
    assert "2026-11-09" in text


def test_a_section_whose_title_has_changed_takes_the_place_of_the_old_one(results: ResultsFile, path: Path) -> None:
    results.put("stop", STOP)
    results.put("stop", section("Stopping", "stop", "not measured", 3))
    assert headings(path) == ["# Results", "## Stopping"]


def test_a_section_of_a_benchmark_that_is_no_more_is_left_at_the_end(results: ResultsFile, path: Path) -> None:
    ResultsFile(path, []).put("gone", section("Gone", "gone", "1", 1))
    results.put("streams", section("Streams", "streams", "2", 2))
    assert headings(path) == ["# Results", "## Streams", "## Gone"]


def test_a_section_that_is_nobodys_is_not_lost(results: ResultsFile, path: Path) -> None:
    text = "# Results\n\n## By hand\n\nOne figure.\n"
    path.write_text(text)
    with pytest.raises(ValueError, match=r"'By hand' doesn't say of which benchmark"):
        results.put("stop", STOP)
    assert path.read_text() == text


def test_the_verdicts_of_all_sections_are_counted(results: ResultsFile, path: Path) -> None:
    results.put("burst", BURST)
    results.put("stop", STOP)
    assert "1 targets are met, 1 missed." in path.read_text()
    results.put("burst", section("Burst", "burst", "100 ms", 3, met=True))
    assert "2 targets are met, 0 missed." in path.read_text()


def test_the_results_that_there_are_can_be_refreshed_one_by_one(path: Path) -> None:
    path.write_text(RESULTS.read_text())
    copy = ResultsFile(path, list(BENCHMARKS))
    before = copy.sections()
    assert set(before) <= set(BENCHMARKS)
    assert set(before) >= {"stop", "first-token", "streams"}
    copy.put("stop", before["stop"])
    assert path.read_text() == RESULTS.read_text()
