"""The tables of results."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
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
    """

    figure: str
    ours: str
    peer: str = ""
    ratio: float | None = None
    target: str = ""
    met: bool | None = None


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


def to_markdown(section: Section) -> str:
    """Render a section."""
    lines = [
        f"## {section.title}",
        "",
        section.method,
        "",
        "| figure | target | ours | | peer | ours : peer |",
        "|---|---|---|---|---|---|",
    ]
    for row in section.rows:
        verdict = {True: "met", False: "**missed**", None: ""}[row.met]
        ratio = "" if row.ratio is None else f"1 : {1 / row.ratio:.1f}"
        lines.append(f"| {row.figure} | {row.target} | {row.ours} | {verdict} | {row.peer} | {ratio} |")
    if section.notes:
        lines += ["", *(f"- {note}" for note in section.notes)]
    return "\n".join([*lines, ""])
