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


@pytest.fixture(autouse=True)
def no_models() -> Iterator[None]:
    Vizro._reset()  # type: ignore[no-untyped-call]
    yield
    Vizro._reset()  # type: ignore[no-untyped-call]


def access_of(dash_options: dict[str, Any] | None = None, **options: Any) -> PageAccess:
    chat = Chat(id="chat", actions=[Echo()], **options)
    scatter = vm.Graph(id="scatter", figure=px.scatter(px.data.iris(), x="sepal_length", y="sepal_width"))
    page = vm.Page(
        id="flowers",
        title="Iris",
        path="/iris",
        components=[scatter, vm.Button(id="button"), chat],
        controls=[
            vm.Filter(id="species", column="species", selector=vm.Checklist(id="checklist", title="Kind of flower")),
            vm.Filter(id="length", column="petal_length"),
            vm.Parameter(id="time", targets=["scatter.opacity"], selector=vm.TimePicker(id="picker", range=True)),
        ],
    )
    other = vm.Page(
        id="other", title="flowers", components=[vm.Text(text="Another page, called as the first one is named.")]
    )
    Vizro(**(dash_options or {})).build(vm.Dashboard(pages=[page, other]))
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


def test_a_picker_of_several_components_has_its_value_in_a_store() -> None:
    assert access_of(controls=["time"]).controls["time"] == Control("picker", "data", "opacity")


def test_pages_by_id_title_and_path() -> None:
    pages = access_of(navigation=True).pages
    assert pages["flowers"] == pages["Iris"] == pages["/"] == "/"
    assert pages["other"] == "/other"


def test_pages_of_a_dashboard_below_a_path() -> None:
    pages = access_of({"url_base_pathname": "/sales/"}, navigation=True).pages
    assert pages["Iris"] == pages["/"] == "/sales/"
    assert pages["other"] == pages["/other"] == "/sales/other"


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
