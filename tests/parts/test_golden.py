"""Every kind of part is written as `tests/wire/parts.json` has it, which the browser's tests show."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Literal, get_args

import pytest
from dash import html
from pydantic import BaseModel, Field, SecretStr

from tests.parts.writing import Answer
from tests.streams.making import make_run
from tests.wire_files import golden
from vizro_ws_chat.parts import (
    Approval,
    Ask,
    Component,
    File,
    Navigate,
    Notify,
    Reasoning,
    SetControl,
    Source,
    Status,
    ToolCall,
    Usage,
)
from vizro_ws_chat.protocol.content import OutputKind
from vizro_ws_chat.streams.page_access import Control, PageAccess

GOLDEN = golden("parts")
ACCESS = PageAccess({"country": Control("dropdown", "value", "Country")}, {"Details": "/details"})


class Trip(BaseModel):
    """A form."""

    city: str = Field(max_length=30, description="In Europe")
    days: int = Field(default=2, ge=1, le=30)
    fare: Literal["economy", "business"] = "economy"
    direct: bool = False
    key: SecretStr | None = None


def tool(answer: Answer, end: Callable[[ToolCall], Any] | None = None) -> None:
    times = iter([0.0, 0.0, 0.08])
    [call] = answer.take(ToolCall("count", {"table": "sales"}, clock=lambda: next(times)))
    if end:
        answer.take(end(call))


def ask(answer: Answer, part: Ask, *values: Any) -> None:
    answer.take(part)
    for value in values:
        answer.run.answer(0, value)


def act(answer: Answer, part: Any, outcome: Any = None) -> None:
    answer.take(part)
    if outcome:
        answer.run.answer(0, outcome)


def late(answer: Answer) -> None:
    [question] = answer.take(Ask("Run it?", options=["Run", "Cancel"]))
    answer.run.expire(question)


WRITTEN: dict[str, Callable[[Answer], Any]] = {
    "text": lambda answer: answer.take("Hello, ", "*world*"),
    "reasoning": lambda answer: answer.take(Reasoning("Let me "), Reasoning("see")),
    "component": lambda answer: answer.take(Component(html.P("Hi"))),
    "tool, running": tool,
    "tool, done": lambda answer: tool(answer, lambda call: call.result({"rows": 3})),
    "tool, failed": lambda answer: tool(answer, lambda call: call.failed("There is no such table.")),
    "tool, denied": lambda answer: tool(answer, lambda call: call.denied()),
    "source": lambda answer: answer.take(Source("https://example.org/", "Example", "What it says.", cite=False)),
    "file": lambda answer: answer.take(File("a,b", "table.csv")),
    "status": lambda answer: answer.take(Status("Searching…")),
    "usage": lambda answer: answer.take(Usage(1_234, 56, "gpt-5")),
    "problem": lambda answer: answer.run.add("problem", '{"ref":"0badcafe"}'),
    "steer": lambda answer: answer.run.add("steer", '{"id":"b2J4c0V5d1pqUm1uQ2hhdA","text":"Only Europe"}'),
    "ask, a choice": lambda answer: ask(answer, Ask("Run it?", options=["Run", "Cancel"])),
    "ask, a choice that was made": lambda answer: ask(answer, Ask("Run it?", options=["Run", "Cancel"]), "Run"),
    "ask, a choice that nobody made": late,
    "ask, a text": lambda answer: ask(answer, Ask("What is it called?")),
    "ask, an approval": lambda answer: ask(answer, Approval("Send it?"), "Deny"),
    "ask, a form": lambda answer: ask(answer, Ask("Where to?", form=Trip)),
    "ask, a form with a mistake": lambda answer: ask(answer, Ask("Where to?", form=Trip), {"city": "Rome", "days": 50}),
    "ask, a form that was filled in": lambda answer: ask(
        answer, Ask("Where to?", form=Trip), {"city": "Rome", "days": 3, "key": "swordfish"}
    ),
    "action, set": lambda answer: act(answer, SetControl("country", ["France"])),
    "action, was set": lambda answer: act(
        answer, SetControl("country", ["France"]), {"done": True, "before": ["Peru"]}
    ),
    "action, not set": lambda answer: act(answer, SetControl("country", "Oz"), {"done": False, "problem": "value"}),
    "action, navigate": lambda answer: act(answer, Navigate("Details")),
    "action, notify": lambda answer: act(answer, Notify("It is there.", "Report"), {"done": True}),
}


def test_every_kind_is_golden() -> None:
    assert [case["name"] for case in GOLDEN] == list(WRITTEN)
    kinds = {name for part in get_args(OutputKind) for name in (get_args(part) or (part,))}
    assert {case["kind"] for case in GOLDEN} == kinds - {"view"}


@pytest.mark.parametrize("case", GOLDEN, ids=[case["name"] for case in GOLDEN])
def test_parts_are_written_as_they_are_golden(case: dict[str, str]) -> None:
    answer = Answer(make_run(), page_access=ACCESS)
    WRITTEN[case["name"]](answer)
    [part] = answer.parts
    assert part.kind == case["kind"]
    assert part.text == case["text"]
    assert "swordfish" not in part.text
