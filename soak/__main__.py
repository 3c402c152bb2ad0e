"""Soaks the chat, prints what came of it, and fails when a rule did not hold."""

from __future__ import annotations

import argparse
import os
import random
import re
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from soak.arena import ECHO, Arena, open_arena
from soak.endpoint import Endpoint
from soak.endurance import Tally, storm, users
from soak.fuzz import Fuzzed, fuzz
from soak.pages import SETTINGS, Paged, read_in_browser
from soak.plan import Plan
from soak.vitals import Vitals, growth, look_at, median

_LOOK_SECONDS = 5.0
_STORM_SECONDS = 30.0
_ROWS = 24
_ATTACK_PATIENCE_SECONDS = 30.0
_ERROR_KINDS = 20
_TRACEBACK_LINES = 8
_COLUMNS = "{:>7} {:>8} {:>6} {:>12} {:>8} {:>11} {:>8} {:>7}"


@dataclass(frozen=True)
class Arguments:
    """What was asked for.

    Attributes:
        plan: For the clients.
        attacks: Hostile messages.
        pages: Answers to read in a browser.
        evidence: Where to write what was seen when a rule did not hold.
    """

    plan: Plan
    attacks: int
    pages: int
    evidence: Path


def parse_arguments() -> Arguments:
    parser = argparse.ArgumentParser(prog="python -m soak", description=__doc__)
    parser.add_argument("--runs", type=int, help="answers to read; 10000 unless --minutes is given")
    parser.add_argument("--minutes", type=float, help="go on for so long, with time to think between answers")
    parser.add_argument("--attacks", type=int, help="hostile messages; 100000, or 10000 with --minutes")
    parser.add_argument("--pages", type=int, help="answers to read in Chromium; 50, or none with --minutes")
    parser.add_argument("--clients", type=int, default=16, help="users at once (default: %(default)s)")
    parser.add_argument("--workers", type=int, default=1, help="processes that serve, with Redis when several")
    parser.add_argument("--seed", type=int, default=1, help="decides what users and network do (default: %(default)s)")
    parser.add_argument(
        "--evidence", type=Path, default=Path("soak-evidence.txt"), help="written when a rule does not hold"
    )
    given = parser.parse_args()
    runs = 10_000 if given.runs is None and given.minutes is None else given.runs
    attacks = given.attacks if given.attacks is not None else 100_000 if given.minutes is None else 10_000
    pages = given.pages if given.pages is not None else 50 if given.minutes is None else 0
    return Arguments(
        Plan(runs, given.minutes, given.clients, given.seed, given.workers), attacks, pages, given.evidence
    )


def endure(arena: Arena, plan: Plan) -> tuple[Tally, list[Vitals]]:
    """Let users chat, and print a row now and then."""
    tally = Tally(plan.log_ttl)
    started = time.monotonic()
    end = started + plan.minutes * 60 if plan.minutes is not None else float("inf")
    row_seconds = plan.minutes * 60 / _ROWS if plan.minutes is not None else 30.0
    next_row, next_storm = started + row_seconds, started + _STORM_SECONDS
    chance = random.Random(plan.seed)
    vitals: list[Vitals] = []
    rows: list[Vitals] = []
    print(_COLUMNS.format("minutes", "runs", "late", "connections", "threads", "descriptors", "RSS MB", "wrong"))
    with users(arena, plan.habits, clients=plan.clients, seed=plan.seed, runs=plan.runs, tally=tally) as done:
        while time.monotonic() < end and not done.wait(_LOOK_SECONDS):
            vitals.append(look_at(arena.worker_pids))
            if time.monotonic() > next_storm:
                storm(arena, chance)
                next_storm += _STORM_SECONDS
            if time.monotonic() > next_row:
                rows.append(median(vitals))
                print_row((time.monotonic() - started) / 60, tally, rows[-1])
                vitals.clear()
                next_row += row_seconds
    tally.add_calls(arena.calls())
    return tally, rows


def print_row(minutes: float, tally: Tally, vitals: Vitals) -> None:
    print(
        _COLUMNS.format(
            f"{minutes:.1f}",
            tally.runs,
            tally.late_looks,
            tally.connections,
            vitals.threads,
            vitals.descriptors,
            f"{vitals.rss_mb:.1f}",
            tally.violation_count,
        ),
        flush=True,
    )


