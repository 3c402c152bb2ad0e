"""A chat on a Dash app without Vizro: no model, so that it runs as it stands."""

from collections.abc import Iterator

import plotly.express as px
from dash import Dash, dcc, html

from vizro_ws_chat import Message, StreamingChatAction, dash_chat

gapminder = px.data.gapminder()


class Countries(StreamingChatAction):
    """Tells about the countries of the continent that is chosen on the page."""

    continent: str = "continent.value"

    def generate_response(self, messages: list[Message], prompt: str, continent: str) -> Iterator[str]:
        """Name those that the question asks for, line by line."""
        countries = gapminder[(gapminder.continent == continent) & (gapminder.year == 2007)]
        yield f"**{continent}**, you asked for “{prompt}”:\n\n"
        for country in countries.nlargest(5, "lifeExp").itertuples():
            yield f"- {country.country}: {country.lifeExp:.1f} years\n"


app = Dash(__name__)
app.layout = html.Div(
    [
        dcc.Dropdown(sorted(gapminder.continent.unique()), "Europe", id="continent", clearable=False),
        dash_chat(
            Countries(),
            name="Countries",
            description="Where people live longest.",
            example_questions=["Where do people live longest?"],
        ),
    ],
    style={"display": "grid", "gridTemplateRows": "auto 1fr", "height": "95vh"},
)

if __name__ == "__main__":
    app.run()
