"""Dash components in an answer."""

from __future__ import annotations

import json
from typing import Any

from dash.development.base_component import Component as DashComponent
from plotly.basedatatypes import BaseFigure
from vizro.models import VizroBaseModel

from vizro_ws_chat.exceptions import AnswerError, ChunkTypeError
from vizro_ws_chat.parts.part import Change, Part, Place
from vizro_ws_chat.parts.trees import encode_components
from vizro_ws_chat.streams.output import AnswerWriter, Output


class Component(Part):
    """A Dash component, rendered by Dash: callbacks on it work, and text that follows leaves it alone.

    Example:
        ```python
        progress = yield Component(dbc.Progress(value=0))
        for done in load():
            yield progress.update(value=done)
        ```

    Args:
        component: A Dash component; a Plotly figure, which becomes a `dcc.Graph`; a Vizro model; or a list of these.
    """

    def __init__(self, component: Any) -> None:
        self._shown = component
        self._tree: Any = None
        self._place: Place | None = None

    def write_to(self, answer: AnswerWriter) -> Part:  # noqa: D102 - see Part
        self._shown = _built(self._shown)
        text = encode_components(self._shown, "generate_response yielded")
        self._tree = json.loads(text)
        if isinstance(self._tree, dict) and "id" not in self._tree["props"]:
            self._tree["props"]["id"] = f"part-{answer.run_id}-{len(answer.texts('component'))}"
            text = _compact(self._tree)
        self._place = Place(answer, "component", text)
        return self

    def update(self, **properties: Any) -> Change:
        """Change properties of the component; `yield` what this returns.

        The component stays what it is: only these properties are set. Changes that come faster than the browser can
        draw them are left out, but for the last.

        Args:
            **properties: Of the component, as its constructor takes them: `figure=…`, `rowData=…`, `children=…`.

        Raises:
            AnswerError: If the component has no such property, or it can't be shown.
        """
        if self._place is None:
            return Change(self, None, "")
        if not isinstance(self._tree, dict):
            raise AnswerError(
                "A list of components can't be changed. Yield each as a part of its own, and change that."
            )
        unknown = properties.keys() - _names(self._shown)
        if unknown:
            raise AnswerError(f"{type(self._shown).__name__} has no property {sorted(unknown)[0]!r} to be changed.")
        part = json.loads(encode_components({**self._tree, "props": properties}, f"{type(self).__name__}.update got"))
        self._tree["props"].update(part["props"])
        return Change(self, self._place, _compact(self._tree))


def as_part(chunk: object) -> Output:
    """Return what writes a chunk of `generate_response` that is no text.

    Raises:
        ChunkTypeError: If nothing can.
    """
    if isinstance(chunk, Output):
        return chunk
    if isinstance(chunk, DashComponent | BaseFigure | VizroBaseModel | list | tuple):
        return Component(chunk)
    raise ChunkTypeError(chunk)


def _built(shown: Any) -> Any:
    """Return a component with what Vizro makes of its models."""
    if isinstance(shown, list | tuple):
        return [_built(item) for item in shown]
    if isinstance(shown, VizroBaseModel):
        # Those with data, such as charts and tables, are functions of it; on a page, a callback calls them.
        return shown() if callable(shown) else shown.build()  # type: ignore[attr-defined]
    return shown


def _compact(tree: object) -> str:
    return json.dumps(tree, separators=(",", ":"))


def _names(shown: object) -> set[str]:
    """Return the names of the properties that can be set."""
    if isinstance(shown, BaseFigure):
        return {"figure", "config"}
    return set(getattr(shown, "_prop_names", ())) - {"id"}
