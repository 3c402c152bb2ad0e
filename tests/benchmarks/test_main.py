from __future__ import annotations

import re
from pathlib import Path

import pytest

from benchmarks import __main__ as main
from benchmarks.__main__ import Measurement, of_servers, run
from benchmarks.load.crowd import StalledError
from benchmarks.report import Row, Section
from benchmarks.results import ResultsFile


class Constant:
    """A result that is known."""

    def __init__(self, *, quick: bool) -> None:
        self.is_quick = quick

    def section(self) -> Section:
        return Section("Streams", "Method.", [Row("figure", "1 ms", met=True)])


def measurement(name: str, value: str) -> Measurement:
    return Measurement(name, lambda: Section(name.title(), "", [Row("figure", value, met=True)]), "gunicorn 23")


def fail() -> Section:
    raise OSError("no such browser")


@pytest.fixture
def results(tmp_path: Path) -> ResultsFile:
    return ResultsFile(tmp_path / "RESULTS.md", ["stop", "burst"])


def test_each_section_says_how_when_and_on_what_it_was_measured(results: ResultsFile) -> None:
    run([measurement("burst", "2 ms")], results)
    assert re.search(
        r"^Measured with `python -m benchmarks burst` on \d{4}-\d\d-\d\d: .+, \d+ cores, \d+ GiB, Linux; "
        r"Python 3\.[\d.]+; gunicorn 23\. Load average: [\d.]+ before, [\d.]+ after\.$",
        results.sections()["burst"],
        re.MULTILINE,
    )


def test_a_run_of_some_leaves_the_sections_of_the_others(results: ResultsFile) -> None:
    run([measurement("stop", "1 ms"), measurement("burst", "2 ms")], results)
    burst = results.sections()["burst"]
    run([measurement("stop", "3 ms")], results)
    assert results.sections()["burst"] == burst
    assert "| 3 ms |" in results.sections()["stop"]


def test_what_was_measured_before_a_failure_is_kept(results: ResultsFile) -> None:
    with pytest.raises(OSError, match="no such browser"):
        run([measurement("stop", "1 ms"), Measurement("burst", fail, "")], results)
    assert list(results.sections()) == ["stop"]


def test_without_a_file_results_are_printed(capsys: pytest.CaptureFixture[str]) -> None:
    run([measurement("stop", "1 ms")], None)
    printed = capsys.readouterr().out
    assert "## Stop\n" in printed
    assert "1 met, 0 missed." in printed


def test_a_server_that_does_not_get_on_is_told_in_place_of_its_figures(monkeypatch: pytest.MonkeyPatch) -> None:
    def stall(*, quick: bool) -> Constant:
        raise StalledError(f"answers: 2 clients, {quick}")

    monkeypatch.setitem(main.OF_SERVERS, "streams", stall)
    section = of_servers("streams", quick=False)
    assert section.method == "Not measured: answers: 2 clients, False."
    assert [row.met for row in section.rows] == [False]


def test_servers_are_measured_without_a_browser(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CHROMIUM", "/nowhere")
    monkeypatch.setitem(main.OF_SERVERS, "streams", Constant)
    (only,) = main.measurements(["streams"], quick=True)
    assert only.name == "streams"
    assert only.measure() == Constant(quick=True).section()
    assert "gunicorn" in only.software
