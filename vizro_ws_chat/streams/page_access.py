"""What of the dashboard an answer may change: nothing but what its author has allowed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import NamedTuple


class Control(NamedTuple):
    """A control of the page.

    Attributes:
        component: The id of the Dash component that has its value.
        property: The name of that property.
        label: What it is called on the page.
    """

    component: str
    property: str
    label: str


@dataclass(frozen=True)
class PageAccess:
    """What of the dashboard an answer may change.

    Attributes:
        controls: By the names that the author uses.
        pages: The paths of pages that may be opened, as the browser has them, by their ids, titles and paths.
    """

    controls: Mapping[str, Control] = field(default_factory=dict)
    pages: Mapping[str, str] = field(default_factory=dict)


NO_ACCESS = PageAccess()
