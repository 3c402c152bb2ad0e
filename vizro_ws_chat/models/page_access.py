"""What of a dashboard answers may change, found among its models."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import dash
from vizro.managers import model_manager

from vizro_ws_chat.exceptions import ConfigurationError
from vizro_ws_chat.streams.page_access import Control, PageAccess


def vizro_access(chat_id: str, controls: Sequence[str], *, navigation: bool) -> Callable[[], PageAccess]:
    """Return what finds out, once the dashboard is built, what answers may change.

    Args:
        chat_id: The chat's.
        controls: Ids of filters, parameters and selectors.
        navigation: Whether pages may be opened.
    """
    return lambda: PageAccess(
        {control: _control(chat_id, control) for control in controls}, _pages() if navigation else {}
    )


def check_controls(chat_id: str, controls: Sequence[str]) -> None:
    """Find mistakes while the dashboard is built.

    Raises:
        ConfigurationError: When one of the controls is none.
    """
    for control in controls:
        _control(chat_id, control)


def dash_access(chat_id: str, controls: Sequence[str], *, navigation: bool) -> Callable[[], PageAccess]:
    """Return the same for a Dash app without Vizro, whose controls are named as "component-id.property".

    Raises:
        ConfigurationError: When one is not.
    """
    if isinstance(controls, str) or not all(control.count(".") == 1 for control in controls):
        raise ConfigurationError(
            f'The chat {chat_id!r} can\'t be made: controls is a list of "component-id.property", but is {controls!r}.'
        )
    known = {control: _property(control) for control in controls}
    return lambda: PageAccess(known, _pages() if navigation else {})


def _property(name: str) -> Control:
    component, prop = name.split(".")
    return Control(component, prop, label=component)


def _control(chat_id: str, name: str) -> Control:
    try:
        model: Any = model_manager[name]
    except KeyError:
        raise ConfigurationError(
            f"The chat {chat_id!r} names the control {name!r}, but the dashboard has no model of this id."
        ) from None
    # A filter or parameter has its value in its selector.
    selector = getattr(model, "selector", model)
    if "value" not in type(selector).model_fields:
        raise ConfigurationError(
            f"The chat {chat_id!r} names the control {name!r}, but a {type(model).__name__} has no value to be set."
        )
    # Pickers that are made of several components have their value in a store.
    component, prop = getattr(selector, "_action_outputs", {}).get("__default__", f"{selector.id}.value").split(".")
    return Control(component, prop, selector.title or getattr(model, "column", name))


def _pages() -> dict[str, str]:
    """Return the paths of the dashboard's pages, as the browser has them, by their ids, paths and titles."""
    pages: dict[str, str] = {}
    for key in ("module", "path", "title"):  # where two pages have the same name, it is the first of these
        for page in dash.page_registry.values():
            if isinstance(page[key], str) and page[key]:
                pages.setdefault(page[key], page["relative_path"])
    return pages
