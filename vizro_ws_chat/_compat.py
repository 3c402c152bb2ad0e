"""The only module that imports private names of Vizro, each with the reason why there is no public way."""

from __future__ import annotations

# The base of actions written as classes. Vizro's public way to write one is a decorated function, which can't have
# a generate_response method to override.
from vizro.actions._abstract_action import _AbstractAction as AbstractAction

# What that base and Vizro's own actions have in common, to be told from anything else in a list of actions.
from vizro.models._action._action import _BaseAction as BaseAction

# Wires the actions of a model to what triggers them. Every Vizro model with `actions` calls it.
from vizro.models._models_utils import make_actions_chain

__all__ = ["AbstractAction", "BaseAction", "make_actions_chain"]
