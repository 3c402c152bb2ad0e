from dash import State

from vizro_ws_chat.actions.inputs import Inputs


def test_without_states_there_is_nothing_to_read() -> None:
    assert Inputs().properties == []
    assert Inputs().arguments([]) == {}


def test_values_come_back_in_the_order_of_the_properties() -> None:
    inputs = Inputs(
        {
            "country": State("country-filter", "value"),
            "_controls": {"filters": [State("a", "value"), State("b", "value")], "parameters": [State("c", "data")]},
            "clicks": State("button", "n_clicks"),
        }
    )
    assert inputs.properties == [
        ("country-filter", "value"),
        ("a", "value"),
        ("b", "value"),
        ("c", "data"),
        ("button", "n_clicks"),
    ]
    assert inputs.arguments(["France", 1, [2], None, 4]) == {
        "country": "France",
        "_controls": {"filters": [1, [2]], "parameters": [None]},
        "clicks": 4,
    }
