"""A dashboard with a chat of each kind, configured by environment variables."""

from __future__ import annotations

import hashlib
import itertools
import os
import threading
import time
from collections.abc import AsyncIterator, Iterator

import vizro.models as vm
from openai import AsyncOpenAI, OpenAI
from vizro import Vizro

from vizro_ws_chat import Attachment, Chat, Message, StreamingChatAction
from vizro_ws_chat.parts import Ask
from vizro_ws_chat.transports.server import find_server


class Sync(StreamingChatAction):
    """Asks the model with the synchronous client."""

    def generate_response(self, messages: list[Message]) -> Iterator[str]:
        """Answer."""
        with OpenAI() as client:
            response = client.responses.create(model="scripted", input=messages, stream=True)
            for event in response:
                if event.type == "response.output_text.delta":
                    yield event.delta


class Async(StreamingChatAction):
    """Asks the model with the asynchronous client."""

    async def generate_response(self, messages: list[Message]) -> AsyncIterator[str]:
        """Answer."""
        async with AsyncOpenAI() as client:
            response = await client.responses.create(model="scripted", input=messages, stream=True)
            async for event in response:
                if event.type == "response.output_text.delta":
                    yield event.delta


class Asking(StreamingChatAction):
    """Asks its reader back."""

    def generate_response(self, messages: list[Message]) -> Iterator[str | Ask]:
        """Answer."""
        colour = yield Ask("Which colour?", options=["red", "blue"])
        yield f"It is {colour}."


class Forever(StreamingChatAction):
    """Never yields and can't be broken off."""

    def generate_response(self, messages: list[Message]) -> Iterator[str]:
        """Do not answer."""
        threading.Event().wait()
        yield "never"


class Flood(StreamingChatAction):
    """Writes as fast as it can, for ever."""

    def generate_response(self, messages: list[Message]) -> Iterator[str]:
        """Answer."""
        return itertools.repeat("word ")


class Nothing(StreamingChatAction):
    """Yields no text, for ever and without a pause."""

    def generate_response(self, messages: list[Message]) -> Iterator[str]:
        """Answer."""
        return itertools.repeat("")


class Files(StreamingChatAction):
    """Says which files it was given, in short."""

    def generate_response(
        self, messages: list[Message], uploaded_files: list[Attachment] | None = None
    ) -> Iterator[str]:
        """Answer."""
        for file in uploaded_files or []:
            yield f"{file['filename']} {hashlib.sha256(file['content'].encode()).hexdigest()}\n"


page = vm.Page(
    title="Chats",
    components=[
        Chat(id="sync", actions=Sync()),
        Chat(id="async", actions=Async()),
        Chat(id="asking", actions=Asking()),
        Chat(id="forever", actions=Forever()),
        Chat(id="flood", actions=Flood()),
        Chat(id="nothing", actions=Nothing()),
        Chat(id="files", actions=Files(), file_upload=True, file_types=["image/*", ".csv"]),
    ],
)
app = Vizro(url_base_pathname=os.environ.get("BASE_PATH", "/"))
app.dash.server.secret_key = os.environ.get("SECRET_KEY")
app.build(vm.Dashboard(pages=[page]))


@app.dash.server.get("/server-threads")
def server_threads() -> str:
    """Tell what is known about the server."""
    return str(find_server().threads)


@app.dash.server.get("/server-time")
def server_time() -> str:
    """Tell the time."""
    return str(time.time())


if __name__ == "__main__":
    app.run(debug=bool(os.environ.get("DEBUG")))
