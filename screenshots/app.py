"""The dashboard on the pictures."""

from collections.abc import Iterator

import vizro.models as vm
from openai import OpenAI
from vizro import Vizro

from vizro_ws_chat import Chat, Message, RunContext, StreamingChatAction


class OpenAIStreamingChat(StreamingChatAction):
    """The guide's action, which suggests something to those who ask what is next."""

    model: str = "gpt-4.1-nano"

    def generate_response(self, messages: list[Message], context: RunContext) -> Iterator[str]:
        """Pass on the text that the model streams."""
        if "next" in messages[-1]["content"]:
            context.suggest("Show it by month", "Why did the East grow?", "Compare with last year")
        response = OpenAI(max_retries=0).responses.create(
            model=self.model,
            input=[{"role": message["role"], "content": message["content"]} for message in messages],
            stream=True,
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
file_chat = Chat(
    id="file-chat",
    actions=OpenAIStreamingChat(),
    name="Sales assistant",
    file_upload=True,
    file_types=["image/*", ".csv", ".xlsx"],
)
pages = [
    vm.Page(title="Ask about orders", components=[chat]),
    vm.Page(title="Ask about files", path="files", components=[file_chat]),
]
# With one page in it, there is no navigation.
Vizro().build(vm.Dashboard(title="Orders", pages=pages, navigation=vm.Navigation(pages=["Ask about orders"]))).run()
