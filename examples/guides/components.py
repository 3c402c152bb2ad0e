"""A chat that answers with Dash components: a note, a table, a chart and code in one answer."""

import dash_mantine_components as dmc
import vizro.models as vm
import vizro.plotly.express as px
from dash import dcc, html
from vizro import Vizro

from vizro_ws_chat import Chat, ChatAction, Message

iris = px.data.iris()
means = iris.groupby("species", as_index=False)[["petal_length", "petal_width"]].mean().round(2)
CODE = 'iris.groupby("species")[["petal_length", "petal_width"]].mean()'


class Iris(ChatAction):
    """Shows the flowers, whatever is asked."""

    def generate_response(self, messages: list[Message]) -> html.Div:
        """Return the components of the answer."""
        chart = px.scatter(iris, x="petal_length", y="petal_width", color="species")
        table = {"head": list(means.columns), "body": means.to_numpy().tolist()}
        code = [dmc.AccordionControl("How it is computed"), dmc.AccordionPanel(dmc.Code(CODE, block=True))]
        return html.Div(
            [
                dcc.Markdown(f"You asked: **{messages[-1]['content']}**"),
                dmc.Alert("Three species, fifty flowers of each.", title="The data", color="blue"),
                dmc.Table(data=table, striped=True),
                dcc.Graph(figure=chart, style={"height": "400px", "width": "600px"}),
                dmc.Accordion(dmc.AccordionItem(code, value="code"), value="code"),
            ]
        )


page = vm.Page(title="Components", components=[Chat(actions=Iris())])
Vizro().build(vm.Dashboard(pages=[page])).run()
