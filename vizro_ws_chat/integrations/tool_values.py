"""What tools return: something to show, or something to tell."""

from __future__ import annotations

from typing import Any

from dash.development.base_component import Component as DashComponent
from plotly.basedatatypes import BaseFigure
from plotly.utils import PlotlyJSONEncoder
from pydantic_core import PydanticSerializationError, to_jsonable_python
from vizro.models import VizroBaseModel

from vizro_ws_chat.exceptions import AnswerError
from vizro_ws_chat.parts import Part

_SHOWABLE = (Part, DashComponent, BaseFigure, VizroBaseModel)


def showable(value: object) -> list[Any]:
    """Return what of a tool's value is to be shown as it is: a component, or a list of these."""
    if isinstance(value, _SHOWABLE):
        return [value]
    if isinstance(value, list | tuple) and value and all(isinstance(each, _SHOWABLE) for each in value):
        return list(value)
    return []


def plain(value: object) -> Any:
    """Return a tool's value as text, or as what JSON has.

    Raises:
        AnswerError: If it can't be written as JSON.
    """
    try:
        return to_jsonable_python(value, fallback=PlotlyJSONEncoder().default, inf_nan_mode="null")
    except (PydanticSerializationError, TypeError, ValueError) as error:
        raise AnswerError(
            f"A tool returned {type(value).__name__!r}, which can't be written as JSON: {error}. Return text, numbers, "
            "lists, dicts, a pydantic model, or something to show: a component or a figure."
        ) from error
