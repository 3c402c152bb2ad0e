"""What a docstring in Google's style says of a function and of its arguments."""

from __future__ import annotations

import re
from typing import NamedTuple

_SECTION = re.compile(r"^(Args|Arguments|Parameters|Returns|Return|Yields|Raises|Examples?|Notes?):\s*$")
_ARGUMENTS = {"Args", "Arguments", "Parameters"}
_ENTRY = re.compile(r"^(\w+)\s*(?:\([^)]*\))?:\s*(.*)$")


class Described(NamedTuple):
    """A function in words.

    Attributes:
        description: What stands before the sections.
        arguments: By name.
    """

    description: str
    arguments: dict[str, str]


def read_docstring(docstring: str) -> Described:
    """Read a docstring as `inspect.getdoc` returns it."""
    description: list[str] = []
    arguments: dict[str, str] = {}
    section: str | None = None
    name, indent = "", 0
    for line in docstring.splitlines():
        begun = _SECTION.match(line)
        if begun:
            section, indent = begun[1], 0
        elif section is None:
            description.append(line)
        elif section in _ARGUMENTS and line.strip():
            depth = len(line) - len(line.lstrip())
            indent = indent or depth
            entry = _ENTRY.match(line.strip()) if depth == indent else None
            if entry:
                name = entry[1]
                arguments[name] = entry[2]
            elif name:
                arguments[name] = f"{arguments[name]} {line.strip()}".strip()
    return Described("\n".join(description).strip(), arguments)
