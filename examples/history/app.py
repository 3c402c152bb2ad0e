"""Conversations that are kept on the server and found again: in `history.db`, beside this file."""

from collections.abc import Iterator
from pathlib import Path

import plotly.express as px
import vizro.models as vm
from vizro import Vizro

from vizro_ws_chat import Chat, Message, RunContext, StreamingChatAction

DATABASE = Path(__file__).with_name("history.db")
GAPMINDER = px.data.gapminder().query("year == 2007").set_index("country")


class CountryGuide(StreamingChatAction):
    """Tells about the countries that a question names, and remembers those of the questions before."""

    def generate_response(self, messages: list[Message], context: RunContext) -> Iterator[str]:
        """Answer."""
        said = " ".join(str(message["content"]) for message in messages if message["role"] == "user")
        countries = [country for country in GAPMINDER.index if country in said]
        if not countries:
            yield "Name a country, and ask about others later: I remember those that you have asked about."
            return
        context.title(", ".join(countries))
        for country in countries:
            row = GAPMINDER.loc[country]
            yield f"**{country}**: {row['pop'] / 1e6:.1f} million people, who live for {row['lifeExp']:.0f} years.\n\n"


chat = Chat(
    actions=CountryGuide(),
    history=f"sqlite:///{DATABASE}",
    name="Country guide",
    example_questions=["Tell me about Norway", "And Japan?"],
)
app = Vizro().build(vm.Dashboard(pages=[vm.Page(title="Countries", components=[chat])]))

if __name__ == "__main__":
    app.run()
