"""What an answer does on the dashboard, where its author allows it. The browser does it, and says how it went."""

from __future__ import annotations

import json
from typing import Any

from vizro_ws_chat.exceptions import AnswerError, RefusedError
from vizro_ws_chat.parts.part import Part, to_json
from vizro_ws_chat.redaction import redacted_logger
from vizro_ws_chat.streams.asking import Heard, OpenQuestion
from vizro_ws_chat.streams.output import AnswerWriter

logger = redacted_logger(__name__)

_MAX_CHARS = 32_000
"""Of what a browser says, as JSON. Of a value that is longer it says nothing, and there is no Undo."""

_PROBLEMS = {
    "missing": "it is not on the page that the reader sees",
    "value": "it does not have this value",
    "expired": "no browser was there in time",
}


class PageAction(Part):
    """Something that the browser does on the page, shown as a step of the answer.

    The `yield` returns whether it was done: `True`, or `False` when the page has no such control, the control no such
    value, or no browser is there. The log says why not.
    """

    def _ask(self, answer: AnswerWriter, what: str, **action: Any) -> OpenQuestion | None:
        seconds = answer.action_seconds
        asked = {**action, "state": "open", "seconds": seconds}

        def hear(value: Any) -> Heard:
            if not isinstance(value, dict) or _chars(value) > _MAX_CHARS:
                raise RefusedError("not-offered", "what became of an action is no object, or too long")
            if value.get("done") is True:
                before = {"before": value["before"]} if "before" in value else {}
                return Heard(self._text({**asked, "state": "done", **before}), reply=True)
            problem = str(value.get("problem"))
            tell(problem)
            return Heard(self._text({**asked, "state": "failed", "problem": problem}), reply=False)

        def tell(problem: str) -> None:
            logger.warning("%s was not done: %s", what, _PROBLEMS.get(problem, "the browser could not do it"))

        return answer.ask(
            self._text(asked),
            hear,
            kind="action",
            expired=self._text({**asked, "state": "failed", "problem": "expired"}),
            timeout=seconds,
            fallback=False,
            when_late=lambda: tell("expired"),
        )

    def _text(self, action: dict[str, Any]) -> str:
        return to_json(action, f"A {type(self).__name__}")


class SetControl(PageAction):
    """Sets a filter, a parameter or another control of the page; its reader can undo that.

    Example:
        ```python
        Chat(actions=Copilot(), controls=["country-filter"])

        done = yield SetControl("country-filter", ["France"])
        ```

    Args:
        control: One of those that `Chat(controls=…)` names.
        value: What it is set to, as the control has its value: text, a number, or a list of these.
    """

    def __init__(self, control: str, value: Any) -> None:
        self._control = control
        self._value = value

    def write_to(self, answer: AnswerWriter) -> OpenQuestion | None:  # noqa: D102 - see Part
        controls = answer.page_access.controls
        control = controls.get(self._control)
        if control is None:
            raise AnswerError(
                f"An answer may not set the control {self._control!r}. Name it in Chat(controls=[...]), which has "
                f"{sorted(controls) or 'none'}."
            )
        return self._ask(
            answer,
            f"SetControl({self._control!r}, …)",
            do="set",
            label=control.label,
            target=[control.component, control.property],
            value=self._value,
        )


class Navigate(PageAction):
    """Opens another page of the dashboard; the conversation is there again when the reader comes back.

    Args:
        page: Its id, title or path. `Chat(navigation=True)` is needed.
    """

    def __init__(self, page: str) -> None:
        self._page = page

    def write_to(self, answer: AnswerWriter) -> OpenQuestion | None:  # noqa: D102 - see Part
        pages = answer.page_access.pages
        if self._page not in pages:
            raise AnswerError(
                f"An answer may not open the page {self._page!r}. "
                + (f"The dashboard has {sorted(set(pages.values()))}." if pages else "Chat(navigation=True) allows it.")
            )
        path = pages[self._page]
        return self._ask(answer, f"Navigate({self._page!r})", do="navigate", label=self._page, path=path)


class Notify(PageAction):
    """Shows a notification of the dashboard, where it has a place for these; else only the step in the answer.

    Args:
        text: Plain text.
        title: What stands above it.
    """

    def __init__(self, text: str, title: str = "") -> None:
        self._text_shown = text
        self._title = title

    def write_to(self, answer: AnswerWriter) -> OpenQuestion | None:  # noqa: D102 - see Part
        return self._ask(answer, "Notify(…)", do="notify", label=self._text_shown, title=self._title)


def _chars(value: Any) -> int:
    """Return how long it is as browsers count it."""
    return len(json.dumps(value, ensure_ascii=False, separators=(",", ":")))
