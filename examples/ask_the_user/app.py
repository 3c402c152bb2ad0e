"""A chat that asks its reader back: a choice, a form and an approval. No model, so that it runs as it stands."""

import time
from collections.abc import Generator
from datetime import date
from typing import Any, Literal

import vizro.models as vm
from pydantic import BaseModel, Field
from vizro import Vizro

from vizro_ws_chat import Chat, Message, StreamingChatAction
from vizro_ws_chat.exceptions import AskTimeoutError
from vizro_ws_chat.parts import Approval, Ask, ToolCall


class Delivery(BaseModel):
    """Where a report goes, and when."""

    recipient: str = Field(min_length=2, max_length=60, description="A name or a department")
    copies: int = Field(default=1, ge=1, le=20)
    on: date = Field(default_factory=date.today, title="Day")
    paper: Literal["white", "recycled"] = "recycled"
    colour: bool = False


class Secretary(StreamingChatAction):
    """Orders reports, and asks what it has to know."""

    def generate_response(self, messages: list[Message]) -> Generator[Any, Any, None]:
        """Ask for the report, for its delivery, and whether it may be sent."""
        try:
            report = yield Ask("Which report?", options=["Sales", "Costs", "Staff"])
            delivery = yield Ask(f"Where does the {report} report go?", form=Delivery)
            question = f"Print {delivery.copies} copies of {report} for {delivery.recipient} on {delivery.on:%d %B %Y}?"
            is_approved = yield Approval(question, approve="Print", deny="Don't")
        except AskTimeoutError:
            yield "I have waited for a while. Write to me when you are back."
            return
        if not is_approved:
            yield "Nothing was printed."
            return
        call = yield ToolCall("print_report", {"report": report, **delivery.model_dump(mode="json")})
        time.sleep(1)
        yield call.result({"pages": 12 * delivery.copies})
        yield f"The **{report}** report is on its way to {delivery.recipient}."


page = vm.Page(
    title="Ask the user",
    components=[
        Chat(
            actions=Secretary(),
            name="Secretary",
            description="Orders printed reports, and asks what there is to know.",
            example_questions=["Order a report"],
        )
    ],
)
app = Vizro().build(vm.Dashboard(pages=[page]))

if __name__ == "__main__":
    app.run()
