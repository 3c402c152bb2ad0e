"""Every exception of the package.

VizroWsChatError
├── ConfigurationError      the dashboard's author set something up wrongly; raised while it is built
├── UserFacingError         raised by the author in generate_response: its sentence is shown to the user
│   └── AskTimeoutError     nobody has answered an Ask
├── ChunkTypeError          generate_response yielded something that can't be shown
├── AnswerError             generate_response returned or yielded something that can't be shown
├── NoTextError             generate_response gave no text
├── AwayError               what several processes share can't be reached at the moment; nobody outside sees it
├── ModelError              a model's API has reported that it failed, or its stream broke off
└── RefusedError            the server does not do what a browser asked; becomes a `refused` frame
    └── ProtocolError       … because the browser broke the protocol

RunCancelled                a BaseException, see its docstring
"""

from __future__ import annotations

from vizro_ws_chat.protocol.codes import RefusalCode, refusal_text

_DETAIL_CHARS = 300

__all__ = [
    "AnswerError",
    "AskTimeoutError",
    "AwayError",
    "ChunkTypeError",
    "ConfigurationError",
    "ModelError",
    "NoTextError",
    "ProtocolError",
    "RefusedError",
    "RunCancelled",
    "UserFacingError",
    "VizroWsChatError",
]


class VizroWsChatError(Exception):
    """Base of all errors of the package."""


class ConfigurationError(VizroWsChatError):
    """The chat was set up in a way that cannot work. The message says what to change."""


class UserFacingError(VizroWsChatError):
    """An error whose sentence is meant for the person who chats.

    Any other exception in `generate_response` shows a neutral sentence with a reference id. Raise this one to say it
    in your own words; the text goes to the browser as it stands.

    Example:
        ```python
        raise UserFacingError("The sales data is being refreshed. Please ask again in five minutes.")
        ```
    """


class AskTimeoutError(UserFacingError):
    """Raised at the `yield` of an `Ask` that nobody has answered in time. Catch it to go on without an answer."""

    def __init__(self) -> None:
        super().__init__("The question was not answered in time.")


class ChunkTypeError(VizroWsChatError):
    """`generate_response` yielded something that can't be shown."""

    def __init__(self, chunk: object) -> None:
        super().__init__(
            f"generate_response yielded {type(chunk).__name__!r}, but what it yields must be a str, a part of "
            "vizro_ws_chat.parts, a Dash component, a Plotly figure or a Vizro model. Convert it first, or skip it "
            "when there is nothing to show (an empty str is fine, None is not)."
        )


class AnswerError(VizroWsChatError):
    """`generate_response` returned or yielded what can't be shown. The message says what it was and what can be."""


class NoTextError(VizroWsChatError):
    """`generate_response` gave no text."""

    def __init__(self) -> None:
        super().__init__("generate_response ended without giving any text, so there is no answer to show.")


class AwayError(VizroWsChatError):
    """What several processes share can't be reached at the moment. It is caught within the package."""


class ModelError(VizroWsChatError):
    """A model's API has reported, within its stream, that it failed; or the stream broke off."""


class RefusedError(VizroWsChatError):
    """The server does not do what the browser asked.

    Args:
        code: Why, for the browser's code. The sentence for the user follows from it.
        detail: Why, for the server's log. Never sent.
        retry_ms: When the browser may try again, in milliseconds; `None` when trying again does not help.
        ref: The reference id under which the log has more.
    """

    def __init__(
        self, code: RefusalCode, detail: str = "", *, retry_ms: int | None = None, ref: str | None = None
    ) -> None:
        super().__init__(f"{code}: {_for_log(detail) or refusal_text(code)}")
        self.code = code
        self.text = refusal_text(code)
        self.retry_ms = retry_ms
        self.ref = ref


def _for_log(detail: str) -> str:
    """Escape and shorten a text that may quote the browser: it must neither forge lines of the log nor flood it."""
    shown = detail if len(detail) <= _DETAIL_CHARS else f"{detail[:_DETAIL_CHARS]}…"
    return "".join(char if char.isprintable() else char.encode("unicode_escape").decode() for char in shown)


class ProtocolError(RefusedError):
    """What came over the wire is not of the protocol."""

    def __init__(self, detail: str, *, code: RefusalCode = "bad-frame") -> None:
        super().__init__(code, detail)


class RunCancelled(BaseException):
    """Raised inside `generate_response` at the network read that Stop has broken off.

    Like `GeneratorExit` and `asyncio.CancelledError` it is no `Exception`: neither an `except Exception` of the
    author nor a client library's retry may swallow it. Clean up in `finally` or `with`, as for a closed generator.
    """
