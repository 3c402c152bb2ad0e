from collections.abc import Iterator
from typing import Any

import pytest
import vizro.models as vm
import vizro.plotly.express as px
from vizro import Vizro

from vizro_ws_chat import Chat, Message, StreamingChatAction
from vizro_ws_chat.exceptions import ConfigurationError
from vizro_ws_chat.models.page_access import dash_access
from vizro_ws_chat.models.responder import ActionResponder
from vizro_ws_chat.streams.page_access import Control, PageAccess


class Echo(StreamingChatAction):
    def generate_response(self, messages: list[Message]) -> Iterator[str]:
        yield "Hi"


def access_of(**options: Any) -> PageAccess:
    Vizro._reset()  # type: ignore[no-untyped-call]
    chat = Chat(id="chat", actions=[Echo()], **options)
    scatter = vm.Graph(figure=px.scatter(px.data.iris(), x="sepal_length", y="sepal_width"))
    page = vm.Page(
        id="flowers",
        title="Iris",
        path="/iris",
        components=[scatter, vm.Button(id="button"), chat],
        controls=[
            vm.Filter(id="species", column="species", selector=vm.Checklist(id="checklist", title="Kind of flower")),
            vm.Filter(id="length", column="petal_length"),
        ],
    )
    Vizro().build(vm.Dashboard(pages=[page]))
    chat.build()
    responder = chat._responder()
    assert isinstance(responder, ActionResponder)
    return responder.page_access


def test_nothing_by_default() -> None:
    assert access_of() == PageAccess()


def test_filters_and_selectors_by_their_ids() -> None:
    controls = access_of(controls=["species", "checklist", "length"]).controls
    assert controls["species"] == controls["checklist"] == Control("checklist", "value", "Kind of flower")
    assert controls["length"].property == "value"


def test_pages_by_id_title_and_path() -> None:
    pages = access_of(navigation=True).pages
    assert pages["flowers"] == pages["Iris"] == "/"


@pytest.mark.parametrize(
    ("control", "said"), [("nobody", "has no model of this id"), ("button", "a Button has no value to be set")]
)
def test_mistakes_are_found_while_the_dashboard_is_built(control: str, said: str) -> None:
    with pytest.raises(ConfigurationError, match=said):
        access_of(controls=[control])


def test_without_vizro_controls_are_properties() -> None:
    access = dash_access("chat", ["country.value"], navigation=False)()
    assert access.controls == {"country.value": Control("country", "value", "country")}
    for controls in ("country.value", ["country"], ["a.b.c"]):
        with pytest.raises(ConfigurationError, match=r'controls is a list of "component-id\.property"'):
            dash_access("chat", controls, navigation=False)
