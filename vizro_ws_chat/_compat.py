"""The only module that uses private names of Vizro and Dash, each with the reason why there is no public way."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

# The base of actions written as classes. Vizro's public way to write one is a decorated function, which can't have
# a generate_response method to override.
from vizro.actions._abstract_action import _AbstractAction as AbstractAction
from vizro.managers import data_manager, model_manager

# Stands for all models that show data.
from vizro.managers._model_manager import FIGURE_MODELS

# What that base and Vizro's own actions have in common, to be told from anything else in a list of actions.
from vizro.models._action._action import _BaseAction as BaseAction

# Wires the actions of a model to what triggers them. Every Vizro model with `actions` calls it.
from vizro.models._models_utils import make_actions_chain

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from dash import Dash
    from flask import Flask
    from vizro.models import Page

__all__ = [
    "AbstractAction",
    "BaseAction",
    "dataset_names",
    "do_first",
    "make_actions_chain",
    "pages_of_datasets",
    "set_up",
]


def set_up(app: Dash) -> None:
    """Do what Dash does when the first request comes: find out what it may serve. Doing it twice is doing it once."""
    app._setup_server()  # type: ignore[no-untyped-call]


def do_first(app: Flask, function: Callable[[], None]) -> None:
    """Call a function before all that is called before a request: Flask itself calls them in the order they came in."""
    functions = app.before_request_funcs.setdefault(None, [])
    functions.insert(0, function)


def dataset_names() -> list[str]:
    """Return the names of all datasets: the data manager gives a dataset by its name, but no names."""
    return list(data_manager._DataManager__data)  # type: ignore[attr-defined]


def pages_of_datasets() -> dict[str, list[Page]]:
    """Return the pages that show a dataset, by its name: the model manager has no public way to find models."""
    pages: dict[str, list[Page]] = {}
    for model in cast("Iterable[Any]", model_manager._get_models(FIGURE_MODELS)):
        name = model["data_frame"]
        page = model_manager._get_model_page(model)
        if isinstance(name, str) and page is not None and page not in pages.setdefault(name, []):
            pages[name].append(page)
    return pages
