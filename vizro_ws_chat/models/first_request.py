"""The first requests of a process.

Dash finds out with the first one what it may serve, and tells the others meanwhile that there is nothing (plotly/dash
issue 3971): behind a load balancer the first page after each start of a process lacks scripts and style sheets, the
chat's among them.
"""

from __future__ import annotations

from dash import Dash

from vizro_ws_chat._compat import do_first, set_up
from vizro_ws_chat.transports.per_process import PerProcess

_EXTENSION = "vizro_ws_chat.first_request"


def set_up_once(app: Dash) -> None:
    """Let all requests of a process wait until the app is set up."""
    known = app.server.extensions.setdefault(_EXTENSION, [])
    if app not in known:
        known.append(app)
        do_first(app.server, PerProcess(lambda: set_up(app)).get)
