from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Sequence
from typing import Any

import pytest
from flask import Flask
from werkzeug.serving import BaseWSGIServer, make_server

from tests.transports.making import CHAT, Dictated
from tests.waiting import wait_until
from vizro_ws_chat.settings import Settings
from vizro_ws_chat.transports.mount import mount
from vizro_ws_chat.transports.owner import COOKIE
from vizro_ws_chat.transports.service import ChatService


class App:
    """A Flask app with a chat, served by werkzeug on threads of this process."""

    def __init__(
        self, prefix: str = "/", *, secret: str = "a secret", old_secrets: Sequence[str] = (), **settings: Any
    ) -> None:
        self._others = set(threading.enumerate())
        self.responder = Dictated()
        flask = Flask(__name__)
        flask.config["VIZRO_WS_CHAT"] = Settings(**{"batch_seconds": 0, **settings})
        flask.config.update(SECRET_KEY=secret, SECRET_KEY_FALLBACKS=list(old_secrets))
        flask.add_url_rule("/", "home", lambda: "home")
        self.flask = flask
        self.chats = mount(flask, prefix, prefix)
        self.chats.register(CHAT, self.responder)
        self.service: ChatService = self.chats.service
        self._server: BaseWSGIServer = make_server("127.0.0.1", 0, flask, threaded=True)
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.01,), daemon=True)
        self._thread.start()
        self.address = ("127.0.0.1", self._server.server_port)

    def cookie_of(self, token: str) -> dict[str, str]:
        """Return the header of a browser that has opened the app's page."""
        return {"Cookie": f"{COOKIE}={self.chats.cookie.value_of(token)}"}

    def wait_until_idle(self) -> None:
        """Wait until no thread is left of connections and runs; only the server's and the scheduler's may be.

        Threads that were there before it, such as those of other tests' servers, do not count.
        """

        def others() -> list[str]:
            keep = {"vizro-ws-chat-scheduler", self._thread.name}
            new = [thread for thread in threading.enumerate() if thread not in self._others]
            return [thread.name for thread in new if thread.daemon and thread.name not in keep]

        try:
            wait_until(lambda: not others())
        except AssertionError:
            raise AssertionError(f"threads are left: {others()}") from None

    def close(self) -> None:
        for run_id in list(self.service.hub._entries):
            self.service.hub.cancel(run_id)
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()


@pytest.fixture
def make_app() -> Iterator[Callable[..., App]]:
    apps: list[App] = []

    def make(**options: Any) -> App:
        apps.append(App(**options))
        return apps[-1]

    yield make
    for app in apps:
        app.close()


@pytest.fixture
def app(make_app: Callable[..., App]) -> App:
    return make_app()