def print_summary(tally: Tally, rows: Sequence[Vitals], seconds: float, cpu: tuple[float, float]) -> None:
    ends = ", ".join(f"{name} {count}" for name, count in tally.ends.most_common())
    print(f"\n{tally.runs} runs over {tally.connections} connections in {seconds:.0f} s; readers saw: {ends}")
    print(f"cores used: server {cpu[0] / seconds:.2f}, clients with network and model {cpu[1] / seconds:.2f}")
    grown = growth(rows)
    print(f"server: {', '.join(grown) if grown else 'flat'}")
    print(f"violations: {tally.violation_count}")
    for violation in tally.violations:
        print(f"  {violation}"[:300])


def attack(arena: Arena, count: int, seed: int) -> Fuzzed:
    """Attack the chat that is there for it, and print what came of it."""
    endpoint = Endpoint(arena.server.url, arena.cookies(), patience=_ATTACK_PATIENCE_SECONDS)
    before, started = look_at(arena.worker_pids), time.monotonic()
    fuzzed = fuzz(endpoint, ECHO, count=count, seed=seed)
    after = look_at(arena.worker_pids)
    print(f"\n{fuzzed.sent} attacks in {time.monotonic() - started:.0f} s; wrong answers: {fuzzed.finding_count}")
    print(f"server: memory {before.rss_mb:.0f} → {after.rss_mb:.0f} MB, threads {before.threads} → {after.threads}")
    for answer, number in fuzzed.answers.most_common():
        print(f"  {number:>7} {answer}")
    for finding in fuzzed.findings:
        print(f"  {finding}"[:300])
    return fuzzed


def read_pages(count: int, seed: int) -> Paged:
    """Read answers in a browser, and print what came of it."""
    started = time.monotonic()
    with open_arena(SETTINGS, threads=16) as arena:
        paged = read_in_browser(arena, turns=count, seed=seed)
    print(
        f"\n{paged.turns} answers in Chromium in {time.monotonic() - started:.0f} s, {paged.reloads} pages reloaded, "
        f"{paged.faults} connections with a fault; violations: {len(paged.findings)}"
    )
    for finding in paged.findings:
        print(f"  {finding}"[:1_000])
    return paged


def print_errors(output: str) -> None:
    """Print what the server's log holds of exceptions, each kind once, with the end of its first traceback."""
    found: dict[str, list[int]] = {}
    for error in re.finditer(r"^(?:[a-z_]+\.)*[A-Z]\w*(?:Error|Exception|Exit|Closed)\b.*$", output, re.MULTILINE):
        found.setdefault(error[0], []).append(error.start())
    print(f"exceptions in the server's log: {sum(map(len, found.values()))}")
    for kind, places in sorted(found.items(), key=lambda item: -len(item[1]))[:_ERROR_KINDS]:
        print(f"  {len(places)} of {kind[:200]}")
        for line in output[: places[0]].splitlines()[-_TRACEBACK_LINES:]:
            print(f"      {line[:200]}")


def main() -> None:
    arguments = parse_arguments()
    plan = arguments.plan
    print(f"{plan}\ngunicorn threads: {plan.threads}; settings: {plan.settings}")
    with open_arena(plan.settings, threads=plan.threads, workers=plan.workers) as arena:
        pids = arena.worker_pids
        started, cpu = time.monotonic(), (look_at(pids).cpu_seconds, time.process_time())
        tally, rows = endure(arena, plan)
        used = (look_at(pids).cpu_seconds - cpu[0], time.process_time() - cpu[1])
        print_summary(tally, rows, time.monotonic() - started, used)
        fuzzed = attack(arena, arguments.attacks, plan.seed)
        print_errors(arena.server.output)
    paged = read_pages(arguments.pages, plan.seed)
    if tally.violations:
        arguments.evidence.write_text(
            "\n\n".join(f"{each}\n{each.evidence}" for each in tally.violations), encoding="utf-8"
        )
        print(f"evidence: {arguments.evidence}")
    has_grown = plan.minutes is not None and bool(growth(rows))
    sys.exit(1 if tally.violation_count or fuzzed.finding_count or paged.findings or has_grown else os.EX_OK)


if __name__ == "__main__":
    main()
