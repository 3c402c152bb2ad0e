"""What a model is told of a function, and what is made of the arguments that it gives."""

from __future__ import annotations

import datetime
import functools
from collections.abc import AsyncIterator, Iterator
from typing import Annotated, Any, Literal

import pytest
from pydantic import BaseModel, Field

from vizro_ws_chat.exceptions import ConfigurationError
from vizro_ws_chat.integrations.tool import ArgumentsError, Tool


class Place(BaseModel):
    city: str
    zip: str | None = None


def orders(
    region: Literal["north", "south"],
    year: Annotated[int, Field(ge=2000, le=2030)] = 2025,
    *,
    since: datetime.date | None = None,
    places: list[Place] = [],  # noqa: B006 - as authors write
) -> int:
    """Count the orders of a region.

    Only those that were paid.

    Args:
        region: Where they came from.
        year (int): When; the
            fiscal year.
        since: The first day.

    Returns:
        How many.
    """
    return len((region, year, since, places))


def test_what_the_model_is_told() -> None:
    definition = Tool(orders).definition()
    assert definition["name"] == "orders"
    assert definition["description"] == "Count the orders of a region.\n\nOnly those that were paid."
    assert definition["strict"] is True
    parameters = definition["parameters"]
    assert parameters["required"] == ["region", "year", "since", "places"]
    assert parameters["additionalProperties"] is False
    assert parameters["properties"] == {
        "region": {"enum": ["north", "south"], "type": "string", "description": "Where they came from."},
        "year": {
            "type": "integer",
            "minimum": 2000,
            "maximum": 2030,
            "description": "When; the fiscal year. Default: 2025",
        },
        "since": {
            "anyOf": [{"type": "string", "format": "date"}, {"type": "null"}],
            "description": "The first day. Default: null",
        },
        "places": {"type": "array", "items": {"$ref": "#/$defs/Place"}, "description": "Default: []"},
    }
    assert parameters["$defs"]["Place"] == {
        "type": "object",
        "properties": {
            "city": {"type": "string"},
            "zip": {"anyOf": [{"type": "string"}, {"type": "null"}], "description": "Default: null"},
        },
        "required": ["city", "zip"],
        "additionalProperties": False,
    }


def test_a_tool_without_parameters() -> None:
    def now() -> str:
        return "now"

    definition = Tool(now).definition()
    assert definition["description"] == ""
    assert definition["parameters"] == {
        "type": "object",
        "properties": {},
        "required": [],
        "additionalProperties": False,
    }
    assert Tool(now).arguments("") == {}


def test_names_that_models_of_pydantic_have_themselves() -> None:
    def tool(schema: str, model_config: int, _private: bool) -> None: ...

    arguments = '{"schema": "a", "model_config": 1, "_private": true}'
    assert Tool(tool).arguments(arguments) == {"schema": "a", "model_config": 1, "_private": True}
    assert list(Tool(tool).definition()["parameters"]["properties"]) == ["schema", "model_config", "_private"]


def free(anything: Any) -> None: ...
def untold(value) -> None: ...  # type: ignore[no-untyped-def]  # noqa: ANN001
def mapping(values: dict[str, int]) -> None: ...
def pair(values: tuple[int, str]) -> None: ...
def short(text: Annotated[str, Field(max_length=5)]) -> None: ...
def address(path: Annotated[str, Field(json_schema_extra={"format": "uri"})]) -> None: ...


@pytest.mark.parametrize("function", [free, untold, mapping, pair, short, address])
def test_where_strict_mode_can_not_be(function: Any) -> None:
    definition = Tool(function).definition()
    assert definition["strict"] is False
    assert definition["parameters"]["type"] == "object"


def test_arguments_are_those_of_the_function() -> None:
    given = Tool(orders).arguments('{"region": "north", "since": "2025-03-01", "places": [{"city": "Oslo"}]}')
    assert given == {"region": "north", "since": datetime.date(2025, 3, 1), "places": [Place(city="Oslo")]}
    assert orders(**given) == 4


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("{no JSON", "arguments: Invalid JSON"),
        ("[]", "arguments: "),
        ("{}", "region: Field required"),
        ('{"region": "west"}', "region: Input should be 'north' or 'south'"),
        ('{"region": "north", "year": 1}', "year: Input should be greater than or equal to 2000"),
        ('{"region": "north", "places": [{}]}', "places.0.city: Field required"),
        ('{"region": "north", "other": 1}', "other: Extra inputs are not permitted"),
    ],
)
def test_arguments_that_do_not_fit(text: str, problem: str) -> None:
    with pytest.raises(ArgumentsError) as caught:
        Tool(orders).arguments(text)
    assert problem in str(caught.value)
    assert "west" not in str(caught.value)


async def waits() -> None: ...
async def waits_and_yields() -> AsyncIterator[int]:
    yield 1


def yields() -> Iterator[int]:
    yield 1


def collects(*values: int) -> None: ...
def collects_by_name(**values: int) -> None: ...
def by_place(value: int, /) -> None: ...


class Foreign: ...


def unknown_type(value: Foreign) -> None: ...
def not_there(value: NotThere) -> None: ...  # type: ignore[name-defined]  # noqa: F821


@pytest.mark.parametrize(
    ("function", "message"),
    [
        (waits, "The tool waits is an async function"),
        (waits_and_yields, "is an async function"),
        (yields, "The tool yields yields"),
        (collects, "Name every parameter"),
        (collects_by_name, "Name every parameter"),
        (by_place, "Name every parameter"),
        (unknown_type, "The parameters of the tool unknown_type can't be checked"),
        (not_there, "An annotation of the tool not_there can't be found"),
        (lambda: 1, "Define it with def"),
        (functools.partial(orders, "north"), "Define it with def"),
        ("orders", "Define it with def"),
    ],
)
def test_what_can_be_no_tool(function: Any, message: str) -> None:
    with pytest.raises(ConfigurationError, match=message):
        Tool(function)
