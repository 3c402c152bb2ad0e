"""How a chat gets into each of its states."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from urllib.parse import urljoin

from playwright.sync_api import expect

from screenshots.answers import ANSWERS, TABLE
from vizro_ws_chat.testing import Gate, Scenario, ScriptedOpenAI
from vizro_ws_chat.testing.chat_page import ChatPage

QUESTION = "Which region grew fastest?"
LONG_THREAD = [QUESTION, "Plot the orders by day", "How is revenue counted?"] * 4
# What draws code and diagrams is loaded when it is first needed, and a busy machine takes its time.
PATIENCE_MS = 60_000
PICTURE = (Path(__file__).parent / "orders.png").read_bytes()
SHEET = b"Region;Orders\nNorth;1204\nSouth;987\nEast;1530\n"
STALL_UPLOADS = """() => {
    XMLHttpRequest.prototype.send = function () {
        this.upload.onprogress(new ProgressEvent("progress", { loaded: 45, total: 100 }));
    };
}"""


def script(upstream: ScriptedOpenAI) -> None:
    """Teach the model its answers."""
    for word, answer in ANSWERS.items():
        upstream.on(word, Scenario(answer))
    # Neither is ever released: the picture is taken while the answer is like that.
    upstream.on("Wait", Scenario([TABLE], before_headers=Gate()))
    begin, place, rest = TABLE.partition("| East")
    upstream.on("Tell", Scenario([begin, place + rest], hold_after={1: Gate()}))
    upstream.on("Fail", Scenario(status=400))


def ask(chat: ChatPage, question: str) -> None:
    """Ask, and wait for the whole answer."""
    count = chat.assistant_messages.count()
    chat.send(question)
    expect(chat.assistant_messages).to_have_count(count + 1)
    # As painted; the button tells it a little earlier.
    expect(chat.root).to_have_attribute("data-chat-status", "ready", timeout=PATIENCE_MS)


def open_file_chat(chat: ChatPage) -> None:
    """Go to the page where files can be attached."""
    chat.page.goto(urljoin(chat.page.url, "files"))
    expect(chat.attach_button).to_be_visible()


def empty(chat: ChatPage) -> None:
    """Nothing has been asked."""
    expect(chat.send_button).to_have_accessible_name("Send message")
    expect(chat.root.get_by_role("button", name=QUESTION)).to_be_visible()


def waiting(chat: ChatPage) -> None:
    """A question was asked and no word of the answer is there."""
    chat.send("Wait for the figures of today")
    expect(chat.root.locator(".chat-loading-message")).to_be_visible()


def streaming(chat: ChatPage) -> None:
    """An answer is coming."""
    chat.send("Tell me about the regions")
    chat.wait_for_answer("South")


def answer(chat: ChatPage) -> None:
    """An answer with a table."""
    ask(chat, QUESTION)


def code(chat: ChatPage) -> None:
    """An answer with code, in colours."""
    ask(chat, "Plot the orders by day")
    expect(chat.root.locator("pre code span").first).to_be_visible(timeout=PATIENCE_MS)


def formula(chat: ChatPage) -> None:
    """An answer with formulas."""
    ask(chat, "How is revenue counted?")
    expect(chat.root.locator(".katex-display")).to_be_visible(timeout=PATIENCE_MS)


def diagram(chat: ChatPage) -> None:
    """An answer with a diagram."""
    ask(chat, "What becomes of an order?")
    expect(chat.root.get_by_role("img", name="Diagram")).to_be_visible(timeout=PATIENCE_MS)


def stopped(chat: ChatPage) -> None:
    """An answer that was stopped."""
    streaming(chat)
    chat.stop()
    expect(chat.stopped_notes).to_be_visible()


def error(chat: ChatPage) -> None:
    """An answer that failed."""
    chat.send("Fail, please")
    expect(chat.failures).to_be_visible()


def pending(chat: ChatPage) -> None:
    """A question that could not be sent yet."""
    ask(chat, QUESTION)
    chat.page.context.set_offline(True)
    chat.send("And which one shrank?")
    expect(chat.pending_notes).to_be_visible()
    expect(chat.connection_line).to_contain_text("You are offline.")


def editor(chat: ChatPage) -> None:
    """A question is being changed."""
    ask(chat, QUESTION)
    chat.user_messages.last.hover()
    chat.root.get_by_role("button", name="Edit", exact=True).click()
    expect(chat.root.get_by_role("button", name="Save", exact=True)).to_be_visible()


def feedback(chat: ChatPage) -> None:
    """An answer was rated, and a comment may be added."""
    ask(chat, QUESTION)
    chat.assistant_messages.last.hover()
    chat.root.get_by_role("button", name="Bad answer", exact=True).click()
    expect(chat.root.get_by_role("button", name="Send comment", exact=True)).to_be_visible()


def versions(chat: ChatPage) -> None:
    """An answer has two versions."""
    ask(chat, QUESTION)
    chat.assistant_messages.last.hover()
    chat.root.get_by_role("button", name="Regenerate", exact=True).click()
    expect(chat.root.get_by_role("button", name="Previous version", exact=True)).to_be_visible()
    chat.wait_until_ready()
    chat.assistant_messages.last.hover()


def suggestions(chat: ChatPage) -> None:
    """An answer suggests what to ask next."""
    ask(chat, "Which region grew fastest, and which is next?")
    expect(chat.suggestions).to_have_count(3)


def menu(chat: ChatPage) -> None:
    """The conversation's menu is open."""
    ask(chat, QUESTION)
    chat.root.get_by_role("button", name="Conversation menu", exact=True).click()
    expect(chat.root.get_by_role("menu")).to_be_visible()


