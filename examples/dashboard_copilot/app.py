"""A model that works on the dashboard: it sets the filters that it may set, and knows which points were clicked.

With OPENAI_API_KEY (and optionally OPENAI_BASE_URL) the chat talks to that server. Without, a scripted server on this
machine asks for the tools, as the chat says.
"""

import os
import re
from collections.abc import Iterator
from typing import Annotated, Any, Literal

import vizro.models as vm
import vizro.plotly.express as px
from pydantic import Field
from vizro import Vizro

from vizro_ws_chat import Chat
from vizro_ws_chat.integrations.openai import OpenAIChat
from vizro_ws_chat.parts import SetControl
from vizro_ws_chat.testing import ScriptedOpenAI
from vizro_ws_chat.testing.scripted_openai import FunctionCall, Piece, RecordedRequest, Scenario

gapminder = px.data.gapminder()
Year = Annotated[int, Field(ge=1952, le=2007)]
Continent = Literal["Africa", "Americas", "Asia", "Europe", "Oceania"]


def show_continents(continents: list[Continent]) -> SetControl:
    """Show only some continents on the dashboard.

    Args:
        continents: Those to be shown.
    """
    return SetControl("continents", continents)


def show_years(first: Year, last: Year) -> SetControl:
    """Show only some years on the dashboard.

    Args:
        first: The first year.
        last: The last year.
    """
    return SetControl("years", [first, last])


def count_countries(continent: Continent) -> int:
    """Return how many countries of a continent the data has.

    Args:
        continent: Whose countries are counted.
    """
    return int(gapminder[gapminder.continent == continent].country.nunique())


def scripted(request: RecordedRequest) -> Iterator[Piece]:
    """Answer as a model might, without having read much."""
    question = request.text.lower()
    if request.tool_outputs:
        yield "It was not possible." if "[false]" in request.tool_outputs[-1] else "Here it is, on the dashboard."
        return
    years = re.findall(r"\b(?:19|20)\d\d\b", question)
    named = [name for name in gapminder.continent.unique() if name.lower() in question]
    if years:
        yield FunctionCall("show_years", {"first": int(years[0]), "last": int(years[-1])})
    elif "how many" in question:
        yield FunctionCall("count_countries", {"continent": (named or ["Europe"])[0]})
    elif named:
        yield FunctionCall("show_continents", {"continents": named})
    else:
        yield "Name a continent, or years."


def dashboard(*, is_scripted: bool) -> Any:
    """Return the dashboard with its copilot."""
    action = OpenAIChat(
        model="gpt-4.1-mini",
        instructions="You help on a dashboard of the Gapminder data. Show what is asked for with the tools. Be brief.",
        tools=[show_continents, show_years, count_countries],
    )
    chat = Chat(
        actions=action,
        name="Copilot",
        description="Scripted demo: no OPENAI_API_KEY is set, so no model answers." if is_scripted else "",
        example_questions=["Show Africa and Asia", "Only from 1990 to 2007"],
        controls=["continents", "years"],
        points_from=["countries"],
    )
    chart = px.scatter(gapminder, x="gdpPercap", y="lifeExp", color="continent", hover_name="country", log_x=True)
    page = vm.Page(
        title="Copilot",
        components=[vm.Graph(id="countries", figure=chart), chat],
        layout=vm.Grid(grid=[[0, 0, 1]]),
        controls=[
            vm.Filter(id="continents", column="continent", selector=vm.Checklist()),
            vm.Filter(id="years", column="year"),
        ],
    )
    return Vizro().build(vm.Dashboard(pages=[page]))


def main() -> None:
    """Serve the dashboard, with a model or with the scripted server."""
    if os.environ.get("OPENAI_API_KEY"):
        dashboard(is_scripted=False).run()
        return
    with ScriptedOpenAI(default=Scenario(scripted, delay_seconds=0.2)) as upstream:
        os.environ["OPENAI_BASE_URL"] = upstream.base_url
        os.environ["OPENAI_API_KEY"] = upstream.api_key
        dashboard(is_scripted=True).run()


if __name__ == "__main__":
    main()
