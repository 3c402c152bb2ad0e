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
    from playwright.sync_api import FilePayload, Locator, Page


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
        return self.root.locator("textarea.chat-input")

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
    def views(self) -> Locator:
        """The messages that their author shows in place of bubbles, with `message_to_html`."""
        return self.root.locator(".chat-message-view")

    @property
    def thoughts(self) -> Locator:
        """What was thought before answers, folded."""
        return self.root.locator(".chat-reasoning")

    @property
    def steps(self) -> Locator:
        """Tools that answers have called, folded."""
        return self.root.locator(".chat-tool")

    @property
    def sources(self) -> Locator:
        """The entries of the lists of sources below answers."""
        return self.root.locator(".chat-source")

    @property
    def asked(self) -> Locator:
        """What answers ask their reader, or have asked."""
        return self.root.locator(".chat-ask")

    @property
    def suggestions(self) -> Locator:
        """The questions that the last answer suggests."""
        return self.root.locator(".chat-suggestion")

    @property
    def answers(self) -> list[str]:
        """The visible text of all answers."""
        return self.assistant_messages.all_inner_texts()

    @property
    def stopped_notes(self) -> Locator:
        """The marks below answers that were stopped."""
        return self.root.locator(".chat-message-note").filter(has_text="Stopped")

    @property
    def failures(self) -> Locator:
        """What is said below answers that failed or were interrupted."""
        return self.root.locator(".chat-message-error, .chat-message-interrupted")

    @property
    def retry_button(self) -> Locator:
        """The button that asks again; only below the last answer."""
        return self.root.get_by_role("button", name="Retry", exact=True)

    @property
    def notice(self) -> Locator:
        """The sentence about the chat itself, above the text area."""
        return self.root.locator(".chat-notice")

    @property
    def connection_line(self) -> Locator:
        """The word about the connection, above the text area, while something waits for it."""
        return self.root.locator(".chat-connection-sentence")

    @property
    def try_now_button(self) -> Locator:
        """The button beside it that does not wait for the next attempt."""
        return self.root.get_by_role("button", name="Try now", exact=True)

    @property
    def pending_notes(self) -> Locator:
        """The marks below messages that have not been sent yet."""
        return self.root.locator(".chat-message-pending")

    @property
    def withdraw_button(self) -> Locator:
        """The button that takes back a message that has not been sent yet."""
        return self.root.get_by_role("button", name="Withdraw", exact=True)

    @property
    def waiting_messages(self) -> Locator:
        """The messages that were sent while an answer was being written, and are still to be asked or read."""
        return self.root.locator(".chat-message-waiting")

    @property
    def send_now_button(self) -> Locator:
        """The button that asks a queued message after Stop or an error."""
        return self.root.get_by_role("button", name="Send now", exact=True)

    @property
    def steers(self) -> Locator:
        """What answers have taken of what was said while they were being written."""
        return self.root.locator(".chat-steer")

    @property
    def attach_button(self) -> Locator:
        """The button that lets files be chosen, where they can be attached."""
        return self.root.locator('[data-chat-part="attach"]')

    @property
    def attachments(self) -> Locator:
        """The files above the text area, to go with the next message."""
        return self.root.locator(".chat-file-preview .chat-file-chip")

    @property
    def sent_files(self) -> Locator:
        """The files of the messages of the conversation."""
        return self.root.locator(".chat-user-attachment")

    @property
    def file_note(self) -> Locator:
        """Why files can't be attached, or be sent yet."""
        return self.root.locator(".chat-file-note")

    @property
    def menu_button(self) -> Locator:
        """The button of the menu of the conversation."""
        return self.root.get_by_role("button", name="Conversation menu", exact=True)

    @property
    def examples_button(self) -> Locator:
        """The button of the menu of example questions."""
        return self.root.get_by_role("button", name="Show example questions", exact=True)

    @property
    def empty_state(self) -> Locator:
        """What is shown while there is no conversation: the assistant and its example questions."""
        return self.root.locator(".chat-empty")

    @property
    def cleared_line(self) -> Locator:
        """The word that the conversation was cleared, above the text area."""
        return self.root.locator(".chat-cleared-sentence")

    @property
    def editor(self) -> Locator:
        """The text area of a question that is being edited."""
        return self.root.locator(".chat-message-editor textarea")

    @property
    def error_reference(self) -> str:
        """The reference id of the last failed answer, under which the server's log has more."""
        return self.failures.last.locator(".chat-message-reference").inner_text().split()[-1]

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

    def attach(self, *files: FilePayload) -> None:
        """Choose files to go with the next message."""
        self.root.locator("input[type=file]").set_input_files(list(files), timeout=self._timeout_ms)

    def retry(self) -> None:
        """Press Retry on the last message."""
        self.retry_button.click(timeout=self._timeout_ms)

    def actions(self, bubble: Locator) -> Locator:
        """The row of buttons below a message's bubble."""
        return bubble.locator("xpath=..").locator(".chat-message-actions")

    def press(self, bubble: Locator, name: str) -> None:
        """Press a button below a message, such as "Copy", "Edit", "Regenerate", "Good answer" or "Next version"."""
        bubble.hover(timeout=self._timeout_ms)
        self.actions(bubble).get_by_role("button", name=name, exact=True).click(timeout=self._timeout_ms)

    def edit(self, bubble: Locator, text: str) -> None:
        """Ask something else in place of one of the user's messages."""
        self.press(bubble, "Edit")
        self.editor.fill(text)
        self.root.get_by_role("button", name="Save", exact=True).click(timeout=self._timeout_ms)

    def comment(self, text: str) -> None:
        """Give the reason for a rating, after "Good answer" or "Bad answer"."""
        self.root.locator(".chat-feedback-form textarea").fill(text)
        self.root.get_by_role("button", name="Send comment", exact=True).click(timeout=self._timeout_ms)

    def choose(self, name: str) -> None:
        """Choose from the menu of the conversation: "Export as Markdown" or "Clear conversation"."""
        self.menu_button.click(timeout=self._timeout_ms)
        self.root.get_by_role("menuitem", name=name, exact=True).click(timeout=self._timeout_ms)

    def undo_clear(self) -> None:
        """Bring a cleared conversation back."""
        self.root.get_by_role("button", name="Undo", exact=True).click(timeout=self._timeout_ms)

    def choose_answer(self, option: str) -> None:
        """Answer what is asked with one of its options."""
        self.root.locator('.chat-ask[data-state="open"]').get_by_role("button", name=option, exact=True).click()

    def wait_until_generating(self) -> None:
        """Wait until an answer is being generated."""
        self.root.get_by_role("button", name="Stop", exact=True).wait_for(timeout=self._timeout_ms)

    def wait_until_ready(self) -> None:
        """Wait until no answer is being generated."""
        self.root.get_by_role("button", name="Send message", exact=True).wait_for(timeout=self._timeout_ms)

    def wait_for_answer(self, text: str) -> None:
        """Wait until an answer holds `text`."""
        self.assistant_messages.filter(has_text=text).last.wait_for(timeout=self._timeout_ms)
