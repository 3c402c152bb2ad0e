"""A chat that answers with charts and tables: no model, so that it runs as it stands."""

from typing import Any

import vizro.models as vm
import vizro.plotly.express as px
from vizro import Vizro
from vizro.tables import dash_ag_grid

from vizro_ws_chat import Chat, ChatAction, Message, RunContext

gapminder = px.data.gapminder()
CONTINENTS = list(gapminder.continent.unique())


class Continents(ChatAction):
    """Shows the continents that a question names."""

    year: str = "year.value"

    def generate_response(self, messages: list[Message], prompt: str, year: int, context: RunContext) -> Any:
        """Return a chart and a table of the year that is chosen on the page."""
        named = [continent for continent in CONTINENTS if continent.lower() in prompt.lower()]
        context.suggest(*(f"And {continent}?" for continent in CONTINENTS if continent not in named))
        if not named:
            return f"Name a continent: {', '.join(CONTINENTS)}."
        countries = gapminder[gapminder.continent.isin(named) & (gapminder.year == year)]
        return [
            f"{' and '.join(named)} in {year}:",
            px.scatter(countries, x="gdpPercap", y="lifeExp", size="pop", hover_name="country", log_x=True),
            dash_ag_grid(countries[["country", "lifeExp", "pop", "gdpPercap"]])(),
        ]


vm.Page.add_type("components", vm.Slider)
page = vm.Page(
    title="Continents",
    components=[
        vm.Slider(id="year", min=1952, max=2007, step=5, value=2007, title="Year"),
        Chat(
            actions=Continents(),
            name="Continents",
            description="Charts and tables of the countries of a continent.",
            example_questions=["What about Europe?", "Africa and Asia?"],
        ),
    ],
    layout=vm.Grid(grid=[[0], *[[1]] * 7]),
)
app = Vizro().build(vm.Dashboard(pages=[page]))

if __name__ == "__main__":
    app.run()
