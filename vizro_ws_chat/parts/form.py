"""A pydantic model as a form: which fields are asked for, and what is wrong with what was filled in."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from pydantic import BaseModel, ValidationError
from pydantic.errors import PydanticInvalidForJsonSchema

from vizro_ws_chat.exceptions import AnswerError

_INPUTS = {"string": "text", "integer": "number", "number": "number", "boolean": "checkbox"}
_FORMATS = {"date": "date", "date-time": "datetime-local", "time": "time", "email": "email", "password": "password"}
"""JSON Schema's formats (draft 2020-12, section 7.3) and the types of HTML's inputs for them."""


def fields_of(form: type[BaseModel]) -> list[dict[str, Any]]:
    """Return the fields of a form, in order: `name`, `label`, `input`, `required`, and what else an input can know.

    Raises:
        AnswerError: If there are none, or one of them is no text, number, date, yes or no, or choice.
    """
    try:
        schema = form.model_json_schema()
    except PydanticInvalidForJsonSchema as error:
        raise AnswerError(f"The form {form.__name__} has a field that can't be asked for: {error.message}.") from error
    if not schema.get("properties"):
        raise AnswerError(f"The form {form.__name__} has no fields.")
    required = set(schema.get("required", ()))
    definitions = schema.get("$defs", {})
    return [
        _field(form, name, _resolved(each, definitions), name in required)
        for name, each in schema["properties"].items()
    ]


def _resolved(schema: dict[str, Any], definitions: dict[str, Any]) -> dict[str, Any]:
    """Return what a reference stands for, and of `X | None` what X is."""
    if "$ref" in schema:
        name = schema["$ref"].rpartition("/")[2]
        return {**definitions[name], **{key: value for key, value in schema.items() if key != "$ref"}}
    choices = [each for each in schema.get("anyOf", ()) if each.get("type") != "null"]
    if len(choices) == 1:
        return {**_resolved(choices[0], definitions), **{key: schema[key] for key in schema if key != "anyOf"}}
    return schema


def _field(form: type[BaseModel], name: str, schema: dict[str, Any], is_required: bool) -> dict[str, Any]:
    field = {
        "name": name,
        "label": schema.get("title", name),
        "required": is_required,
        "help": schema.get("description"),
        "value": schema.get("default"),
    }
    options = schema.get("enum") or ([schema["const"]] if "const" in schema else None)
    if options is not None:
        return {**field, "input": "choice", "options": options}
    kind = schema.get("type")
    if kind not in _INPUTS:
        raise AnswerError(
            f"The field {name!r} of the form {form.__name__} can't be asked for: a form has texts, numbers, dates, "
            "bool and choices (Literal, Enum)."
        )
    field["input"] = _FORMATS.get(schema.get("format", ""), _INPUTS[kind]) if kind == "string" else _INPUTS[kind]
    if field["input"] == "password":
        field["value"] = None  # a secret, or the asterisks in place of one
    limits = {"minimum": "min", "maximum": "max", "maxLength": "maxlength"}
    field |= {html: schema[key] for key, html in limits.items() if key in schema}
    if kind == "number":
        field["step"] = "any"
    return field


def shown_of(fields: Sequence[Mapping[str, Any]], value: Mapping[str, Any]) -> dict[str, Any]:
    """Return of what was filled in what may be shown, kept and signed: no passwords, and nothing that was not asked."""
    names = {field["name"] for field in fields if field["input"] != "password"}
    return {name: each for name, each in value.items() if name in names}


def problems_of(error: ValidationError) -> dict[str, str]:
    """Return what is wrong, by the name of the field; what concerns the form as a whole by an empty one."""
    problems: dict[str, str] = {}
    for each in error.errors(include_url=False, include_context=False, include_input=False):
        problems.setdefault(str(each["loc"][0]) if each["loc"] else "", each["msg"].removeprefix("Value error, "))
    return problems