def examples(chat: ChatPage) -> None:
    """The menu of example questions is open."""
    ask(chat, QUESTION)
    chat.wait_for_answer("has not changed since last year")
    chat.root.get_by_role("button", name="Show example questions", exact=True).click()
    expect(chat.root.get_by_role("menu")).to_be_visible()


def cleared(chat: ChatPage) -> None:
    """A conversation was cleared and can be brought back."""
    menu(chat)
    chat.root.get_by_role("menuitem", name="Clear conversation", exact=True).click()
    expect(chat.root.get_by_role("button", name="Undo", exact=True)).to_be_visible()


def thread(chat: ChatPage) -> None:
    """A long conversation, somewhere in its middle, opened anew."""
    for question in LONG_THREAD:
        ask(chat, question)
    chat.page.reload()
    expect(chat.assistant_messages).to_have_count(len(LONG_THREAD))
    # A table, which is text until it comes near.
    middle = chat.assistant_messages.nth(len(LONG_THREAD) // 2)
    middle.scroll_into_view_if_needed()
    expect(middle.locator("table")).to_be_visible()
    middle.scroll_into_view_if_needed()
    expect(chat.root.get_by_role("button", name="Scroll to latest message")).to_be_visible()


def right_to_left(chat: ChatPage) -> None:
    """A conversation in a script that is written from right to left."""
    ask(chat, "أي منطقة نمت أسرع؟")


def attached(chat: ChatPage) -> None:
    """Files are to go with the next message: there, on their way, refused."""
    open_file_chat(chat)
    chat.attach(
        {"name": "orders.png", "mimeType": "image/png", "buffer": PICTURE},
        {"name": "Orders of the last two years, by region.csv", "mimeType": "text/csv", "buffer": SHEET},
        {"name": "no picture.png", "mimeType": "image/png", "buffer": b"no picture"},
    )
    chips = chat.attachments
    for index, status in enumerate(["taken", "taken", "failed"]):
        expect(chips.nth(index)).to_have_attribute("data-status", status)
    chat.page.evaluate(STALL_UPLOADS)
    chat.attach(
        {"name": "returns.xlsx", "mimeType": "", "buffer": SHEET},
        {"name": "all returns.xlsx", "mimeType": "", "buffer": bytes(10_000_001)},
    )
    expect(chips.nth(3)).to_have_text(re.compile("Uploading… 45 %"))
    expect(chat.file_note).to_contain_text("too large")


def drop(chat: ChatPage) -> None:
    """A file is dragged over the chat."""
    open_file_chat(chat)
    dragged = chat.page.evaluate_handle(
        "() => { const files = new DataTransfer(); files.items.add(new File([], 'orders.csv')); return files; }"
    )
    chat.root.dispatch_event("dragenter", {"dataTransfer": dragged})
    expect(chat.root.locator(".chat-drop-overlay")).to_be_visible()


def files(chat: ChatPage) -> None:
    """A question with files, one of which is no longer on the server."""
    open_file_chat(chat)
    chat.attach(
        {"name": "orders.png", "mimeType": "image/png", "buffer": PICTURE},
        {"name": "returns.png", "mimeType": "image/png", "buffer": PICTURE},
        {"name": "Orders of the last two years, by region.csv", "mimeType": "text/csv", "buffer": SHEET},
    )
    for chip in chat.attachments.all():
        expect(chip).to_have_attribute("data-status", "taken")
    ask(chat, "Which of these regions grew fastest?")
    gone = chat.sent_files.nth(1).locator("a").get_attribute("href")
    chat.page.route(f"**{gone}", lambda route: route.fulfill(status=404))
    chat.page.reload()
    expect(chat.sent_files.nth(1)).to_contain_text("no longer on the server")
    expect(chat.root.locator("table")).to_be_visible()


def conversations(chat: ChatPage) -> None:
    """The list of conversations is open, with what can be done with one of them."""
    chat.page.goto(urljoin(chat.page.url, "kept"))
    for question in ("How is revenue counted?", "Plot the orders by day, with a moving average over two weeks"):
        ask(chat, question)
        chat.choose("New chat")
        expect(chat.messages).to_have_count(0)
    ask(chat, QUESTION)
    chat.root.get_by_role("button", name="Conversations", exact=True).click()
    titles = chat.root.locator(".chat-thread-title")
    expect(titles).to_have_count(3)
    titles.nth(1).hover()
    chat.root.locator(".chat-thread-more").nth(1).click()
    expect(chat.root.get_by_role("menu")).to_be_visible()


def deleting(chat: ChatPage) -> None:
    """One of the conversations is to be deleted, if its reader means it."""
    conversations(chat)
    chat.root.get_by_role("menuitem", name="Delete", exact=True).click()
    expect(chat.root.get_by_role("button", name="Cancel", exact=True)).to_be_visible()


def open_parts_chat(chat: ChatPage) -> None:
    """Go to the page whose answers are more than text."""
    chat.page.goto(urljoin(chat.page.url, "parts"))
    expect(chat.root).to_be_visible()


def parts(chat: ChatPage) -> None:
    """An answer with steps, a source, a chart and a file, which asks what to do next."""
    open_parts_chat(chat)
    chat.send("Which region has grown?")
    expect(chat.asked).to_be_visible(timeout=PATIENCE_MS)
    expect(chat.root.locator(".js-plotly-plot .main-svg").first).to_be_visible(timeout=PATIENCE_MS)


def asking(chat: ChatPage) -> None:
    """An answer that asks its reader to fill in a form, in which something is wrong."""
    open_parts_chat(chat)
    chat.send("Print a report")
    chat.asked.get_by_label("Recipient").fill("Board")
    chat.asked.get_by_label("Copies").evaluate("field => { field.removeAttribute('max'); field.value = 50; }")
    chat.asked.get_by_role("button", name="Send answer").click()
    expect(chat.asked.get_by_text("less than or equal to 20")).to_be_visible()


STATES: dict[str, Callable[[ChatPage], None]] = {
    "empty": empty,
    "waiting": waiting,
    "streaming": streaming,
    "answer": answer,
    "code": code,
    "formula": formula,
    "diagram": diagram,
    "stopped": stopped,
    "error": error,
    "pending": pending,
    "editor": editor,
    "feedback": feedback,
    "versions": versions,
    "suggestions": suggestions,
    "menu": menu,
    "examples": examples,
    "cleared": cleared,
    "thread": thread,
    "conversations": conversations,
    "deleting": deleting,
    "right-to-left": right_to_left,
    "attached": attached,
    "drop": drop,
    "files": files,
    "parts": parts,
    "asking": asking,
}
