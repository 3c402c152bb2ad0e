"""What an answer is made of beside text: reasoning, calls of tools, citations, refusals, an early end."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal, TypeAlias


@dataclass(frozen=True)
class Thought:
    """A piece of the model's reasoning. Chat Completions: `reasoning_content`, as many other servers have it.

    Attributes:
        text: What is thought.
        begins_part: Whether a new part of the summary begins with it.
        raw: Whether it is the reasoning itself and not its summary, as models with open weights give it.
    """

    text: str
    begins_part: bool = False
    raw: bool = False


@dataclass(frozen=True)
class FunctionCall:
    """A function that the model asks for.

    Attributes:
        name: The function's.
        arguments: By name; a `str` is sent as it stands, also when it is no JSON.
    """

    name: str
    arguments: Mapping[str, Any] | str

    @property
    def json(self) -> str:
        """The arguments as they are sent."""
        return self.arguments if isinstance(self.arguments, str) else json.dumps(dict(self.arguments))


@dataclass(frozen=True)
class WebSearch:
    """A search that the API makes by itself; only of the Responses API.

    Attributes:
        query: What is searched for.
        fails: Whether it fails.
    """

    query: str
    fails: bool = False


@dataclass(frozen=True)
class Citation:
    """A source of the text before it; only of the Responses API."""

    url: str
    title: str


@dataclass(frozen=True)
class Refusal:
    """A piece of the sentence with which the model refuses to answer."""

    text: str


@dataclass(frozen=True)
class CutOff:
    """The answer ends before it is complete; the last piece.

    Attributes:
        reason: As the Responses API calls it.
    """

    reason: Literal["max_output_tokens", "content_filter"] = "max_output_tokens"


@dataclass(frozen=True)
class ErrorEvent:
    """An event `error`, after which nothing comes; only of the Responses API. `Scenario.error_after` is another way."""

    message: str


Piece: TypeAlias = str | Thought | FunctionCall | WebSearch | Citation | Refusal | CutOff | ErrorEvent
"""What a scenario sends at a time."""
