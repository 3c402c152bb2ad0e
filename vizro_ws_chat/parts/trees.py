"""Dash components as they go to the browser: checked, and written as JSON."""

from __future__ import annotations

import json
from collections.abc import Iterator
from functools import cache
from typing import Any

import plotly.io as pio
from dash import dcc
from plotly.basedatatypes import BaseFigure
from plotly.utils import PlotlyJSONEncoder

from vizro_ws_chat.exceptions import AnswerError

COMPONENT_KEYS = {"type", "namespace", "props"}
_SHOWN = "What can be shown is text, a Dash component, a figure, or a list of these."


def encode_components(value: object, source: str) -> str:
    """Return the JSON of what is to be shown: components, figures, text, or a list of these.

    Args:
        value: What is to be shown.
        source: What it comes from, as "generate_response returned".

    Raises:
        AnswerError: If it can't be shown.
    """
    try:
        tree = json.loads(json.dumps(_with_graphs(value), cls=PlotlyJSONEncoder))
        _check_children(tree, source)
        _check_ids(tree, source)
        _name_templates(tree)
        return json.dumps(tree, separators=(",", ":"))
    except (TypeError, ValueError, RecursionError) as error:
        raise AnswerError(
            f"{source} {type(value).__name__!r}, which can't be written as JSON: {error}. {_SHOWN}"
        ) from error


def _with_graphs(answer: object) -> object:
    if isinstance(answer, BaseFigure):
        return dcc.Graph(figure=answer)
    if isinstance(answer, list | tuple):
        return [_with_graphs(item) for item in answer]
    return answer


def _check_children(tree: object, source: str) -> None:
    """Find what React could not show: it would take the whole page down with it."""
    if isinstance(tree, list):
        for item in tree:
            _check_children(item, source)
    elif isinstance(tree, dict):
        if not tree.keys() >= COMPONENT_KEYS:
            raise AnswerError(f"{source} a dict with the keys {sorted(tree)[:10]}, which is no component. {_SHOWN}")
        _check_children(tree["props"].get("children"), source)


def _name_templates(tree: object) -> None:
    """Put the name `vizro` in place of Vizro's own templates: the browser knows them, and which theme is on."""
    for component in _components(tree):
        figure = component["props"].get("figure")
        if component["type"] == "Graph" and isinstance(figure, dict):
            layout = figure.get("layout", {})
            if layout.get("template") in _vizro_templates():
                layout["template"] = "vizro"


@cache
def _vizro_templates() -> tuple[Any, ...]:
    names = [name for name in ("vizro_dark", "vizro_light") if name in pio.templates]
    return tuple(json.loads(json.dumps(pio.templates[name], cls=PlotlyJSONEncoder)) for name in names)


def _check_ids(tree: object, source: str) -> None:
    seen: set[str] = set()
    for component_id in _ids(tree):
        if component_id in seen:
            raise AnswerError(
                f"{source} two components with the id {component_id}. Callbacks could not tell them "
                "apart: give each an id of its own."
            )
        seen.add(component_id)


def _ids(tree: object) -> Iterator[str]:
    for component in _components(tree):
        if "id" in component["props"]:
            yield json.dumps(component["props"]["id"], sort_keys=True)


def _components(tree: object) -> Iterator[dict[str, Any]]:
    """Yield all components of a tree, also those in other properties than `children`."""
    if isinstance(tree, list):
        for item in tree:
            yield from _components(item)
    elif isinstance(tree, dict):
        if tree.keys() >= COMPONENT_KEYS:
            yield tree
        for value in tree.values():
            yield from _components(value)
