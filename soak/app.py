"""The dashboard that is soaked: one chat answers by itself, two ask a model, and one is there to be attacked."""

from __future__ import annotations

import os
import time
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import vizro.models as vm
from openai import AsyncOpenAI, OpenAI
from vizro import Vizro

from soak.answers import Question, answer_chunks
from vizro_ws_chat import Chat, Message, RunContext, StreamingChatAction

CALLS = Path(os.environ["SOAK_CALLS"])
# Shared by all answers, as its documentation advises: connections are kept alive and used again.
CLIENT = OpenAI()
ASYNC_CLIENT = AsyncOpenAI()


def note_call(run: str) -> None:
    """Write down that an answer is being made. Short appends are atomic."""
    with CALLS.open("a", encoding="ascii") as calls:
        calls.write(f"{run}\n")


class Own(StreamingChatAction):
    """Makes the answer itself."""

    def generate_response(self, messages: list[Message], context: RunContext) -> Iterator[str]:
        """Answer."""
        note_call(context.run_id)
        contents = [message["content"] for message in messages]
        for chunk in answer_chunks(contents):
            yield chunk
            time.sleep(Question.parse(contents[-1]).pause_ms / 1000)


class Model(StreamingChatAction):
    """Asks a model."""

    def generate_response(self, messages: list[Message], context: RunContext) -> Iterator[str]:
        """Answer."""
        note_call(context.run_id)
        response = CLIENT.responses.create(model="scripted", input=messages, stream=True)
        for event in response:
            if event.type == "response.output_text.delta":
                yield event.delta


class AsyncModel(StreamingChatAction):
    """Asks a model, as a task of the shared event loop."""

    async def generate_response(self, messages: list[Message], context: RunContext) -> AsyncIterator[str]:
        """Answer."""
        note_call(context.run_id)
        response = await ASYNC_CLIENT.responses.create(model="scripted", input=messages, stream=True)
        async for event in response:
            if event.type == "response.output_text.delta":
                yield event.delta


class Echo(StreamingChatAction):
    """Repeats what it is told, whatever that is."""

    def generate_response(self, messages: list[Message]) -> Iterator[str]:
        """Answer."""
        yield messages[-1]["content"] or "nothing"


page = vm.Page(
    title="Soak",
    components=[
        Chat(id="own", actions=Own()),
        Chat(id="model", actions=Model()),
        Chat(id="async", actions=AsyncModel()),
        Chat(id="echo", actions=Echo()),
    ],
)
app = Vizro().build(vm.Dashboard(pages=[page]))
