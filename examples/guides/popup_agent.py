"""A chat over every page that knows the dashboard's data. Needs OPENAI_API_KEY and pydantic-ai."""

import vizro.models as vm
import vizro.plotly.express as px
from vizro import Vizro
from vizro.managers import data_manager

from vizro_ws_chat.popup import add_chat_popup

data_manager["tips"] = px.data.tips()
page = vm.Page(title="Tips", components=[vm.Graph(figure=px.scatter("tips", x="total_bill", y="tip"))])
app = Vizro().build(vm.Dashboard(pages=[page]))
add_chat_popup(title="Ask about the data")
app.run()
