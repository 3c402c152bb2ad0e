"""What a reader does with a chat, ours or the peer's: by the ids and class names that both have."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import TypeAlias

from playwright.sync_api import FilePayload, Locator, Page, expect

Bubbles: TypeAlias = list[tuple[str, str]]

_COMPONENTS = {
    "chart": ".js-plotly-plot .main-svg >> nth=0",
    "table": "table",
    "alert": ".mantine-Alert-root",
    "accordion": ".mantine-Accordion-root",
    "code": ".mantine-Code-root",
}


class Reader:
    """Somebody who chats.

    Args:
        page: A page on which the only chat is.
    """

    def __init__(self, page: Page) -> None:
        self.page = page
        self._input = page.locator('textarea[id$="-chat-input"]')
        self._send = page.locator('[id$="-send-button"]')
        # The peer has its messages on the page twice.
        self._conversation = page.locator('[id$="-rendered-messages"]')
        self._answers = self._conversation.locator(".chat-assistant-message:not(.chat-loading-message)")
        self._asked = 0

    def open_popup(self) -> None:
        """Press the button that opens the popup."""
        self.page.locator('[id$="-toggle-button"]').click()
        expect(self._input).to_be_visible()

    def ask(self, question: str, answer: str | re.Pattern[str]) -> None:
        """Ask a question and wait for the whole answer."""
        self._input.fill(question)
        self.send(answer)

    def send(self, answer: str | re.Pattern[str]) -> None:
        """Send what is in the input and wait for the whole answer."""
        self._send.click()
        expect(self._answers).to_have_count(self._asked + 1)
        self._asked += 1
        expect(self._answers.last).to_have_text(answer)
        expect(self._input).to_have_value("")

    def ask_for(self, question: str, components: Sequence[str]) -> None:
        """Ask a question and wait for an answer of components."""
        self._input.fill(question)
        self._send.click()
        expect(self._answers).to_have_count(self._asked + 1)
        self._asked += 1
        for component in components:
            expect(self._answers.last.locator(_COMPONENTS[component])).to_be_visible()

    def choose_example(self, question: str) -> None:
        """Choose an example question from the menu, which fills the input."""
        self.page.locator('[id$="-example-questions-button"]').click()
        self.page.locator(".chat-example-question-item").get_by_text(question, exact=True).click()
        expect(self._input).to_have_value(question)

    def attach(self, *files: FilePayload) -> None:
        """Choose files to go with the next question, and wait until they are there."""
        self.page.locator('input[type="file"]').set_input_files(list(files))
        expect(self.page.locator(".chat-file-preview .chat-file-chip-title")).to_have_text([f["name"] for f in files])
        expect(self.page.locator(".chat-file-preview .chat-file-chip-uploading")).to_have_count(0)

    def files(self) -> list[str]:
        """The names of the files in the conversation."""
        names = self._conversation.locator(".chat-user-attachments .chat-file-chip-title")
        return [_plain(name) for name in names.all_inner_texts()]

    def go_to(self, title: str) -> None:
        """Go to another page of the dashboard."""
        # Vizro's navigation may be folded in.
        self.page.get_by_role("link", name=title, exact=True, include_hidden=True).first.dispatch_event("click")
        expect(self.page.locator("#page-title")).to_have_text(title)

    def reload(self) -> None:
        """Load the page again, and wait for the conversation."""
        self.page.reload()
        expect(self._answers).to_have_count(self._asked)

    def bubbles(self) -> Bubbles:
        """Who said what, as it is shown; of an answer of components its Markdown, and which components it has."""
        return [self._bubble(bubble) for bubble in self._conversation.locator(".chat-message-bubble").all()]

    def _bubble(self, bubble: Locator) -> tuple[str, str]:
        role = "user" if "chat-user-message" in (bubble.get_attribute("class") or "") else "assistant"
        components = [name for name, selector in _COMPONENTS.items() if bubble.locator(selector).count()]
        if not components:
            return role, _plain(bubble.inner_text())
        return role, f"{_plain(bubble.locator('p').first.inner_text())} + {', '.join(components)}"


def _plain(text: str) -> str:
    return " ".join(text.split())
