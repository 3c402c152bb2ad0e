"""The tables of results."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Protocol


@dataclass(frozen=True)
class Row:
    """One line of a table: a figure, ours and the peer's.

    Attributes:
        figure: What was measured.
        ours: Our value, in words.
        peer: The peer's value, in words.
        ratio: Ours to the peer's.
        target: What is asked of us.
        met: Whether we reach the target; `None` without one.
        raw: The value of what does nothing but the inevitable, in words.
        raw_ratio: Ours to that.
    """

    figure: str
    ours: str
    peer: str = ""
    ratio: float | None = None
    target: str = ""
    met: bool | None = None
    raw: str = ""
    raw_ratio: float | None = None


@dataclass(frozen=True)
class Section:
    """One benchmark's results.

    Attributes:
        title: Its heading.
        method: How it was measured.
        rows: The table.
        notes: What else is to be said, such as all single runs.
    """

    title: str
    method: str
    rows: Sequence[Row]
    notes: Sequence[str] = field(default_factory=list)


class Result(Protocol):
    """What a benchmark returns."""

    def section(self) -> Section:
        """Lay out as a table."""


_HEAD = (
    "| figure | target | ours | | peer | raw limit | ours : peer | ours : raw |",
    "|---|---|---|---|---|---|---|---|",
)


def to_markdown(section: Section) -> str:
    """Render a section."""
    lines = [
        f"## {section.title}",
        "",
        section.method,
        "",
        *_HEAD,
        *map(_line, section.rows),
    ]
    if section.notes:
        lines += ["", *(f"- {note}" for note in section.notes)]
    return "\n".join([*lines, ""])


def summary(sections: Sequence[Section]) -> str:
    """Render all lines of all sections as one table."""
    lines = [_line(replace(row, figure=f"{each.title}: {row.figure}")) for each in sections for row in each.rows]
    verdicts = [row.met for each in sections for row in each.rows]
    count = f"{verdicts.count(True)} met, {verdicts.count(False)} missed."
    return "\n".join(["## All figures", "", *_HEAD, *lines, "", count, ""])


def _line(row: Row) -> str:
    verdict = {True: "met", False: "**missed**", None: ""}[row.met]
    peer = "" if row.ratio is None else f"1 : {1 / row.ratio:.1f}"
    raw = "" if row.raw_ratio is None else f"{row.raw_ratio:.2f} : 1"
    return f"| {row.figure} | {row.target} | {row.ours} | {verdict} | {row.peer} | {row.raw} | {peer} | {raw} |"
