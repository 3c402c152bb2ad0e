"""A chat whose answers come from an agent of pydantic-ai, with its reasoning, its tools and a chart that one draws.

With OPENAI_API_KEY (and optionally OPENAI_BASE_URL) the agent talks to that server. Without, a scripted server on this
machine answers, as the chat says.
"""

import os
from collections.abc import AsyncIterator, Iterator
from functools import cache
from typing import Any

import vizro.models as vm
import vizro.plotly.express as px
from pydantic_ai import Agent, ToolReturn
from vizro import Vizro

from vizro_ws_chat import Chat, Message, StreamingChatAction
from vizro_ws_chat.integrations.pydantic_ai import chat_history, pydantic_ai_parts
from vizro_ws_chat.testing import ScriptedOpenAI
from vizro_ws_chat.testing.scripted_openai import FunctionCall, Piece, RecordedRequest, Scenario, Thought

gapminder = px.data.gapminder()


@cache
def agent() -> Agent:
    """Return the agent; made when it is first asked, so that the key is known."""
    return Agent(
        "openai-responses:gpt-4.1-mini",
        instructions="You answer questions about the Gapminder data, briefly.",
        tools=[population, draw_population],
    )


def population(country: str, year: int = 2007) -> int:
    """Return how many people lived in a country in a year: every fifth from 1952 to 2007."""
    found = gapminder[(gapminder.country == country) & (gapminder.year == year)]
    return int(found["pop"].sum())


def draw_population(country: str) -> ToolReturn:
    """Draw the population of a country from 1952 to 2007."""
    figure = px.area(gapminder[gapminder.country == country], x="year", y="pop")
    return ToolReturn("The chart is shown to the user.", metadata=figure)


class AgentChat(StreamingChatAction):
    """Lets the agent answer."""

    async def generate_response(self, messages: list[Message]) -> AsyncIterator[Any]:
        """Pass on what the agent says and does."""
        *before, question = messages
        history = chat_history(before)
        async for part in pydantic_ai_parts(agent(), question["content"], message_history=history):
            yield part


def scripted(request: RecordedRequest) -> Iterator[Piece]:
    """Answer as a model might, without having read much."""
    if request.tool_outputs:
        yield f"It says: {request.tool_outputs[-1]}"
        return
    country = "Norway" if "norway" in request.text.lower() else "India"
    yield Thought(f"They want to know about {country}. ")
    yield FunctionCall("draw_population" if "draw" in request.text.lower() else "population", {"country": country})


def serve(*, is_scripted: bool) -> None:
    """Serve the dashboard until it is interrupted."""
    chat = Chat(
        actions=AgentChat(),
        name="Gapminder agent",
        description="Scripted demo: no OPENAI_API_KEY is set, so no model answers." if is_scripted else "",
        example_questions=["How many people live in Norway?", "Draw the population of India"],
    )
    Vizro().build(vm.Dashboard(pages=[vm.Page(title="Agent", components=[chat])])).run()


def main() -> None:
    """Serve the dashboard, with a model or with the scripted server."""
    if os.environ.get("OPENAI_API_KEY"):
        serve(is_scripted=False)
        return
    with ScriptedOpenAI(default=Scenario(scripted, delay_seconds=0.2)) as upstream:
        os.environ["OPENAI_BASE_URL"] = upstream.base_url
        os.environ["OPENAI_API_KEY"] = upstream.api_key
        serve(is_scripted=True)


if __name__ == "__main__":
    main()
