from collections.abc import Iterator
from openai import OpenAI
from pydantic import Field
import vizro.models as vm
from vizro import Vizro
from vizro_ws_chat import Chat, Message, StreamingChatAction

class OpenAIStreamingChat(StreamingChatAction):
    model: str = Field(default="gpt-4.1-nano")

    def generate_response(self, messages: list[Message]) -> Iterator[str]:
        client = OpenAI()
        api_messages = [{"role": m["role"], "content": m["content"]} for m in messages]
        response = client.responses.create(
            model=self.model, input=api_messages, instructions="Be polite and creative.",
            store=False, stream=True,
        )
        for event in response:
            if event.type == "response.output_text.delta":
                yield event.delta

page = vm.Page(title="Streaming chat", components=[Chat(actions=OpenAIStreamingChat())])
Vizro().build(vm.Dashboard(pages=[page])).run()
