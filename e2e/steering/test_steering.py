"""Messages that are sent while an answer is written: queued, or said into it; over reloads and lost connections."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from e2e.conftest import Watch
from vizro_ws_chat.testing import AppProcess
from vizro_ws_chat.testing.chat_page import ChatPage

TRANSPORTS = ["websocket", "sse"]


@pytest.fixture(params=TRANSPORTS)
def queue(request: pytest.FixtureRequest, page: Page, app: AppProcess) -> ChatPage:
    page.goto(f"{app.url}queue-{request.param}")
    return ChatPage(page)


@pytest.fixture(params=TRANSPORTS)
def deliver(request: pytest.FixtureRequest, page: Page, app: AppProcess) -> ChatPage:
    page.goto(f"{app.url}deliver-{request.param}")
    return ChatPage(page)


def begin(chat: ChatPage, prompt: str, answer: str) -> None:
    chat.send(prompt)
    chat.wait_until_generating()
    chat.wait_for_answer(answer)


class TestQueue:
    def test_it_is_asked_when_the_answer_is_complete(self, queue: ChatPage) -> None:
        begin(queue, "slow", "slow:")
        queue.send("two")
        queue.send("three")
        expect(queue.waiting_messages).to_have_count(2)
        expect(queue.waiting_messages.first).to_contain_text("twoQueued")
        expect(queue.input).to_be_focused()
        queue.choose_answer("Go on")
        queue.wait_for_answer("| slow / two / three")
        expect(queue.waiting_messages).to_have_count(0)
        expect(queue.user_messages).to_have_text(["slow", "two", "three"])

    def test_it_can_be_withdrawn(self, queue: ChatPage) -> None:
        begin(queue, "slow", "slow:")
        queue.send("two")
        queue.withdraw_button.click()
        expect(queue.waiting_messages).to_have_count(0)
        expect(queue.input).to_have_value("two")
        queue.choose_answer("Go on")
        queue.wait_until_ready()
        expect(queue.user_messages).to_have_text(["slow"])

    def test_after_stop_its_reader_sends_it(self, queue: ChatPage) -> None:
        begin(queue, "slow", "slow:")
        queue.send("two")
        queue.stop()
        expect(queue.stopped_notes).to_have_count(1)
        expect(queue.send_now_button).to_be_visible()
        queue.page.reload()
        queue.send_now_button.click()
        queue.wait_for_answer("| slow / two")
        expect(queue.waiting_messages).to_have_count(0)

    def test_an_error_holds_it_until_something_else_was_answered(self, queue: ChatPage) -> None:
        begin(queue, "slow to fail", "slow to fail:")
        queue.send("two")
        queue.choose_answer("Go on")
        expect(queue.failures).to_be_visible()
        expect(queue.send_now_button).to_be_visible()
        queue.send("instead")
        queue.wait_for_answer("| slow to fail / instead / two")

    def test_a_reload_and_another_page_keep_it(self, queue: ChatPage) -> None:
        begin(queue, "slow", "slow:")
        queue.send("two")
        queue.page.reload()
        expect(queue.waiting_messages).to_contain_text("twoQueued")
        queue.page.get_by_role("link", name="Home").click()
        expect(queue.root).to_have_count(0)
        queue.page.go_back()
        expect(queue.waiting_messages).to_contain_text("twoQueued")
        queue.choose_answer("Go on")
        queue.wait_for_answer("| slow / two")

    def test_files_go_along(self, queue: ChatPage) -> None:
        begin(queue, "slow", "slow:")
        queue.attach({"name": "a.csv", "mimeType": "text/csv", "buffer": b"a;b"})
        expect(queue.attachments).to_have_attribute("data-status", "taken")
        queue.send("two")
        expect(queue.attachments).to_have_count(0)
        expect(queue.waiting_messages.get_by_text("a.csv")).to_be_visible()
        queue.choose_answer("Go on")
        queue.wait_for_answer("| slow / two")
        expect(queue.sent_files).to_have_count(1)


class TestDeliver:
    def test_it_becomes_a_part_of_the_answer(self, deliver: ChatPage) -> None:
        begin(deliver, "sales", "On sales.")
        deliver.send("Europe")
        deliver.wait_for_answer("Now with Europe.")
        deliver.send("<b>2026</b> & more")
        deliver.wait_for_answer("Now with <b>2026</b> & more.")
        expect(deliver.steers.locator("b")).to_have_count(0)
        deliver.send("finish")
        deliver.wait_until_ready()
        expect(deliver.waiting_messages).to_have_count(0)
        expect(deliver.steers).to_have_text(["You: Europe", "You: <b>2026</b> & more", "You: finish"])
        deliver.page.reload()
        expect(deliver.steers).to_have_count(3)
        expect(deliver.assistant_messages).to_have_count(1)
        deliver.send("brief")
        deliver.wait_for_answer("Done.")
        deliver.wait_until_ready()
        begin(deliver, "again", "On again.")
        deliver.send("finish")
        deliver.wait_for_answer("user sales / assistant On sales.  / user Europe / assistant Now with Europe.")

    def test_a_reload_in_between(self, deliver: ChatPage) -> None:
        begin(deliver, "sales", "On sales.")
        deliver.send("Europe")
        deliver.wait_for_answer("Now with Europe.")
        deliver.page.reload()
        expect(deliver.steers).to_have_text(["You: Europe"])
        deliver.send("finish")
        deliver.wait_until_ready()
        expect(deliver.steers).to_have_text(["You: Europe", "You: finish"])

    def test_without_a_network_it_arrives_later_and_once(self, deliver: ChatPage, watch: Watch) -> None:
        watch.expect("ERR_INTERNET_DISCONNECTED")
        begin(deliver, "sales", "On sales.")
        deliver.page.context.set_offline(True)
        deliver.send("Europe")
        expect(deliver.waiting_messages).to_have_count(1)
        expect(deliver.connection_line).to_be_visible()
        deliver.page.context.set_offline(False)
        deliver.wait_for_answer("Now with Europe.")
        deliver.send("finish")
        deliver.wait_until_ready()
        expect(deliver.steers).to_have_text(["You: Europe", "You: finish"])

    def test_what_the_answer_has_not_taken_is_asked_next(self, deliver: ChatPage) -> None:
        begin(deliver, "deaf", "On deaf.")
        deliver.send("brief")
        expect(deliver.waiting_messages).to_contain_text("briefNot read yet")
        deliver.choose_answer("Go on")
        deliver.wait_for_answer("On brief. Done.")
        expect(deliver.waiting_messages).to_have_count(0)
        expect(deliver.user_messages).to_have_text(["deaf", "brief"])
        expect(deliver.steers).to_have_count(0)

    def test_after_stop_its_reader_decides(self, deliver: ChatPage) -> None:
        begin(deliver, "deaf", "On deaf.")
        deliver.send("brief")
        deliver.page.keyboard.press("Escape")
        expect(deliver.stopped_notes).to_have_count(1)
        expect(deliver.send_now_button).to_be_visible()
        deliver.withdraw_button.click()
        expect(deliver.input).to_have_value("brief")

    def test_while_the_answer_asks(self, deliver: ChatPage) -> None:
        begin(deliver, "asking", "On asking.")
        expect(deliver.asked).to_have_attribute("data-state", "open")
        deliver.send("Europe")
        expect(deliver.waiting_messages).to_contain_text("Not read yet")
        deliver.choose_answer("This")
        deliver.wait_for_answer("Now with Europe.")
        deliver.stop()

    def test_async_generators_are_told_too(self, page: Page, app: AppProcess) -> None:
        page.goto(f"{app.url}async")
        chat = ChatPage(page)
        begin(chat, "Go", "Begun.")
        chat.send("Europe")
        chat.wait_for_answer("Now with Europe.")


class TestComposer:
    def test_both_buttons_are_there_on_a_phone(self, page: Page, app: AppProcess) -> None:
        page.set_viewport_size({"width": 390, "height": 700})
        page.goto(f"{app.url}queue-websocket")
        chat = ChatPage(page)
        begin(chat, "slow", "slow:")
        send = chat.root.get_by_role("button", name="Queue message")
        stop = chat.root.get_by_role("button", name="Stop", exact=True)
        for button in (send, stop):
            box = button.bounding_box()
            assert box is not None
            assert box["x"] + box["width"] <= 390
        left, right = send.bounding_box(), stop.bounding_box()
        assert left is not None
        assert right is not None
        assert 4 <= right["x"] - left["x"] - left["width"] <= 16
        chat.input.fill("two")
        send.click()
        expect(chat.waiting_messages).to_be_in_viewport()
        assert page.evaluate("document.documentElement.scrollWidth") <= 390
        stop.click()
        expect(chat.stopped_notes).to_have_count(1)
        expect(send).to_be_hidden()

    def test_where_nothing_is_chosen_nothing_can_be_sent(self, page: Page, app: AppProcess) -> None:
        page.goto(f"{app.url}wait")
        chat = ChatPage(page)
        begin(chat, "slow", "slow:")
        chat.input.fill("two")
        chat.input.press("Enter")
        expect(chat.input).to_have_value("two")
        expect(chat.waiting_messages).to_have_count(0)
        expect(chat.root.locator(".chat-steer-button")).to_have_count(0)
        chat.stop()
