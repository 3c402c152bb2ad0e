"""Asking the reader: the generator waits at its `yield` for the answer."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from pydantic import BaseModel, ValidationError

from vizro_ws_chat.exceptions import AnswerError, RefusedError
from vizro_ws_chat.parts.form import fields_of, problems_of, shown_of
from vizro_ws_chat.parts.part import Part, to_json
from vizro_ws_chat.streams.asking import Heard, OpenQuestion
from vizro_ws_chat.streams.output import AnswerWriter

_MAX_CHARS = 10_000
_MAX_SECONDS = 30 * 24 * 3600.0


class Ask(Part):
    """A question to the reader. The `yield` returns the answer.

    The generator waits, also while the page is reloaded or the connection lost. When no answer comes in time,
    `AskTimeoutError` is raised at the `yield`; Stop ends the generator there, as at any other `yield`.

    Example:
        ```python
        choice = yield Ask("Run this on 3 million rows?", options=["Run", "Cancel"])
        name = yield Ask("What shall the report be called?")
        order = yield Ask("Where to?", form=Address)     # a pydantic model; returns one
        ```

    Args:
        question: Plain text.
        options: What to choose from: the `yield` returns one of them. Without options and form it is a free text.
        form: A pydantic model, whose fields are filled in: the `yield` returns an instance of it.
        timeout: For how long the answer is waited for, in seconds; as `Settings.ask_seconds` says when it is not given.

    Raises:
        AnswerError: If there are options and a form, no option, a form with fields that can't be asked for, or a
            timeout that is no time or longer than a month.
    """

    def __init__(
        self,
        question: str,
        *,
        options: Sequence[str] | None = None,
        form: type[BaseModel] | None = None,
        timeout: float | None = None,
    ) -> None:
        if options is not None and form is not None:
            raise AnswerError("An Ask has either options or a form, not both.")
        if options is not None and (isinstance(options, str) or not options or len(set(options)) < len(options)):
            raise AnswerError(f"The options of an Ask are a list of different texts, but got {options!r}.")
        if timeout is not None and not 0 < timeout <= _MAX_SECONDS:
            raise AnswerError(f"An Ask waits for some seconds, for a month at most, but got {timeout!r}.")
        self._options = list(options) if options is not None else None
        self._form = form
        self._timeout = timeout
        self._asked: dict[str, Any] = {"question": question, "state": "open"}
        if options is not None:
            self._asked["options"] = self._options
        if form is not None:
            self._asked["fields"] = fields_of(form)
        self._tries = 0

    def write_to(self, answer: AnswerWriter) -> OpenQuestion | None:  # noqa: D102 - see Part
        seconds = answer.ask_seconds if self._timeout is None else self._timeout
        self._asked["seconds"] = seconds
        return answer.ask(self._text(), self._hear, expired=self._text(state="expired"), timeout=seconds)

    def _text(self, **changed: Any) -> str:
        return to_json({**self._asked, **changed}, "An Ask")

    def _hear(self, value: Any) -> Heard:
        if self._form is not None:
            return self._hear_form(self._form, value)
        if not isinstance(value, str) or len(value) > _MAX_CHARS:
            raise RefusedError("not-offered", "the answer is no text, or too long")
        if self._options is not None and value not in self._options:
            raise RefusedError("not-offered", "it was not among the options")
        return Heard(self._text(state="answered", value=value), self._reply(value))

    def _reply(self, value: str) -> Any:
        return value

    def _hear_form(self, form: type[BaseModel], value: Any) -> Heard:
        if not isinstance(value, dict) or len(str(value)) > _MAX_CHARS:
            raise RefusedError("not-offered", "the answer is no form, or too long")
        shown = shown_of(self._asked["fields"], value)
        try:
            filled = form.model_validate(value)
        except ValidationError as error:
            self._tries += 1  # the same again is another try: the browser waits for the part to change
            changed = {"value": shown, "problems": problems_of(error), "tries": self._tries}
            return Heard(self._text(**changed), is_final=False)
        return Heard(self._text(state="answered", value=shown), filled)


class Approval(Ask):
    """Asks whether something may be done: the `yield` returns `True` or `False`.

    Example:
        ```python
        if (yield Approval("Send the report to 200 customers?")):
            ...
        ```

    Args:
        question: Plain text.
        approve: The label of the button that approves.
        deny: The label of the other one.
        timeout: As for `Ask`.
    """

    def __init__(
        self, question: str, *, approve: str = "Approve", deny: str = "Deny", timeout: float | None = None
    ) -> None:
        super().__init__(question, options=[approve, deny], timeout=timeout)
        self._approve = approve

    def _reply(self, value: str) -> bool:
        return value == self._approve
