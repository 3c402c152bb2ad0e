"""JSON schemas as OpenAI's strict mode takes them, in which a model can't but keep to the schema."""

from __future__ import annotations

import json
from typing import Any

_KEPT = frozenset(
    {"type", "description", "enum", "minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "multipleOf"}
    | {"minItems", "maxItems", "pattern", "format"}
)
_FORMATS = frozenset({"date-time", "time", "date", "duration", "email", "hostname", "ipv4", "ipv6", "uuid"})
"""See "Supported schemas" of the guide "Structured model outputs" of OpenAI's API."""


class NotStrictError(Exception):
    """A schema says something that strict mode does not know."""


def strict_schema(schema: dict[str, Any]) -> dict[str, Any]:
    """Return a schema for strict mode: all properties are required, and none others are allowed.

    A default is told in the description instead: the model always gives a value.

    Args:
        schema: As pydantic makes it.

    Raises:
        NotStrictError: If strict mode does not know what it says.
    """
    if "$ref" in schema:
        return {"$ref": schema["$ref"]}  # strict mode allows nothing beside it
    strict: dict[str, Any] = {}
    for key, value in schema.items():
        if key in {"title", "default", "required", "additionalProperties"}:
            continue
        strict |= _entry(key, value)
    if schema.get("type") == "object":
        strict |= _object(schema)
    if "default" in schema:
        told = f"Default: {json.dumps(schema['default'])}"
        strict["description"] = f"{strict['description']} {told}" if "description" in strict else told
    if not strict.keys() & {"type", "anyOf", "enum"}:
        raise NotStrictError("anything is allowed")
    return strict


def _entry(key: str, value: Any) -> dict[str, Any]:
    match key:
        case "properties" | "$defs":
            return {key: {name: strict_schema(each) for name, each in value.items()}}
        case "items":
            return {key: strict_schema(value)}
        case "anyOf":
            return {key: [strict_schema(each) for each in value]}
        case "const":
            return {"enum": [value]}
        case "format" if value not in _FORMATS:
            raise NotStrictError(f"format {value!r}")
        case _ if key in _KEPT:
            return {key: value}
    raise NotStrictError(key)


def _object(schema: dict[str, Any]) -> dict[str, Any]:
    if schema.get("additionalProperties", False) is not False:
        raise NotStrictError("other properties are allowed")
    return {"required": list(schema.get("properties", {})), "additionalProperties": False}
