"""The codes of refusals and errors, and the one sentence that the user sees for each."""

from __future__ import annotations

from typing import Literal, NamedTuple

RefusalCode = Literal[
    "bad-frame",
    "version",
    "too-large",
    "forbidden",
    "login",
    "denied",
    "unknown-chat",
    "unknown-run",
    "bad-resume",
    "bad-history",
    "no-feedback",
    "not-asked",
    "not-offered",
    "not-delivered",
    "inbox-full",
    "no-uploads",
    "file-too-large",
    "file-type",
    "too-many-files",
    "uploads-full",
    "unknown-file",
    "unknown-thread",
    "no-history",
    "busy",
    "rate",
    "internal",
]
ErrorCode = Literal["failed", "user", "no-text", "bad-chunk", "bad-answer", "run-time", "output-limit"]
ByeCode = Literal["idle", "busy", "shutdown"]


class Refusal(NamedTuple):
    """How a refusal looks outside.

    Attributes:
        text: The sentence for the user.
        http_status: The status when it answers an HTTP request.
        close_code: The WebSocket close code (RFC 6455, section 7.4.1) when the connection cannot go on, else `None`.
    """

    text: str
    http_status: int
    close_code: int | None = None


REFUSALS: dict[RefusalCode, Refusal] = {
    "bad-frame": Refusal("The server could not read this request. Please reload the page.", 400, 1008),
    "version": Refusal("This page is out of date. Please reload it.", 400, 1008),
    "too-large": Refusal("This message is too long.", 413),
    "forbidden": Refusal("This page may not use the chat.", 403, 1008),
    "login": Refusal("You are not logged in. Please reload the page.", 401, 1008),
    "denied": Refusal("You are not allowed to use this chat.", 403, 1008),
    "unknown-chat": Refusal("This chat no longer exists. Please reload the page.", 404, 1008),
    "unknown-run": Refusal("This answer is no longer on the server.", 404),
    "bad-resume": Refusal("This answer could not be continued. Please reload the page.", 400),
    "bad-history": Refusal("The conversation could not be continued. Your next message starts a new one.", 400),
    "no-feedback": Refusal("This answer can't be rated.", 400),
    "not-asked": Refusal("This question has been answered already, or is no longer open.", 409),
    "not-offered": Refusal("This is not one of the answers to choose from.", 400),
    "not-delivered": Refusal("This answer takes no messages any more.", 409),
    "inbox-full": Refusal("This answer takes no more messages.", 429),
    "no-uploads": Refusal("This chat takes no files.", 403),
    "file-too-large": Refusal("This file is too large.", 413),
    "file-type": Refusal("Files of this type can't be attached here.", 415),
    "too-many-files": Refusal("These are too many files for one message.", 400),
    "uploads-full": Refusal("There is no room for more files at the moment. Please try again later.", 507),
    "unknown-file": Refusal("A file of this message is no longer on the server. Please attach it to a new one.", 404),
    "unknown-thread": Refusal("This conversation is no longer on the server.", 404),
    "no-history": Refusal("This chat keeps no conversations.", 404),
    "busy": Refusal("The server is busy. Please try again shortly.", 503),
    "rate": Refusal("Too many requests. Please wait a moment.", 429, 1008),
    "internal": Refusal("Something went wrong on the server.", 500, 1011),
}

ERRORS: dict[ErrorCode, str] = {
    "failed": "Something went wrong while answering.",
    "user": "Something went wrong while answering.",  # unless the author has a sentence
    "no-text": "No answer came back.",
    "bad-chunk": "Something went wrong while answering.",
    "bad-answer": "Something went wrong while answering.",
    "run-time": "The answer took too long and was ended.",
    "output-limit": "The answer became too long and was ended.",
}


def refusal_text(code: RefusalCode) -> str:
    """Return the sentence that the user sees for a refusal."""
    return REFUSALS[code].text
