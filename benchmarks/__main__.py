"""Runs benchmarks; all of them together write `RESULTS.md`."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from pathlib import Path

from benchmarks import burst, first_token, live_chart, long_answer, long_thread, reconnect, stop, token_rate, turns
from benchmarks.arena import open_arena
from benchmarks.machine import describe_machine, load_average
from benchmarks.report import Result, to_markdown

BENCHMARKS: dict[str, Callable[..., Result]] = {
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
RESULTS = Path(__file__).with_name("RESULTS.md")


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("names", nargs="*", metavar="name", help=f"of {', '.join(BENCHMARKS)}; default: all")
    parser.add_argument("--quick", action="store_true", help="few rounds, nothing written")
    arguments = parser.parse_args()
    if unknown := set(arguments.names) - set(BENCHMARKS):
        parser.error(f"unknown: {', '.join(sorted(unknown))}")
    names = arguments.names or list(BENCHMARKS)
    with open_arena() as arena:
        pages = ["# Results", describe_machine(arena.browser.version)]
        for name in names:
            load = load_average()
            section = BENCHMARKS[name](arena, quick=arguments.quick).section()
            text = f"{to_markdown(section)}\nLoad average: {load:.1f} before, {load_average():.1f} after."
            print(text, flush=True)
            pages.append(text)
    if len(names) == len(BENCHMARKS) and not arguments.quick:
        RESULTS.write_text("\n\n".join(pages) + "\n")


if __name__ == "__main__":
    main()
