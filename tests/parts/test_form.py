from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from enum import Enum
from typing import Annotated, Any, Literal

import pytest
from pydantic import BaseModel, Field, RootModel, SecretStr, ValidationError, field_validator, model_validator

from vizro_ws_chat.exceptions import AnswerError
from vizro_ws_chat.parts.form import fields_of, problems_of, shown_of


class Colour(Enum):
    """As authors have them."""

    RED = "red"
    BLUE = "blue"


def field_of(annotation: Any, default: Any = ...) -> dict[str, Any]:
    """Return the only field of a form that has it."""
    form = type(
        "Form", (BaseModel,), {"__annotations__": {"it": annotation}} | ({} if default is ... else {"it": default})
    )
    [field] = fields_of(form)
    return field


@pytest.mark.parametrize(
    ("annotation", "kind"),
    [
        (str, "text"),
        (int, "number"),
        (float, "number"),
        (bool, "checkbox"),
        (date, "date"),
        (datetime, "datetime-local"),
        (SecretStr, "password"),
        (Literal["a", "b"], "choice"),
        (Colour, "choice"),
        (str | None, "text"),
        (int | None, "number"),
        (Colour | None, "choice"),
    ],
    ids=str,
)
def test_each_type_has_its_input(annotation: Any, kind: str) -> None:
    field = field_of(annotation)
    assert (field["name"], field["label"], field["input"], field["required"]) == ("it", field["label"], kind, True)


def test_a_field_says_what_it_is_about() -> None:
    field = field_of(Annotated[int, Field(title="How many", description="In boxes", ge=1, le=9)], 3)
    assert field == {
        "name": "it",
        "label": "How many",
        "required": False,
        "help": "In boxes",
        "value": 3,
        "input": "number",
        "min": 1,
        "max": 9,
    }


def test_numbers_with_fractions_take_any() -> None:
    assert field_of(float)["step"] == "any"
    assert "step" not in field_of(int)


def test_a_text_may_have_a_longest_length() -> None:
    assert field_of(Annotated[str, Field(max_length=5)])["maxlength"] == 5


def test_choices_keep_their_type() -> None:
    assert field_of(Literal[1, 2], 1)["options"] == [1, 2]
    assert field_of(Literal["only"])["options"] == ["only"]
    assert field_of(Colour, Colour.BLUE)["value"] == "blue"


def test_fields_are_named_as_they_are_filled_in() -> None:
    assert field_of(Annotated[str, Field(alias="Full name")])["name"] == "Full name"


@pytest.mark.parametrize(
    "annotation",
    [list[str], dict[str, str], str | int, BaseModel, Callable[[], None]],
    ids=["list", "dict", "union", "model", "function"],
)
def test_what_has_no_input_is_told(annotation: Any) -> None:
    with pytest.raises(AnswerError, match="can't be asked for"):
        field_of(annotation)


@pytest.mark.parametrize("form", [type("Empty", (BaseModel,), {}), RootModel[int]])
def test_a_form_without_fields_is_told(form: type[BaseModel]) -> None:
    with pytest.raises(AnswerError, match="has no fields"):
        fields_of(form)


def test_the_default_of_a_secret_does_not_leave_the_server() -> None:
    assert field_of(SecretStr, SecretStr("swordfish"))["value"] is None
    assert field_of(Annotated[str, Field(json_schema_extra={"format": "password"})], "swordfish")["value"] is None


def test_of_what_was_filled_in_only_what_was_asked_and_is_no_secret_is_shown() -> None:
    fields = [{"name": "user", "input": "text"}, {"name": "password", "input": "password"}]
    filled = {"user": "me", "password": "swordfish", "__proto__": {"x": 1}, "more": "y"}
    assert shown_of(fields, filled) == {"user": "me"}


def test_problems_are_by_field() -> None:
    class Order(BaseModel):
        count: int
        name: Annotated[str, Field(min_length=2)]

        @field_validator("name")
        @classmethod
        def known(cls, name: str) -> str:
            raise ValueError("nobody has this name")

    with pytest.raises(ValidationError) as error:
        Order.model_validate({"count": "many", "name": "xyz"})
    assert problems_of(error.value) == {
        "count": "Input should be a valid integer, unable to parse string as an integer",
        "name": "nobody has this name",
    }


def test_a_problem_of_the_form_as_a_whole_has_no_field() -> None:
    class Span(BaseModel):
        first: int
        last: int

        @model_validator(mode="after")
        def ordered(self) -> Span:
            if self.last < self.first:
                raise ValueError("it ends before it begins")
            return self

    with pytest.raises(ValidationError) as error:
        Span(first=2, last=1)
    assert problems_of(error.value) == {"": "it ends before it begins"}


def test_problems_do_not_quote_what_was_filled_in() -> None:
    class Login(BaseModel):
        password: Annotated[SecretStr, Field(max_length=3)]
        pin: int

    with pytest.raises(ValidationError) as error:
        Login.model_validate({"password": "swordfish", "pin": "swordfish"})
    assert "swordfish" not in str(problems_of(error.value))
