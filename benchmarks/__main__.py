"""Runs benchmarks; all of them together write `RESULTS.md`."""

from __future__ import annotations

import argparse
import contextlib
from collections.abc import Callable
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
from benchmarks.machine import describe_machine, load_average
from benchmarks.report import Result, Row, Section, summary, to_markdown

OF_SERVERS: dict[str, Callable[..., Result]] = {
    "streams": streams.measure,
    "workers": workers.measure,
    "resume": resume.measure,
    "redis": redis_engine.measure,
}
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
BENCHMARKS = {**OF_SERVERS, **OF_PAGES}
RESULTS = Path(__file__).with_name("RESULTS.md")


def of_servers(name: str, *, quick: bool) -> Section:
    """Measure servers; one that does not get on is told in place of its figures, and the others are measured."""
    try:
        return OF_SERVERS[name](quick=quick).section()
    except StalledError as error:
        return Section(name, f"Not measured: {error}.", rows=[Row("all of it", "not measured", met=False)])


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("names", nargs="*", metavar="name", help=f"of {', '.join(BENCHMARKS)}; default: all")
    parser.add_argument("--quick", action="store_true", help="few rounds, nothing written")
    arguments = parser.parse_args()
    if unknown := set(arguments.names) - set(BENCHMARKS):
        parser.error(f"unknown: {', '.join(sorted(unknown))}")
    names = arguments.names or list(BENCHMARKS)
    pages, sections = ["# Results", describe_machine()], []
    with contextlib.ExitStack() as stack:
        arena: Arena | None = None
        for name in names:
            load = load_average()
            if name in OF_SERVERS:
                sections.append(of_servers(name, quick=arguments.quick))
            else:
                arena = arena or stack.enter_context(open_arena())
                sections.append(OF_PAGES[name](arena, quick=arguments.quick).section())
            text = f"{to_markdown(sections[-1])}\nLoad average: {load:.1f} before, {load_average():.1f} after."
            print(text, flush=True)
            pages.append(text)
    pages.append(summary(sections))
    print(pages[-1])
    if len(names) == len(BENCHMARKS) and not arguments.quick:
        RESULTS.write_text("\n\n".join(pages) + "\n")


if __name__ == "__main__":
    main()
