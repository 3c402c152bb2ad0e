"""Runs benchmarks and writes their sections of `RESULTS.md`; those of the others stay as they are."""

from __future__ import annotations

import argparse
import datetime
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from benchmarks import (
    burst,
    first_token,
    live_chart,
    long_answer,
    long_thread,
    reconnect,
    redis_engine,
    resume,
    stop,
    streams,
    token_rate,
    turns,
    workers,
)
from benchmarks.arena import Arena, open_arena
from benchmarks.load.crowd import StalledError
from benchmarks.machine import (
    PACKAGES_OF_PAGES,
    PACKAGES_OF_SERVERS,
    chromium_version,
    describe_machine,
    load_average,
    versions,
)
from benchmarks.report import Result, Row, Section, summary, to_markdown
from benchmarks.results import ResultsFile, measured_with

OF_PAGES: dict[str, Callable[..., Result]] = {
    "stop": stop.measure,
    "first-token": first_token.measure,
    "token-rate": token_rate.measure,
    "burst": burst.measure,
    "long-answer": long_answer.measure,
    "turns": turns.measure,
    "long-thread": long_thread.measure,
    "live-chart": live_chart.measure,
    "reconnect": reconnect.measure,
}
OF_SERVERS: dict[str, Callable[..., Result]] = {
    "streams": streams.measure,
    "workers": workers.measure,
    "resume": resume.measure,
    "redis": redis_engine.measure,
}
BENCHMARKS = {**OF_PAGES, **OF_SERVERS}
RESULTS = Path(__file__).with_name("RESULTS.md")


@dataclass(frozen=True)
class Measurement:
    """One benchmark.

    Attributes:
        name: As on the command line.
        measure: Takes its time.
        software: What takes part, with versions.
    """

    name: str
    measure: Callable[[], Section]
    software: str


def measurements(names: Sequence[str], *, quick: bool) -> Iterator[Measurement]:
    """What is to be measured. Servers come first, while no browser runs."""
    for name in filter(OF_SERVERS.__contains__, names):
        yield Measurement(name, partial(of_servers, name, quick=quick), versions(PACKAGES_OF_SERVERS))
    if chosen := [name for name in names if name in OF_PAGES]:
        software = f"{chromium_version()} (headless, no GPU), {versions(PACKAGES_OF_PAGES)}"
        with open_arena() as arena:
            for name in chosen:
                yield Measurement(name, partial(of_pages, name, arena, quick=quick), software)


def of_pages(name: str, arena: Arena, *, quick: bool) -> Section:
    """Measure pages."""
    return OF_PAGES[name](arena, quick=quick).section()


def of_servers(name: str, *, quick: bool) -> Section:
    """Measure servers; one that does not get on is told in place of its figures, and the others are measured."""
    try:
        return OF_SERVERS[name](quick=quick).section()
    except StalledError as error:
        return Section(name, f"Not measured: {error}.", rows=[Row("all of it", "not measured", met=False)])


def run(todo: Iterable[Measurement], results: ResultsFile | None) -> None:
    """Measure, print, and put each section into the file, if there is one, as soon as it is there."""
    sections = []
    for measurement in todo:
        load = load_average()
        section = measurement.measure()
        today = datetime.datetime.now(datetime.UTC).date()
        provenance = measured_with(
            measurement.name,
            f"on {today}: {describe_machine()}; {measurement.software}. Load average: {load:.1f} before, "
            f"{load_average():.1f} after.",
        )
        text = f"{to_markdown(section)}\n{provenance}\n"
        print(text, flush=True)
        if results:
            results.put(measurement.name, text)
        sections.append(section)
    print(summary(sections))


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("names", nargs="*", metavar="name", help=f"of {', '.join(BENCHMARKS)}; default: all")
    parser.add_argument("--quick", action="store_true", help="few rounds, nothing written")
    arguments = parser.parse_args()
    if unknown := set(arguments.names) - set(BENCHMARKS):
        parser.error(f"unknown: {', '.join(sorted(unknown))}")
    results = ResultsFile(RESULTS, list(BENCHMARKS))
    results.sections()  # a file that can't be read is to be told of now, not when all has been measured
    todo = measurements(arguments.names or list(BENCHMARKS), quick=arguments.quick)
    run(todo, None if arguments.quick else results)


if __name__ == "__main__":
    main()
