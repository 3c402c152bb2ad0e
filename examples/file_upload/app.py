"""A chat about files: images and PDFs go to the model as they are, anything that is text as text."""

import base64
from collections.abc import Iterator
from typing import Any

import vizro.models as vm
from openai import OpenAI
from pydantic import Field
from vizro import Vizro

from vizro_ws_chat import Attachment, Chat, Message, StreamingChatAction


def to_input(file: Attachment) -> dict[str, Any]:
    """Return a file as OpenAI's Responses API takes it."""
    head, encoded = file["content"].split(",", 1)
    if head.startswith("data:image/"):
        return {"type": "input_image", "image_url": file["content"]}
    if head.startswith("data:application/pdf"):
        return {"type": "input_file", "filename": file["filename"], "file_data": file["content"]}
    text = base64.b64decode(encoded).decode("utf-8", errors="replace")
    return {"type": "input_text", "text": f"{file['filename']}:\n\n{text}"}


class FileChat(StreamingChatAction):
    """Answers questions about files, also those of earlier messages."""

    model: str = Field(default="gpt-4.1-nano")

    def generate_response(self, messages: list[Message]) -> Iterator[str]:
        """Pass on the text that the model streams."""
        api_messages: list[Any] = []
        for message in messages:
            files = [to_input(file) for file in message.get("attachments", [])]
            text = [{"type": "input_text", "text": message["content"]}] if message["content"] else []
            api_messages.append({"role": message["role"], "content": files + text if files else message["content"]})
        response = OpenAI().responses.create(model=self.model, input=api_messages, store=False, stream=True)
        for event in response:
            if event.type == "response.output_text.delta":
                yield event.delta


# Those images that the model takes.
images = ["image/gif", "image/jpeg", "image/png", "image/webp"]
chat = Chat(actions=FileChat(), file_upload=True, file_types=[*images, "application/pdf", "text/*", ".json", ".md"])
page = vm.Page(title="Chat about files", components=[chat])
app = Vizro().build(vm.Dashboard(pages=[page]))

if __name__ == "__main__":
    app.run()
