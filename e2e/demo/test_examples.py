"""Every example runs as it stands."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from vizro_ws_chat.testing import AppProcess, Scenario, ScriptedOpenAI, serve_development
from vizro_ws_chat.testing.chat_page import ChatPage

EXAMPLES = Path(__file__).parents[2] / "examples"
OF_A_MODEL = sorted(app.parent for app in EXAMPLES.glob("*/app.py") if "OpenAI" in app.read_text(encoding="utf-8"))


@pytest.fixture(params=OF_A_MODEL, ids=lambda folder: folder.name)
def example(request: pytest.FixtureRequest, upstream: ScriptedOpenAI) -> Iterator[AppProcess]:
    env = {"OPENAI_BASE_URL": upstream.base_url, "OPENAI_API_KEY": upstream.api_key}
    with serve_development(request.param / "app.py", env=env) as process:
        yield process


def test_example_answers(example: AppProcess, page: Page, upstream: ScriptedOpenAI) -> None:
    upstream.on("example", Scenario("It runs."))
    page.goto(example.url)
    chat = ChatPage(page)
    chat.root.wait_for(state="attached")
    if not chat.root.is_visible():
        page.locator(".chat-popup-toggle").click()
    chat.send("example?")
    chat.wait_for_answer("It runs.")
    chat.wait_until_ready()
    expect(chat.assistant_messages).to_have_text("It runs.")


def test_every_example_is_driven() -> None:
    elsewhere = {"ask_the_user", "charts_in_stream", "components", "guides", "history", "plain_dash"}
    assert {folder.name for folder in EXAMPLES.iterdir()} == {*(folder.name for folder in OF_A_MODEL), *elsewhere}


@contextmanager
def asked(example: str, question: str, page: Page) -> Iterator[ChatPage]:
    """Serve an example that needs no model, ask one of its questions and wait for the end of the answer."""
    with serve_development(EXAMPLES / example / "app.py") as process:
        page.goto(process.url)
        chat = ChatPage(page)
        page.get_by_role("button", name=question).click()
        chat.wait_until_ready()
        yield chat


def test_components_example_answers_with_a_chart_and_a_table(page: Page) -> None:
    with asked("components", "What about Europe?", page) as chat:
        answer = chat.assistant_messages
        expect(answer).to_contain_text("Europe in 2007:")
        expect(answer.locator(".js-plotly-plot .main-svg").first).to_be_visible()
        expect(answer.locator(".ag-row").first).to_be_visible()
        page.get_by_role("button", name="And Asia?").click()
        expect(chat.assistant_messages.last).to_contain_text("Asia in 2007:")


def test_plain_dash_example_knows_the_page(page: Page) -> None:
    with asked("plain_dash", "Where do people live longest?", page) as chat:
        expect(chat.assistant_messages).to_contain_text("Iceland: 81.8 years")


def test_charts_in_stream_example_draws_while_it_speaks(page: Page) -> None:
    with asked("charts_in_stream", "Africa and Asia?", page) as chat:
        answer = chat.assistant_messages
        expect(answer).to_contain_text("Life expectancy in Asia, Africa, year by year")
        expect(answer).to_contain_text("life-expectancy.csv")
        expect(answer.locator(".progress-bar")).to_have_attribute("aria-valuenow", "100")
        expect(chat.sources).to_contain_text("Gapminder")
        answer.get_by_role("button", name="Pin to the page").first.click()
        expect(page.locator("#board .js-plotly-plot .main-svg").first).to_be_visible()


def test_history_example_finds_a_conversation_again(page: Page, tmp_path: Path) -> None:
    app = tmp_path / "app.py"  # its database stands beside it
    shutil.copy(EXAMPLES / "history" / "app.py", app)
    with serve_development(app) as process:
        page.goto(process.url)
        chat = ChatPage(page)
        page.get_by_role("button", name="Tell me about Norway").click()
        chat.wait_until_ready()
        expect(chat.assistant_messages).to_contain_text("4.6 million people")
        page.get_by_role("button", name="Conversations").click()
        page.get_by_role("button", name="New chat").click()
        expect(chat.messages).to_have_count(0)
        page.get_by_role("button", name="Norway", exact=True).click()
        expect(chat.assistant_messages).to_contain_text("4.6 million people")


def test_ask_the_user_example_asks_three_times(page: Page) -> None:
    with serve_development(EXAMPLES / "ask_the_user" / "app.py") as process:
        page.goto(process.url)
        chat = ChatPage(page)
        page.get_by_role("button", name="Order a report").click()
        chat.choose_answer("Sales")
        chat.asked.last.get_by_label("Recipient").fill("Board")
        chat.asked.last.get_by_role("button", name="Send answer").click()
        chat.choose_answer("Print")
        chat.wait_until_ready()
        expect(chat.assistant_messages).to_contain_text("The Sales report is on its way to Board.")
        expect(chat.steps).to_contain_text("print_report")
