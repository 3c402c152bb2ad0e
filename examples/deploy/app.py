"""A dashboard for production: what is secret, and what differs from place to place, comes from the environment."""

import os
from collections.abc import Iterator

import vizro.models as vm
from openai import OpenAI
from pydantic import Field
from vizro import Vizro

from vizro_ws_chat import Chat, Message, StreamingChatAction


class OpenAIStreamingChat(StreamingChatAction):
    """Asks the model; `OPENAI_API_KEY` and `OPENAI_BASE_URL` say where."""

    model: str = Field(default=os.environ.get("MODEL", "gpt-4.1-nano"))

    def generate_response(self, messages: list[Message]) -> Iterator[str]:
        """Pass on the text that the model streams."""
        response = OpenAI().responses.create(model=self.model, input=[dict(m) for m in messages], stream=True)
        for event in response:
            if event.type == "response.output_text.delta":
                yield event.delta


# Where conversations are kept, so that they are found again in a list; by browsers only, when there is no such place.
history = os.environ.get("DATABASE_URL") or None
page = vm.Page(title="Chat", components=[Chat(id="chat", actions=OpenAIStreamingChat(), history=history)])

app = Vizro(url_base_pathname=os.environ.get("BASE_PATH", "/"))
# Before the dashboard is built: it signs conversations. Without one a key file is made, for this machine alone.
app.dash.server.secret_key = os.environ.get("SECRET_KEY")
app.build(vm.Dashboard(pages=[page]))

if __name__ == "__main__":
    app.run()
