"""The dashboard on the pictures."""

from collections.abc import Iterator

import vizro.models as vm
from openai import OpenAI
from vizro import Vizro

from vizro_ws_chat import Chat, Message, StreamingChatAction


class OpenAIStreamingChat(StreamingChatAction):
    """The guide's action."""

    model: str = "gpt-4.1-nano"

    def generate_response(self, messages: list[Message]) -> Iterator[str]:
        """Pass on the text that the model streams."""
        response = OpenAI(max_retries=0).responses.create(
            model=self.model, input=[dict(message) for message in messages], stream=True
        )
        for event in response:
            if event.type == "response.output_text.delta":
                yield event.delta


chat = Chat(
    id="chat",
    actions=OpenAIStreamingChat(),
    name="Sales assistant",
    description="Knows the orders of the last two years, and how they are counted.",
    example_questions=[
        "Which region grew fastest?",
        "How is revenue counted?",
        "Plot the orders by day",
        "What should I look at first?",
    ],
    on_feedback=lambda feedback: None,
)
Vizro().build(vm.Dashboard(title="Orders", pages=[vm.Page(title="Ask about orders", components=[chat])])).run()
