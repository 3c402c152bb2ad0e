"""A Playwright page object for a chat, for the tests of dashboards that hold one.

Example:
    ```python
    def test_answers(page, app_url):
        page.goto(app_url)
        chat = ChatPage(page, "chat")
        chat.send("Hello")
        chat.wait_until_ready()
        assert "Hello" in chat.answers[-1]
    ```
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from playwright.sync_api import Locator, Page


class ChatPage:
    """One chat on a page in a browser.

    Args:
        page: Playwright's page, where the dashboard is open.
        chat_id: The chat's id; `None` when the page holds only one.
        timeout: Seconds that each wait may take.
    """

    def __init__(self, page: Page, chat_id: str | None = None, *, timeout: float = 15.0) -> None:
        self.page = page
        self.root: Locator = page.locator(f'[id="{chat_id}"]' if chat_id else "[data-vizro-ws-chat]")
        self._timeout_ms = timeout * 1000

    @property
    def input(self) -> Locator:
        """The text area."""
        return self.root.locator("textarea")

    @property
    def send_button(self) -> Locator:
        """The button that sends, or stops while an answer is being generated."""
        return self.root.locator('[data-chat-part="send"]')

    @property
    def messages(self) -> Locator:
        """All message bubbles."""
        return self.root.locator(".chat-message-bubble")

    @property
    def user_messages(self) -> Locator:
        """The user's bubbles."""
        return self.root.locator(".chat-user-message")

    @property
    def assistant_messages(self) -> Locator:
        """The answers' bubbles."""
        return self.root.locator(".chat-assistant-message")

    @property
    def answers(self) -> list[str]:
        """The visible text of all answers."""
        return self.assistant_messages.all_inner_texts()

    @property
    def stopped_notes(self) -> Locator:
        """The marks below answers that were stopped."""
        return self.root.locator(".chat-message-note").filter(has_text="Stopped")

    @property
    def alerts(self) -> Locator:
        """What is said below answers that failed or were interrupted."""
        return self.root.get_by_role("alert")

    @property
    def retry_button(self) -> Locator:
        """The button that asks again; only below the last answer."""
        return self.root.get_by_role("button", name="Retry", exact=True)

    @property
    def notice(self) -> Locator:
        """The sentence about the chat itself, above the text area."""
        return self.root.locator(".chat-notice")

    @property
    def error_reference(self) -> str:
        """The reference id of the last failed answer, under which the server's log has more."""
        return self.alerts.last.locator(".chat-message-reference").inner_text().split()[-1]

    @property
    def is_generating(self) -> bool:
        """Whether the button is the Stop button."""
        return self.send_button.get_attribute("aria-label") == "Stop"

    def send(self, text: str) -> None:
        """Type a message and press Enter."""
        self.input.fill(text)
        self.input.press("Enter")

    def stop(self) -> None:
        """Press Stop."""
        self.root.get_by_role("button", name="Stop", exact=True).click(timeout=self._timeout_ms)

    def retry(self) -> None:
        """Press Retry on the last message."""
        self.retry_button.click(timeout=self._timeout_ms)

    def wait_until_generating(self) -> None:
        """Wait until an answer is being generated."""
        self.root.get_by_role("button", name="Stop", exact=True).wait_for(timeout=self._timeout_ms)

    def wait_until_ready(self) -> None:
        """Wait until no answer is being generated."""
        self.root.get_by_role("button", name="Send message", exact=True).wait_for(timeout=self._timeout_ms)

    def wait_for_answer(self, text: str) -> None:
        """Wait until an answer holds `text`."""
        self.assistant_messages.filter(has_text=text).last.wait_for(timeout=self._timeout_ms)
