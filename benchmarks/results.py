"""`RESULTS.md`: a section for each benchmark. One that is measured again takes its own place; the others stay."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from pathlib import Path

_HEAD = """\
# Results

`make bench` measures everything, `python -m benchmarks stop burst` only what it names; each section says when that was
last done and on what. Browser, clients, all apps, Redis and the scripted model share one machine and its loopback
interface.

A load average above the number of cores means that other work on the machine delayed all of this: times are then too
long, those at p99 and max most of all. CPU time, and ours : peer measured in turns, suffer less.
"""
_HEADING = re.compile(r"^## ", re.MULTILINE)
_NAME = re.compile(r"^Measured .*`python -m benchmarks (\S+)`", re.MULTILINE)


def measured_with(name: str, rest: str) -> str:
    """Return the line that says of which benchmark a section is; `rest` is when, on what, and how."""
    return f"Measured with `python -m benchmarks {name}` {rest}"


class ResultsFile:
    """The file.

    Args:
        path: Where it is, or will be.
        order: The names of the benchmarks, in the order of their sections. Sections of others come last.
    """

    def __init__(self, path: Path, order: Sequence[str]) -> None:
        self._path = path
        self._order = order

    def sections(self) -> dict[str, str]:
        """Return what the file holds, by the benchmarks' names.

        Raises:
            ValueError: When a section doesn't say of which benchmark it is.
        """
        if not self._path.exists():
            return {}
        _, *texts = _HEADING.split(self._path.read_text())
        return {self._name_of(text): f"## {text.strip()}\n" for text in texts}

    def put(self, name: str, section: str) -> None:
        """Write a section, which ends with the line of `measured_with`, and leave the others as they are."""
        sections = {**self.sections(), name: section.strip() + "\n"}
        names = sorted(sections, key=lambda each: self._order.index(each) if each in self._order else len(self._order))
        self._path.write_text("\n".join([_HEAD, _verdicts(sections), *(sections[each] for each in names)]))

    def _name_of(self, text: str) -> str:
        if found := _NAME.search(text):
            return found[1]
        raise ValueError(
            f"{self._path}: the section '{text.partition(chr(10))[0]}' doesn't say of which benchmark it is, and would "
            "be lost. Give it a line as the other sections have: Measured with `python -m benchmarks NAME`…"
        )


def _verdicts(sections: Mapping[str, str]) -> str:
    met, missed = (
        sum(text.count(f" | {verdict} | ") for text in sections.values()) for verdict in ("met", "**missed**")
    )
    return f"{met} targets are met, {missed} missed.\n"
