"""A Python function as a tool of a model."""

from __future__ import annotations

import inspect
import re
from collections.abc import Callable
from typing import Any, get_type_hints

from pydantic import BaseModel, ConfigDict, Field, ValidationError, create_model
from pydantic.errors import PydanticInvalidForJsonSchema, PydanticUserError

from vizro_ws_chat.exceptions import ConfigurationError
from vizro_ws_chat.integrations.docstrings import read_docstring
from vizro_ws_chat.integrations.strict_schema import NotStrictError, strict_schema

_NAME = re.compile(r"[a-zA-Z0-9_-]{1,64}")
_NAMED = frozenset({inspect.Parameter.POSITIONAL_OR_KEYWORD, inspect.Parameter.KEYWORD_ONLY})


class ArgumentsError(Exception):
    """A model has given arguments that do not fit. The text is for the model, and has none of the values."""


class Tool:
    """A function that a model may call.

    Args:
        function: With annotated parameters; its docstring, in Google's style, tells the model what it does.

    Raises:
        ConfigurationError: If it can't be one.
    """

    def __init__(self, function: Callable[..., Any]) -> None:
        name = getattr(function, "__name__", None)
        if not callable(function) or name is None or not _NAME.fullmatch(name):
            raise ConfigurationError(
                f"A tool is a function with a name of letters, digits, _ and -, but got {function!r}. Define it with "
                "def."
            )
        if inspect.iscoroutinefunction(function) or inspect.isasyncgenfunction(function):
            raise ConfigurationError(
                f"The tool {name} is an async function, but OpenAIChat calls its tools on a thread, which does not "
                "wait for it. Define it with def."
            )
        if inspect.isgeneratorfunction(function):
            raise ConfigurationError(f"The tool {name} yields, but a tool returns what it gives. Use `return` in it.")
        described = read_docstring(inspect.getdoc(function) or "")
        self.name = name
        self.call = function
        self._description = described.description
        self._fields: dict[str, str] = {}
        """Names of parameters by those of the model's fields, which could not have all names."""
        self._model = self._model_of(described.arguments)
        self._schema = self._schema_of_model()

    def definition(self) -> dict[str, Any]:
        """Return what the Responses API is told of it: in strict mode, where its parameters allow that."""
        try:
            parameters, is_strict = strict_schema(self._schema), True
        except NotStrictError:
            parameters, is_strict = self._schema, False
        return {
            "type": "function",
            "name": self.name,
            "description": self._description,
            "parameters": parameters,
            "strict": is_strict,
        }

    def arguments(self, text: str) -> dict[str, Any]:
        """Return the arguments that a model has given, as the function takes them.

        Args:
            text: JSON.

        Raises:
            ArgumentsError: If they do not fit.
        """
        try:
            given = self._model.model_validate_json(text or "{}")
        except ValidationError as error:
            problems = error.errors(include_url=False, include_context=False, include_input=False)
            raise ArgumentsError(
                "; ".join(f"{'.'.join(map(str, each['loc'])) or 'arguments'}: {each['msg']}" for each in problems)
            ) from None
        return {self._fields[field]: getattr(given, field) for field in given.model_fields_set}

    def _model_of(self, descriptions: dict[str, str]) -> type[BaseModel]:
        """Return a model with a field for each parameter."""
        try:
            hints = get_type_hints(self.call, include_extras=True)
        except NameError as error:
            raise ConfigurationError(f"An annotation of the tool {self.name} can't be found: {error}.") from error
        fields: dict[str, Any] = {}
        for parameter in inspect.signature(self.call).parameters.values():
            if parameter.kind not in _NAMED:
                raise ConfigurationError(
                    f"The tool {self.name} has the parameter {str(parameter)!r}, but models give each argument by its "
                    "name. Name every parameter."
                )
            told: dict[str, Any] = {"alias": parameter.name}
            if parameter.name in descriptions:
                told["description"] = descriptions[parameter.name]
            default = ... if parameter.default is parameter.empty else parameter.default
            field = f"argument_{len(fields)}"
            self._fields[field] = parameter.name
            fields[field] = (hints.get(parameter.name, Any), Field(default, **told))
        try:
            return create_model(self.name, __config__=ConfigDict(extra="forbid"), **fields)
        except PydanticUserError as error:
            raise ConfigurationError(f"The parameters of the tool {self.name} can't be checked: {error}") from error

    def _schema_of_model(self) -> dict[str, Any]:
        try:
            schema = self._model.model_json_schema()
        except PydanticInvalidForJsonSchema as error:
            raise ConfigurationError(
                f"A model can't be told the parameters of the tool {self.name}: {error}"
            ) from error
        return {"properties": {}, **{key: value for key, value in schema.items() if key != "title"}}
