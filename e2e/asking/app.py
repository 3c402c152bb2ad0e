"""A chat that asks its reader back, at /{transport}; the prompt says what."""

from collections.abc import AsyncGenerator, Generator
from datetime import date
from typing import Any, Literal

import vizro.models as vm
from pydantic import BaseModel, Field, field_validator
from vizro import Vizro

from vizro_ws_chat import Chat, Message, StreamingChatAction
from vizro_ws_chat.exceptions import AskTimeoutError
from vizro_ws_chat.parts import Approval, Ask


class Trip(BaseModel):
    """Where to, and how."""

    city: str = Field(max_length=30, description="In Europe")
    days: int = Field(ge=1, le=30)
    start: date | None = None
    fare: Literal["economy", "business"] = "economy"
    direct: bool = False

    @field_validator("city")
    @classmethod
    def is_known(cls, city: str) -> str:
        """Refuse one city."""
        if city == "Atlantis":
            raise ValueError("There is no way to Atlantis.")
        return city


def choice() -> Generator[Any, Any, None]:
    yield "It is a big table. "
    chosen = yield Ask("Run this on 3 million rows?", options=["Run", "Cancel"])
    yield f"You chose {chosen}."


def text() -> Generator[Any, Any, None]:
    name = yield Ask("What shall the report be called?")
    yield f"It is called {name}."


def form() -> Generator[Any, Any, None]:
    trip = yield Ask("Where to?", form=Trip)
    yield f"{trip.days} days in {trip.city}, {trip.fare}, direct: {trip.direct}, from {trip.start}."


def approval() -> Generator[Any, Any, None]:
    is_approved = yield Approval("Send the report to 200 customers?")
    yield "Sent." if is_approved else "Not sent."


def twice() -> Generator[Any, Any, None]:
    first = yield Ask("First?", options=["a", "b"])
    second = yield Ask("Second?", options=["c", "d"])
    yield first + second


def late() -> Generator[Any, Any, None]:
    try:
        yield Ask("Quick?", options=["Yes"], timeout=1)
    except AskTimeoutError:
        yield "Then without you."


def too_late() -> Generator[Any, Any, None]:
    yield "Before. "
    yield Ask("Quick?", options=["Yes"], timeout=1)


ANSWERS = {function.__name__: function for function in (choice, text, form, approval, twice, late, too_late)}


class Asking(StreamingChatAction):
    def generate_response(self, messages: list[Message], prompt: str) -> Generator[Any, Any, None]:
        if prompt in ANSWERS:
            yield from ANSWERS[prompt]()
        else:
            yield " / ".join(message["content"] for message in messages)


class AskingAsync(StreamingChatAction):
    async def generate_response(self, messages: list[Message], prompt: str) -> AsyncGenerator[Any, Any]:
        chosen = yield Ask("Run it?", options=["Run", "Cancel"])
        yield f"You chose {chosen}."


pages = [vm.Page(title="Home", components=[vm.Card(text="The first page is always at /.")])]
pages += [
    vm.Page(title=transport, components=[Chat(id=transport, actions=Asking(), transport=transport)])
    for transport in ("websocket", "sse")
]
pages.append(vm.Page(title="async", components=[Chat(id="async", actions=AskingAsync())]))
Vizro().build(vm.Dashboard(pages=pages)).run()
