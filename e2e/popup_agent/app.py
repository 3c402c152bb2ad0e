"""A dashboard with the agent that knows its data, which asks a scripted model."""

import vizro.models as vm
import vizro.plotly.express as px
from vizro import Vizro
from vizro.managers import data_manager

from vizro_ws_chat.popup import add_chat_popup

data_manager["iris"] = px.data.iris()
app = Vizro()
app.build(
    vm.Dashboard(
        pages=[
            vm.Page(title="Iris", components=[vm.Graph(figure=px.scatter("iris", x="sepal_width", y="sepal_length"))])
        ]
    )
)
add_chat_popup(model="openai-chat:scripted")

if __name__ == "__main__":
    app.run()
