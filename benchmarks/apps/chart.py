"""A chat that draws a chart of 10,000 points and changes all of them many times a second."""

import time
from collections.abc import Generator
from typing import Any

import numpy as np
import plotly.graph_objects as go
import vizro.models as vm
from dash import dcc
from vizro import Vizro

from benchmarks.live_chart import CHANGES_PER_SECOND, POINTS, SECONDS
from vizro_ws_chat import Chat, Message, StreamingChatAction
from vizro_ws_chat.parts import Component


class Draw(StreamingChatAction):
    """Draws a wave that runs."""

    def generate_response(self, messages: list[Message]) -> Generator[Any, Any, None]:
        """Draw it. Called by the chat."""
        x = np.linspace(0, 20, POINTS)
        graph = yield Component(dcc.Graph(figure=wave(x, 0.0)))
        for change in range(1, SECONDS * CHANGES_PER_SECOND + 1):
            time.sleep(1 / CHANGES_PER_SECOND)
            yield graph.update(figure=wave(x, change / CHANGES_PER_SECOND))
        yield "Done."


def wave(x: Any, phase: float) -> go.Figure:
    """Return the chart at one moment."""
    return go.Figure(go.Scattergl(x=x, y=np.sin(x + phase), mode="lines"), layout={"yaxis": {"range": [-1.1, 1.1]}})


page = vm.Page(title="Drawing chat", components=[Chat(id="chat", actions=Draw())])
Vizro().build(vm.Dashboard(pages=[page])).run()
