"""Answers with charts that grow while the text around them is written: no model, so that it runs as it stands."""

import time
from collections.abc import Generator
from typing import Any

import dash_bootstrap_components as dbc
import vizro.models as vm
import vizro.plotly.express as px
from dash import dcc
from vizro import Vizro

from vizro_ws_chat import Chat, Message, StreamingChatAction
from vizro_ws_chat.parts import Component, File, Source, Status, Suggestions

gapminder = px.data.gapminder()
CONTINENTS = list(gapminder.continent.unique())


class Analyst(StreamingChatAction):
    """Tells how people live longer, year by year."""

    pause: float = 0.4

    def generate_response(self, messages: list[Message], prompt: str) -> Generator[Any, Any, None]:
        """Draw the continents that a question names."""
        named = [continent for continent in CONTINENTS if continent.lower() in prompt.lower()] or CONTINENTS
        yield Status("Looking at the figures…")
        time.sleep(self.pause)
        means = gapminder[gapminder.continent.isin(named)].groupby(["continent", "year"], as_index=False).lifeExp.mean()
        years = sorted(means.year.unique())
        yield f"Life expectancy in **{', '.join(named)}**, year by year"
        yield Source(
            "https://www.gapminder.org/data/", "Gapminder", "Income, population and life expectancy since 1952."
        )
        yield ":\n"
        chart = yield Component(dcc.Graph(figure=self.figure(means, years[:1])))
        progress = yield dbc.Progress(value=0)
        for count in range(2, len(years) + 1):
            time.sleep(self.pause)
            yield chart.update(figure=self.figure(means, years[:count]))
            yield progress.update(value=count / len(years) * 100)
        first, last = means[means.year == years[0]], means[means.year == years[-1]]
        yield f"From {first.lifeExp.mean():.0f} to {last.lifeExp.mean():.0f} years on average. All of it:"
        yield File(means.to_csv(index=False), "life-expectancy.csv")
        yield Suggestions([f"Only {continent}" for continent in CONTINENTS if [continent] != named])

    @staticmethod
    def figure(means: Any, years: list[int]) -> Any:
        """Return the chart of some years, on axes that stay as they are."""
        shown = means[means.year.isin(years)]
        figure = px.line(shown, x="year", y="lifeExp", color="continent", markers=True)
        return figure.update_layout(xaxis_range=[1950, 2010], yaxis_range=[35, 85])


page = vm.Page(
    title="Charts in the stream",
    components=[
        vm.Container(id="board", title="Pinned", components=[vm.Text(text="Pin a chart of an answer here.")]),
        Chat(
            actions=Analyst(),
            name="Analyst",
            description="Draws while it speaks.",
            example_questions=["How has life expectancy changed?", "Africa and Asia?"],
            pin_to="board",
        ),
    ],
    layout=vm.Grid(grid=[[0, 1, 1]]),
)
app = Vizro().build(vm.Dashboard(pages=[page]))

if __name__ == "__main__":
    app.run()
