"""Conversations that the server keeps: found again in a list, opened, continued, renamed, deleted."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import BrowserContext, Locator, Page, Route, expect

from e2e.conftest import Watch
from vizro_ws_chat.testing import AppProcess, Gate, Scenario, ScriptedOpenAI
from vizro_ws_chat.testing.chat_page import ChatPage

PHONE = {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True}
WAIT_SECONDS = 15


@pytest.fixture(scope="module")
def app_env(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    return {"VIZRO_WS_CHAT_HISTORY": f"sqlite:///{tmp_path_factory.mktemp('history') / 'history.db'}"}


@pytest.fixture(scope="module", autouse=True)
def scripted(upstream: ScriptedOpenAI) -> None:
    for word in ("apples", "pears", "plums", "cherries"):
        upstream.on(word, Scenario(f"All about {word}."))


@pytest.fixture(params=["websocket", "sse"])
def transport(request: pytest.FixtureRequest) -> str:
    return str(request.param)


class Conversations:
    """The list of conversations of a chat."""

    def __init__(self, chat: ChatPage) -> None:
        self.button = chat.root.get_by_role("button", name="Conversations", exact=True)
        self.panel = chat.root.locator(".chat-threads")
        self.titles = self.panel.locator(".chat-thread-title")
        self.search = self.panel.get_by_role("searchbox", name="Search conversations")

    def open(self) -> None:
        self.button.click()
        expect(self.panel).to_be_visible()

    def title(self, text: str) -> Locator:
        return self.titles.filter(has_text=text)

    def choose(self, title: str, item: str) -> None:
        self.title(title).hover()
        self.panel.get_by_role("button", name=f"Options of {title}", exact=True).click()
        self.panel.get_by_role("menuitem", name=item, exact=True).click()


def open_chat(page: Page, app: AppProcess, chat_id: str) -> ChatPage:
    page.goto(f"{app.url}{chat_id}")
    chat = ChatPage(page, chat_id)
    expect(chat.send_button).to_have_accessible_name("Send message")
    return chat


def ask(chat: ChatPage, question: str, answer: str) -> None:
    chat.send(question)
    chat.wait_for_answer(answer)
    chat.wait_until_ready()


def two_conversations(chat: ChatPage) -> Conversations:
    """Ask about apples, then in another conversation about pears, and open the list."""
    ask(chat, "apples, please", "All about apples.")
    chat.choose("New chat")
    expect(chat.messages).to_have_count(0)
    expect(chat.input).to_be_focused()
    ask(chat, "pears, please", "All about pears.")
    conversations = Conversations(chat)
    conversations.open()
    expect(conversations.titles).to_have_text(["pears, please", "apples, please"])
    return conversations


def test_conversations_are_listed_opened_and_continued(
    page: Page, app: AppProcess, upstream: ScriptedOpenAI, transport: str
) -> None:
    chat = open_chat(page, app, transport)
    conversations = two_conversations(chat)
    expect(conversations.panel.get_by_role("heading", name="Today")).to_be_visible()
    expect(conversations.title("pears")).to_have_attribute("aria-current", "true")

    conversations.title("apples").click()
    expect(chat.user_messages).to_have_text(["apples, please"])
    expect(chat.assistant_messages).to_have_text(["All about apples."])
    expect(conversations.title("apples")).to_have_attribute("aria-current", "true")
    expect(chat.input).to_be_focused()
    ask(chat, "plums, please", "All about plums.")
    assert [(message["role"], message["content"]) for message in upstream.requests[-1].messages] == [
        ("user", "apples, please"),
        ("assistant", "All about apples."),
        ("user", "plums, please"),
    ]
    expect(conversations.titles).to_have_text(["apples, please", "pears, please"])


def test_nothing_is_asked_of_the_server_before_the_list_is_opened(page: Page, app: AppProcess) -> None:
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url) if "/threads" in request.url else None)
    chat = open_chat(page, app, "websocket")
    ask(chat, "apples, please", "All about apples.")
    assert asked == []
    Conversations(chat).open()
    expect(Conversations(chat).titles).to_have_count(1)
    assert len(asked) == 1


def test_a_conversation_is_renamed_and_found(page: Page, app: AppProcess, transport: str) -> None:
    chat = open_chat(page, app, transport)
    conversations = two_conversations(chat)
    conversations.choose("apples, please", "Rename")
    field = conversations.panel.get_by_label("Title of the conversation")
    field.fill("Orchard")
    with page.expect_response(lambda response: response.request.method == "PATCH") as renamed:
        field.press("Enter")
    assert renamed.value.status == 200
    page.reload()
    conversations.open()
    expect(conversations.titles).to_have_text(["pears, please", "Orchard"])

    # In a title, in what was asked, in what was answered.
    for text, found in [
        ("ORCH", ["Orchard"]),
        ("apples, PLEASE", ["Orchard"]),
        ("all about pears", ["pears, please"]),
    ]:
        conversations.search.fill(text)
        expect(conversations.titles).to_have_text(found)
    conversations.search.fill("quinces")
    expect(conversations.panel).to_contain_text("No conversation has this in it.")
    conversations.search.fill("")
    expect(conversations.titles).to_have_count(2)


def test_a_title_is_written_on_while_its_conversation_moves_up(
    page: Page, app: AppProcess, upstream: ScriptedOpenAI
) -> None:
    gate = Gate()
    upstream.on("story", Scenario(["Once upon ", "a time."], hold_after={1: gate}))
    chat = open_chat(page, app, "websocket")
    conversations = two_conversations(chat)
    conversations.title("apples").click()
    expect(chat.assistant_messages).to_have_text(["All about apples."])
    chat.send("story, please")
    chat.wait_for_answer("Once upon")
    conversations.choose("apples, please", "Rename")
    field = conversations.panel.get_by_label("Title of the conversation")
    page.keyboard.type("Orch")
    gate.release()
    expect(conversations.titles).to_have_text(["apples, please", "pears, please"])
    page.keyboard.type("ard")
    expect(field).to_have_value("Orchard")
    chat.input.focus()
    expect(conversations.titles).to_have_text(["Orchard", "pears, please"])


def test_who_goes_on_to_the_end_of_the_list_by_keyboard_is_there(page: Page, app: AppProcess) -> None:
    threads = [{"id": f"{n:020}", "title": f"Question {n}", "updated": 100 - n} for n in range(60)]

    def give(route: Route) -> None:
        is_last = "before=" in route.request.url
        body = {"threads": threads[50:], "next": None} if is_last else {"threads": threads[:50], "next": "next"}
        route.fulfill(json=body)

    chat = open_chat(page, app, "websocket")
    page.route("**/threads?*", give)
    conversations = Conversations(chat)
    conversations.open()
    conversations.panel.get_by_role("button", name="Show more").focus()
    page.keyboard.press("Enter")
    expect(conversations.title("Question 50")).to_be_focused()
    page.keyboard.press("Escape")
    expect(conversations.panel).to_be_hidden()


def test_who_writes_when_the_list_comes_over_the_conversation_is_in_the_list(page: Page, app: AppProcess) -> None:
    chat = open_chat(page, app, "websocket")
    conversations = Conversations(chat)
    conversations.open()
    chat.input.focus()
    page.set_viewport_size({"width": 640, "height": 800})
    expect(conversations.panel).to_have_attribute("role", "dialog")
    page.keyboard.press("Escape")
    expect(conversations.panel).to_be_hidden()


def test_a_deleted_conversation_is_gone(page: Page, app: AppProcess, transport: str) -> None:
    chat = open_chat(page, app, transport)
    conversations = two_conversations(chat)
    for title in ("apples, please", "pears, please"):
        conversations.choose(title, "Delete")
        expect(conversations.panel).to_contain_text(f"Delete “{title}” for good?")
        conversations.panel.get_by_role("button", name="Delete", exact=True).click()
        expect(conversations.title(title)).to_have_count(0)
    # The second was the one that is shown.
    expect(chat.messages).to_have_count(0)
    page.reload()
    expect(chat.empty_state).to_be_visible()
    conversations.open()
    expect(conversations.panel).to_contain_text("Your conversations will be here.")


def test_one_that_was_deleted_elsewhere_can_not_be_opened(page: Page, app: AppProcess, watch: Watch) -> None:
    watch.expect("404")
    chat = open_chat(page, app, "websocket")
    conversations = two_conversations(chat)
    other = open_chat(page.context.new_page(), app, "websocket")
    there = Conversations(other)
    there.open()
    there.choose("apples, please", "Delete")
    there.panel.get_by_role("button", name="Delete", exact=True).click()
    expect(there.titles).to_have_count(1)

    conversations.title("apples").click()
    expect(conversations.panel).to_contain_text("It may have been deleted elsewhere.")
    expect(conversations.titles).to_have_count(1)
    expect(chat.user_messages).to_have_text(["pears, please"])


def test_one_that_goes_on_after_it_was_deleted_elsewhere_is_there_again_and_can_be_opened(
    page: Page, app: AppProcess
) -> None:
    chat = open_chat(page, app, "websocket")
    ask(chat, "apples, please", "All about apples.")
    conversations = Conversations(open_chat(page.context.new_page(), app, "websocket"))
    conversations.open()
    conversations.choose("apples, please", "Delete")
    conversations.panel.get_by_role("button", name="Delete", exact=True).click()
    expect(conversations.titles).to_have_count(0)

    ask(chat, "plums, please", "All about plums.")
    again = open_chat(page.context.new_page(), app, "websocket")
    conversations = Conversations(again)
    conversations.open()
    conversations.title("apples").click()
    expect(again.user_messages).to_have_text(["apples, please", "plums, please"])
    expect(again.assistant_messages).to_have_text(["All about apples.", "All about plums."])
    # What nobody knows the run of can be rated and asked again as all else.
    again.press(again.assistant_messages.first, "Good answer")
    expect(again.root.get_by_role("button", name="Good answer").first).to_have_attribute("aria-pressed", "true")
    again.edit(again.user_messages.first, "pears, please")
    again.wait_for_answer("All about pears.")
    again.wait_until_ready()
    again.press(again.user_messages.first, "Previous version")
    expect(again.assistant_messages).to_have_text(["All about apples.", "All about plums."])
    expect(again.root.get_by_role("button", name="Good answer").first).to_have_attribute("aria-pressed", "true")


def test_a_reload_stays_in_the_conversation(page: Page, app: AppProcess, upstream: ScriptedOpenAI) -> None:
    chat = open_chat(page, app, "websocket")
    conversations = two_conversations(chat)
    conversations.title("apples").click()
    expect(chat.assistant_messages).to_have_text(["All about apples."])
    page.reload()
    expect(chat.assistant_messages).to_have_text(["All about apples."])
    ask(chat, "cherries, please", "All about cherries.")
    assert len(upstream.requests[-1].messages) == 3
    conversations.open()
    expect(conversations.titles).to_have_count(2)
    expect(conversations.title("apples")).to_have_attribute("aria-current", "true")


def test_another_browser_sees_nothing(page: Page, app: AppProcess, new_context: Callable[..., BrowserContext]) -> None:
    two_conversations(open_chat(page, app, "websocket"))
    other = Conversations(open_chat(new_context().new_page(), app, "websocket"))
    other.open()
    expect(other.panel).to_contain_text("Your conversations will be here.")


def test_what_is_kept_outlasts_the_server_and_the_tab(
    page: Page, app: AppProcess, upstream: ScriptedOpenAI, context: BrowserContext
) -> None:
    two_conversations(open_chat(page, app, "websocket"))
    page.close()
    app.kill()
    app.start()
    chat = open_chat(context.new_page(), app, "websocket")
    expect(chat.messages).to_have_count(0)
    conversations = Conversations(chat)
    conversations.open()
    conversations.title("pears").click()
    expect(chat.assistant_messages).to_have_text(["All about pears."])
    ask(chat, "apples, again", "All about apples.")
    assert upstream.requests[-1].messages[0]["content"] == "pears, please"


def test_versions_and_ratings_come_back(page: Page, app: AppProcess, context: BrowserContext) -> None:
    chat = open_chat(page, app, "websocket")
    ask(chat, "apples, please", "All about apples.")
    chat.edit(chat.user_messages.last, "pears, please")
    chat.wait_for_answer("All about pears.")
    chat.wait_until_ready()
    chat.press(chat.assistant_messages.last, "Good answer")
    expect(chat.root.get_by_role("button", name="Good answer")).to_have_attribute("aria-pressed", "true")
    page.close()

    again = open_chat(context.new_page(), app, "websocket")
    conversations = Conversations(again)
    conversations.open()
    conversations.titles.first.click()
    expect(again.user_messages).to_have_text(["pears, please"])
    expect(again.root.get_by_role("button", name="Good answer")).to_have_attribute("aria-pressed", "true")
    again.press(again.user_messages.last, "Previous version")
    expect(again.assistant_messages).to_have_text(["All about apples."])


def test_a_live_answer_goes_on_where_it_is(
    page: Page, app: AppProcess, upstream: ScriptedOpenAI, transport: str
) -> None:
    gate = Gate()
    upstream.on("story", Scenario(["Once upon ", "a time."], hold_after={1: gate}))
    chat = open_chat(page, app, transport)
    conversations = two_conversations(chat)
    chat.choose("New chat")
    chat.send("story, please")
    chat.wait_for_answer("Once upon")
    expect(conversations.title("story, please")).to_have_count(1)

    conversations.title("apples").click()
    expect(chat.assistant_messages).to_have_text(["All about apples."])
    chat.wait_until_ready()
    conversations.title("story, please").click()
    chat.wait_for_answer("Once upon")
    chat.wait_until_generating()
    conversations.title("pears").click()
    expect(chat.assistant_messages).to_have_text(["All about pears."])
    gate.release()
    # Nothing of it comes into this one.
    ask(chat, "plums, please", "All about plums.")
    expect(chat.assistant_messages).to_have_text(["All about pears.", "All about plums."])
    conversations.title("story, please").click()
    expect(chat.assistant_messages).to_have_text(["Once upon a time."])
    chat.wait_until_ready()


def test_the_list_says_when_the_server_is_away(page: Page, app: AppProcess, watch: Watch) -> None:
    watch.expect("503|ERR_FAILED")
    chat = open_chat(page, app, "websocket")
    ask(chat, "apples, please", "All about apples.")
    page.route("**/threads?*", lambda route: route.fulfill(status=503))
    conversations = Conversations(chat)
    conversations.open()
    expect(conversations.panel).to_contain_text("Conversations can't be read at the moment.")
    page.unroute("**/threads?*")
    conversations.panel.get_by_role("button", name="Try again").click()
    expect(conversations.titles).to_have_count(1)


def test_on_a_phone_the_list_is_over_the_conversation(
    app: AppProcess, new_context: Callable[..., BrowserContext]
) -> None:
    chat = open_chat(new_context(**PHONE).new_page(), app, "websocket")
    ask(chat, "apples, please", "All about apples.")
    chat.choose("New chat")
    conversations = Conversations(chat)
    conversations.open()
    panel, root = conversations.panel.bounding_box(), chat.root.bounding_box()
    assert panel is not None
    assert panel == root
    for button in conversations.panel.get_by_role("button").all():
        box = button.bounding_box()
        assert box is not None
        assert min(box["width"], box["height"]) >= 44
    conversations.title("apples").tap()
    expect(conversations.panel).to_be_hidden()
    expect(chat.assistant_messages).to_have_text(["All about apples."])
    expect(chat.input).not_to_be_focused()


def test_in_a_popup(page: Page, app: AppProcess) -> None:
    page.goto(app.url)
    page.locator(".chat-popup-toggle").click()
    chat = ChatPage(page, "helper")
    ask(chat, "apples, please", "All about apples.")
    chat.choose("New chat")
    conversations = Conversations(chat)
    conversations.open()
    page.keyboard.press("Escape")
    expect(conversations.panel).to_be_hidden()
    expect(chat.root).to_be_visible()
    conversations.open()
    conversations.title("apples").click()
    expect(chat.assistant_messages).to_have_text(["All about apples."])
    expect(conversations.panel).to_be_hidden()


def test_all_of_it_by_keyboard(page: Page, app: AppProcess) -> None:
    chat = open_chat(page, app, "websocket")
    ask(chat, "apples, please", "All about apples.")
    chat.choose("New chat")
    ask(chat, "pears, please", "All about pears.")
    conversations = Conversations(chat)
    conversations.button.focus()
    page.keyboard.press("Enter")
    expect(conversations.search).to_be_focused()
    expect(conversations.titles).to_have_count(2)
    page.keyboard.press("ArrowDown")
    expect(conversations.title("pears")).to_be_focused()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Tab")
    expect(conversations.panel.get_by_role("button", name="Options of apples, please")).to_be_focused()
    page.keyboard.press("Enter")
    page.keyboard.press("Enter")
    expect(conversations.panel.get_by_label("Title of the conversation")).to_be_focused()
    page.keyboard.press("End")
    page.keyboard.type(" and trees")
    page.keyboard.press("Enter")
    expect(conversations.title("apples, please and trees")).to_be_focused()
    page.keyboard.press("Enter")
    expect(chat.assistant_messages).to_have_text(["All about apples."])
    expect(chat.input).to_be_focused()
    conversations.search.focus()
    page.keyboard.press("Escape")
    expect(conversations.panel).to_be_hidden()
    expect(conversations.button).to_be_focused()


def test_the_list_stands_beside_a_wide_conversation(page: Page, app: AppProcess) -> None:
    chat = open_chat(page, app, "websocket")
    conversations = two_conversations(chat)
    panel, composer = conversations.panel.bounding_box(), chat.root.locator(".chat-input-inner").bounding_box()
    assert panel is not None
    assert composer is not None
    assert panel["x"] + panel["width"] < composer["x"]
    page.evaluate("document.documentElement.dir = 'rtl'")
    panel, composer = conversations.panel.bounding_box(), chat.root.locator(".chat-input-inner").bounding_box()
    assert panel is not None
    assert composer is not None
    assert composer["x"] + composer["width"] < panel["x"]
    page.set_viewport_size({"width": 640, "height": 800})
    expect(conversations.panel).to_have_attribute("role", re.compile("dialog"))
