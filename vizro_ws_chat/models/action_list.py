"""The actions of a chat: first what answers, then what Vizro runs when an answer is complete."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from vizro_ws_chat._compat import BaseAction
from vizro_ws_chat.actions.base import BaseChatAction
from vizro_ws_chat.exceptions import ConfigurationError


def read_actions(value: Any) -> list[Any]:
    """Return a list of actions, made where a configuration file only names them.

    Args:
        value: An action or a list of them. A dict is one of the class that its `type` names, by the class's own name
            or by the default of its field `type`; the rest are its fields.
    """
    values = value if isinstance(value, list) else [value]
    return [_make(item) if isinstance(item, dict) else item for item in values]


def check_actions(chat_id: str, actions: Sequence[BaseAction]) -> BaseChatAction:
    """Return the action that answers.

    Raises:
        ConfigurationError: When it is missing, not the only one, or can't work.
    """
    answering = [action for action in actions if isinstance(action, BaseChatAction)]
    if len(answering) != 1 or actions[0] is not answering[0]:
        raise ConfigurationError(
            f"Chat {chat_id!r} has {len(answering)} chat actions, but it needs exactly one, before all other actions: "
            "what answers. For example Chat(actions=MyChatAction())."
        )
    answering[0].check()
    return answering[0]


def _make(fields: dict[str, Any]) -> Any:
    name = fields.get("type")
    for action in _subclasses(BaseAction):
        tag = action.model_fields["type"].default if "type" in action.model_fields else None
        if name in (tag, action.__name__):
            return action(**(fields if name == tag else {key: fields[key] for key in fields if key != "type"}))
    raise ValueError(
        f"no action is called {name!r}. Import the module that defines its class before the dashboard is made."
    )


def _subclasses(base: type[BaseAction]) -> Iterator[type[BaseAction]]:
    for action in base.__subclasses__():
        yield action
        yield from _subclasses(action)
