"""What an action wants to know of the page: properties of components, read by the browser when a message is sent."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, TypeAlias

from dash import State

StateGroup: TypeAlias = State | Mapping[str, Any]
"""One property, or lists of properties by name, such as those of all controls of a page."""


class Inputs:
    """Which properties make up which arguments.

    Args:
        states: By the name of the argument, the properties that make it up.
    """

    def __init__(self, states: Mapping[str, StateGroup] | None = None) -> None:
        self._states = dict(states or {})

    @property
    def properties(self) -> list[tuple[str, str]]:
        """Ids of components and names of their properties, in the order in which `arguments` takes the values."""
        return [
            (str(state.component_id), str(state.component_property))
            for group in self._states.values()
            for state in _states_of(group)
        ]

    def arguments(self, values: Sequence[Any]) -> dict[str, Any]:
        """Return the arguments that the values of `properties` make up."""
        rest = iter(values)
        return {name: _with_values(group, rest) for name, group in self._states.items()}


def _states_of(group: StateGroup) -> Iterator[State]:
    if isinstance(group, Mapping):
        for states in group.values():
            yield from states
    else:
        yield group


def _with_values(group: StateGroup, values: Iterator[Any]) -> Any:
    if isinstance(group, Mapping):
        return {name: [next(values) for _ in states] for name, states in group.items()}
    return next(values)
