"""A chat about pictures: those of the question and of the questions before it. Needs OPENAI_API_KEY."""

from collections.abc import Iterator
from typing import Any

import vizro.models as vm
from openai import OpenAI
from pydantic import Field
from vizro import Vizro

from vizro_ws_chat import Chat, Message, StreamingChatAction


def to_input(text: str, files: list[dict[str, str]] | None) -> list[dict[str, str]]:
    """Return a question with its pictures as OpenAI's Responses API takes it."""
    urls = [file["content"] for file in files or [] if file["content"].startswith("data:image/")]
    return [{"type": "input_image", "image_url": url} for url in urls] + [{"type": "input_text", "text": text}]


class Pictures(StreamingChatAction):
    """Shows pictures to a model."""

    model: str = Field(default="gpt-4.1-nano")

    def generate_response(
        self, messages: list[Message], uploaded_files: list[dict[str, str]] | None = None
    ) -> Iterator[str]:
        """Pass on the text that the model streams."""
        *earlier, question = messages
        conversation: list[Any] = [
            {"role": "user", "content": to_input(message["content"], message.get("attachments"))}
            if message["role"] == "user"
            else {"role": "assistant", "content": message["content"]}
            for message in earlier
        ]
        conversation.append({"role": "user", "content": to_input(question["content"], uploaded_files)})
        for event in OpenAI().responses.create(model=self.model, input=conversation, store=False, stream=True):
            if event.type == "response.output_text.delta":
                yield event.delta


page = vm.Page(title="Pictures", components=[Chat(actions=Pictures(), file_upload=True)])
Vizro().build(vm.Dashboard(pages=[page])).run()
