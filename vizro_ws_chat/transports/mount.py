"""The one place where the chat is put on a Flask app."""

from __future__ import annotations

import os

from flask import Flask, Response, request

from vizro_ws_chat.exceptions import ConfigurationError
from vizro_ws_chat.protocol.frames import MAX_CHAT_ID_CHARS
from vizro_ws_chat.settings import Settings
from vizro_ws_chat.streams.scheduler import Scheduler
from vizro_ws_chat.telemetry.installed import installed_observer
from vizro_ws_chat.threads.archive import ThreadArchive
from vizro_ws_chat.threads.signing import Signer, as_bytes, default_key_file, load_key
from vizro_ws_chat.transports.feedback_desk import FeedbackDesk
from vizro_ws_chat.transports.health import Health
from vizro_ws_chat.transports.history_desk import HistoryDesk, check_place
from vizro_ws_chat.transports.owner import OwnerCookie
from vizro_ws_chat.transports.per_process import PerProcess
from vizro_ws_chat.transports.rate import OwnerRates
from vizro_ws_chat.transports.routes import ChatRoutes, make_blueprint
from vizro_ws_chat.transports.service import ChatService, Responder
from vizro_ws_chat.transports.sharing import check_sharing, make_runs
from vizro_ws_chat.uploads.store import UploadStore

PATH = "_vizro_ws_chat/"
_EXTENSION = "vizro_ws_chat"
_CONFIG = "VIZRO_WS_CHAT"


class ChatMount:
    """The chats of one Flask app.

    Args:
        app: The Flask app below the dashboard.
        prefix: The path under which the app has its routes, with a slash at both ends.
        settings: Limits and times.
    """

    def __init__(self, app: Flask, prefix: str, settings: Settings) -> None:
        self.prefix = prefix
        self.settings = settings
        self.responders: dict[str, Responder] = {}
        self._places: dict[str, str] = {}
        self._app = app
        self._key = load_key(app.secret_key, default_key_file(os.environ))
        self._old_keys = _old_keys(app.config.get("SECRET_KEY_FALLBACKS"))
        self.cookie = OwnerCookie(self._key, self._old_keys)
        self._services = PerProcess(self._make_service)
        routes = PerProcess(lambda: ChatRoutes(self.service))
        app.register_blueprint(make_blueprint(routes.get), url_prefix=f"{prefix}{PATH}".rstrip("/"))

    @property
    def service(self) -> ChatService:
        """What the chats run on in this process."""
        return self._services.get()

    def register(self, chat: str, responder: Responder) -> None:
        """Let `responder` answer in the chat with this id.

        Raises:
            ConfigurationError: When another chat of the app has the same id, it is none that a chat can have, or the
                database that its conversations are to be kept in can't be used.
        """
        check_chat_id(chat)
        if self.responders.setdefault(chat, responder) is not responder:
            raise ConfigurationError(f"Two chats have the id {chat!r}. Give each Chat an id of its own.")
        place = responder.history or self.settings.history
        if place is not None and chat not in self._places:
            check_place(place)
            self._places[chat] = place

    def keeps_history(self, chat: str) -> bool:
        """Whether a chat keeps conversations on the server."""
        return chat in self._places

    def _make_service(self) -> ChatService:
        scheduler = Scheduler()
        archive = ThreadArchive(Signer(self._key, self._old_keys), self.settings.max_cached_chars)
        health = Health()
        history = HistoryDesk(self._places, self.settings, archive, scheduler, health)
        hub, runs = make_runs(self.settings, scheduler, archive, self._key, health=health, history=history)
        return ChatService(
            settings=self.settings,
            scheduler=scheduler,
            cookie=self.cookie,
            hub=hub,
            runs=runs,
            archive=archive,
            uploads=UploadStore(self._key, self.settings, scheduler),
            rates=OwnerRates(self.settings.max_owner_frames_per_second, scheduler.clock),
            feedback=FeedbackDesk(self.settings, scheduler, self._app.app_context),
            environment=self._app.app_context,
            responders=self.responders,
            history=history,
            observer=installed_observer(),
            health=health,
        )


def mount(app: Flask, prefix: str, public_prefix: str) -> ChatMount:
    """Put the chat's routes on a Flask app, once.

    Args:
        app: The Flask app below the dashboard.
        prefix: The path under which the app has its routes, with a slash at both ends.
        public_prefix: The same path as browsers see it, in front of a proxy that may take something off it.

    Raises:
        ConfigurationError: When the app's configuration of the chat is not a `Settings`, can't work (`check_sharing`),
            or the app has chats under another prefix already.
    """
    mounted: ChatMount | None = app.extensions.get(_EXTENSION)
    if mounted is not None:
        if mounted.prefix != prefix:
            raise ConfigurationError(
                f"This Flask app has chats under {mounted.prefix!r} already; a second dashboard with chats, under "
                f"{prefix!r}, needs a Flask app of its own."
            )
        return mounted
    settings = app.config.get(_CONFIG) or Settings.from_environment(os.environ)
    if not isinstance(settings, Settings):
        raise ConfigurationError(f"The Flask configuration {_CONFIG!r} must be a vizro_ws_chat.settings.Settings.")
    check_sharing(settings)
    mounted = app.extensions[_EXTENSION] = ChatMount(app, prefix, settings)

    def give(response: Response) -> Response:
        if request.path.startswith(prefix):
            mounted.cookie.give(request, response, public_prefix)
        return response

    app.after_request(give)
    return mounted


def check_chat_id(chat: object) -> None:
    """Check that a chat can have an id.

    Raises:
        ConfigurationError: When it can't.
    """
    if not isinstance(chat, str) or not 0 < len(chat) <= MAX_CHAT_ID_CHARS:
        raise ConfigurationError(f"A chat's id is a text of 1 to {MAX_CHAT_ID_CHARS} characters, not {chat!r}.")


def _old_keys(fallbacks: object) -> list[bytes]:
    """Return the keys before the present one, in Flask's own way: what was signed with them is still read."""
    keys = fallbacks or []
    if not isinstance(keys, list | tuple) or not all(isinstance(key, str | bytes) and key for key in keys):
        raise ConfigurationError(
            "SECRET_KEY_FALLBACKS is a list of the secrets before the present one, each a str or bytes that is not "
            "empty: anybody could sign with an empty one."
        )
    return [as_bytes(key) for key in keys]
