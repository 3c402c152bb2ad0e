"""The guides: the app of each, and what is done with it."""

from __future__ import annotations

import base64
import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from playwright.sync_api import FilePayload

from drop_in.reader import Reader
from vizro_ws_chat.testing import Scenario, ScriptedOpenAI

EXAMPLES = Path(__file__).parents[1] / "examples"
_PNG = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAgAAAAICAIAAABLbSncAAAAEUlEQVR42mN4EauPFTEMLQkAhSRdASZI1ScAAAAASUVORK5CYII="
)
_CSV = b"month,revenue\nMay,7\nJune,9\nJuly,8\n"
_CHART = '{"chart": "bar", "x": "month", "y": "revenue"}'


@dataclass(frozen=True)
class Guide:
    """A guide of `vizro_experimental.chat`, as an example of our own.

    Attributes:
        name: What it shows.
        app: The app, which works with either import.
        drive: What a reader does with it. It raises where what the reader gets is not what the app says.
    """

    name: str
    app: Path
    drive: Callable[[Reader], None]


def script_model(upstream: ScriptedOpenAI) -> None:
    """Let the scripted model answer the guides' questions."""
    for question, answer in {
        "hello": "Hello. I am *scripted*.",
        "and": "You have asked **twice**.",
        "what is in": "A **square** of one colour.",
        "what colour": "It is grey.",
        "draw": _CHART,
        "show": "I can't.",
    }.items():
        upstream.on(question, Scenario(answer))


def _echo(reader: Reader) -> None:
    reader.ask("Hello, you", "Message 1 was: Hello, you")
    reader.ask("A < B & <b>C</b>", "Message 3 was: A < B & <b>C</b>")
    reader.reload()
    reader.ask("And now?", "Message 5 was: And now?")


def _conversation(reader: Reader) -> None:
    reader.ask("Hello", "Hello. I am scripted.")
    reader.ask("And now?", "You have asked twice.")
    reader.reload()
    reader.ask("And after a reload?", "You have asked twice.")


def _components(reader: Reader) -> None:
    reader.ask_for("Show me", ["alert", "table", "chart", "accordion", "code"])
    reader.ask_for("And again", ["alert", "table", "chart", "accordion", "code"])


def _file_upload(reader: Reader) -> None:
    reader.attach(_file("square.png", "image/png", _PNG), _file("notes.txt", "text/plain", b"Nothing."))
    reader.ask("What is in it?", "A square of one colour.")
    reader.ask("What colour?", "It is grey.")


def _example_questions(reader: Reader) -> None:
    reader.ask("Which moon?", "I don't know. Choose one of the example questions.")
    reader.choose_example("Which planet is the hottest?")
    reader.send("Venus: about 460 °C.")
    reader.choose_example("Which planet has the shortest year?")
    reader.send("Mercury: 88 days.")


def _combined(reader: Reader) -> None:
    reader.ask("Draw it", "Attach a CSV file first.")
    reader.choose_example("Draw the revenue of each month")
    reader.attach(_file("sales.csv", "text/csv", _CSV))
    reader.ask_for("Draw the revenue of each month", ["chart"])
    reader.ask_for("Draw it again", ["chart"])
    reader.ask("Show how they hang together", "The model has chosen no chart that can be drawn. Try other words.")


def _popup(reader: Reader) -> None:
    reader.open_popup()
    reader.ask("Hello", "Hello. I am scripted.")
    reader.go_to("Tips")
    reader.ask("And now?", "You have asked twice.")


def _popup_agent(reader: Reader) -> None:
    reader.open_popup()
    reader.ask("Hello", re.compile(r"Hello\. I am scripted\.\s*$"))
    reader.ask("And now?", re.compile(r"You have asked twice\.\s*$"))


def _file(name: str, kind: str, content: bytes) -> FilePayload:
    return {"name": name, "mimeType": kind, "buffer": content}


_GUIDES = EXAMPLES / "guides"
GUIDES = (
    Guide("Echo", _GUIDES / "echo.py", _echo),
    Guide("Use an LLM", _GUIDES / "use_llm.py", _conversation),
    Guide("Streaming", EXAMPLES / "openai_streaming" / "app.py", _conversation),
    Guide("Components", _GUIDES / "components.py", _components),
    Guide("File upload", _GUIDES / "file_upload.py", _file_upload),
    Guide("Example questions", _GUIDES / "example_questions.py", _example_questions),
    Guide("Combined", _GUIDES / "combined.py", _combined),
    Guide("Popup", _GUIDES / "popup.py", _popup),
    Guide("Popup with agent", _GUIDES / "popup_agent.py", _popup_agent),
)
