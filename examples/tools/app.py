"""A chat whose model calls two Python functions: one draws a chart, the other is asked for before it is called.

With OPENAI_API_KEY (and optionally OPENAI_BASE_URL) the chat talks to that server. Without, a scripted server on this
machine asks for the tools, as the chat says.
"""

import os
from collections.abc import Iterator
from typing import Any, Literal

import vizro.models as vm
import vizro.plotly.express as px
from vizro import Vizro

from vizro_ws_chat import Chat
from vizro_ws_chat.integrations.openai import OpenAIChat
from vizro_ws_chat.testing import ScriptedOpenAI
from vizro_ws_chat.testing.scripted_openai import FunctionCall, Piece, RecordedRequest, Scenario, Thought

gapminder = px.data.gapminder()
Continent = Literal["Africa", "Americas", "Asia", "Europe", "Oceania"]
ORDERED: list[str] = []


def draw_chart(continent: Continent, measure: Literal["lifeExp", "gdpPercap", "pop"] = "lifeExp") -> Any:
    """Draw how a measure of the largest countries of a continent has changed from 1952 to 2007.

    Args:
        continent: Whose countries are drawn.
        measure: Life expectancy in years, gross domestic product per head in dollars, or population.
    """
    countries = gapminder[gapminder.continent == continent]
    largest = countries[countries.year == countries.year.max()].nlargest(6, "pop").country
    return px.line(countries[countries.country.isin(largest)], x="year", y=measure, color="country")


def order_report(continent: Continent) -> str:
    """Order a printed report on a continent, which costs 20 dollars.

    Args:
        continent: What it is about.
    """
    ORDERED.append(continent)
    return f"Report {len(ORDERED)} is ordered: {continent}."


def scripted(request: RecordedRequest) -> Iterator[Piece]:
    """Answer as a model might, without having read much."""
    question = request.text.lower()
    continent = next((name for name in gapminder.continent.unique() if name.lower() in question), "Europe")
    if request.tool_outputs:
        yield f"That is {continent}. " if "report" not in question else request.tool_outputs[-1]
        return
    yield Thought(f"They want to know about {continent}. ")
    if "report" in question:
        yield FunctionCall("order_report", {"continent": continent})
    else:
        yield FunctionCall("draw_chart", {"continent": continent, "measure": "lifeExp"})


def serve(*, is_scripted: bool) -> None:
    """Serve the dashboard until it is interrupted."""
    action = OpenAIChat(
        model="gpt-4.1-mini",
        instructions="You answer questions about the Gapminder data, briefly. Draw rather than list.",
        tools=[draw_chart, order_report],
        approve=["order_report"],
    )
    chat = Chat(
        actions=action,
        name="Gapminder",
        description="Scripted demo: no OPENAI_API_KEY is set, so no model answers." if is_scripted else "",
        example_questions=["Draw life expectancy in Africa", "Order a report on Asia"],
    )
    Vizro().build(vm.Dashboard(pages=[vm.Page(title="Tools", components=[chat])])).run()


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
