"""Files on their way to an answer: chosen, pasted, dropped, refused, kept and shown."""

from __future__ import annotations

import base64
import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import urljoin

import pytest
from playwright.sync_api import BrowserContext, FilePayload, Locator, Page, Route, expect

from e2e.conftest import Watch
from vizro_ws_chat.testing import AppProcess
from vizro_ws_chat.testing.chat_page import ChatPage

PNG = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAgAAAAICAIAAABLbSncAAAAEUlEQVR42mN4EauPFTEMLQkAhSRdASZI1ScAAAAASUVORK5CYII="
)
GONE = "A file of this message is no longer on the server. Please attach it to a new one."
CSV = "Größe;1\n".encode()


@pytest.fixture(scope="module")
def app_env(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    return {
        "VIZRO_WS_CHAT_UPLOAD_FOLDER": str(tmp_path_factory.mktemp("uploads")),
        "VIZRO_WS_CHAT_MAX_UPLOAD_BYTES": "100000",
        "VIZRO_WS_CHAT_MAX_UPLOADS_PER_MESSAGE": "3",
    }


@pytest.fixture
def chat(page: Page, app: AppProcess) -> ChatPage:
    page.goto(app.url)
    return ChatPage(page)


def file(name: str, kind: str, content: bytes) -> FilePayload:
    return {"name": name, "mimeType": kind, "buffer": content}


def data_url(kind: str, content: bytes) -> str:
    return f"data:{kind};base64,{base64.b64encode(content).decode()}"


def seen(chat: ChatPage) -> Any:
    """What the action was given for the last answer."""
    chat.wait_until_ready()
    expect(chat.assistant_messages.last.locator("code")).to_contain_text("uploaded_files")
    return json.loads(chat.assistant_messages.last.locator("pre code").inner_text())


def transfer(page: Page, *names: str) -> Any:
    return page.evaluate_handle(
        """(names) => {
            const transfer = new DataTransfer();
            names.forEach((name) => transfer.items.add(new File(["x"], name, {type: "text/plain"})));
            return transfer;
        }""",
        list(names),
    )


def hold_uploads(page: Page) -> list[Route]:
    """Keep uploads from beginning; those that would, come to be in the list."""
    held: list[Route] = []

    def hold(route: Route) -> None:
        held.append(route)

    page.route("**/upload?*", hold)
    return held


def expect_attached(chat: ChatPage, *names: str) -> None:
    expect(chat.attachments).to_have_count(len(names))
    expect(chat.attachments.locator(".chat-file-chip-title")).to_have_text(list(names))
    for chip in chat.attachments.all():
        expect(chip).to_have_attribute("data-status", "taken")


def is_drawn(image: Locator) -> bool:
    return bool(image.evaluate("(image) => image.decode().then(() => image.naturalWidth > 0, () => false)"))


def test_the_button_attaches_files_that_the_action_gets_as_with_the_peer(chat: ChatPage) -> None:
    chat.input.focus()
    with chat.page.expect_file_chooser() as choosing:
        chat.attach_button.press("Enter")
    assert choosing.value.is_multiple()
    choosing.value.set_files([file("pixel.png", "image/png", PNG), file("Umsätze.csv", "text/csv", CSV)])
    expect_attached(chat, "pixel.png", "Umsätze.csv")
    expect(chat.attachments.locator(".chat-file-chip-subtitle").last).to_have_text("CSV · 10 B")
    assert is_drawn(chat.attachments.locator("img"))
    chat.send("What is this?")
    files = [
        {"filename": "pixel.png", "content": data_url("image/png", PNG)},
        {"filename": "Umsätze.csv", "content": data_url("text/csv", CSV)},
    ]
    assert seen(chat) == {"uploaded_files": files, "attachments": [files]}
    expect(chat.attachments).to_have_count(0)
    chat.send("And now?")
    expect(chat.assistant_messages).to_have_count(2)
    assert seen(chat) == {"uploaded_files": None, "attachments": [files, []]}


def test_an_image_is_pasted_and_sent_without_a_word(chat: ChatPage, context: BrowserContext) -> None:
    context.grant_permissions(["clipboard-read", "clipboard-write"])
    chat.page.evaluate(
        """async (url) => {
            const blob = await (await fetch(url)).blob();
            await navigator.clipboard.write([new ClipboardItem({"image/png": blob})]);
        }""",
        data_url("image/png", PNG),
    )
    expect(chat.send_button).to_have_css("opacity", "0.35")
    chat.input.press("ControlOrMeta+v")
    expect_attached(chat, "image.png")
    expect(chat.send_button).to_have_css("opacity", "1")
    chat.input.press("Enter")
    [pasted] = seen(chat)["uploaded_files"]
    assert pasted["content"].startswith("data:image/png;base64,")
    expect(chat.user_messages).to_be_hidden()
    expect(chat.sent_files).to_have_count(1)


def test_pasted_text_is_text(chat: ChatPage, context: BrowserContext) -> None:
    context.grant_permissions(["clipboard-read", "clipboard-write"])
    chat.page.evaluate("navigator.clipboard.writeText('only words')")
    chat.input.press("ControlOrMeta+v")
    expect(chat.input).to_have_value("only words")
    expect(chat.attachments).to_have_count(0)


def test_files_are_dropped_anywhere_on_the_chat(chat: ChatPage) -> None:
    dropped = transfer(chat.page, "a.txt", "b.txt")
    place = chat.root.locator('[data-chat-part="transcript"]')
    place.dispatch_event("dragenter", {"dataTransfer": dropped})
    overlay = chat.root.locator(".chat-drop-overlay")
    expect(overlay).to_be_visible()
    place.dispatch_event("drop", {"dataTransfer": dropped})
    expect(overlay).to_have_count(0)
    expect_attached(chat, "a.txt", "b.txt")
    chat.send("Both?")
    assert [each["filename"] for each in seen(chat)["uploaded_files"]] == ["a.txt", "b.txt"]


def test_what_is_too_large_or_too_much_is_refused_with_a_word(chat: ChatPage) -> None:
    chat.attach(file("large.bin", "", b"x" * 100_001), file("small.bin", "", b"x" * 100_000))
    expect(chat.file_note).to_have_text("large.bin is too large: at most 100 KB can be attached.")
    expect(chat.file_note).to_have_attribute("role", "alert")
    expect_attached(chat, "small.bin")
    chat.attach(*[file(f"{number}.txt", "text/plain", b"x") for number in range(3)])
    expect(chat.file_note).to_have_text("At most 3 files can be attached to a message.")
    expect_attached(chat, "small.bin", "0.txt", "1.txt")


def test_files_of_another_type_are_refused_by_their_content_too(page: Page, app: AppProcess, watch: Watch) -> None:
    watch.expect("415")
    page.goto(f"{app.url}images")
    chat = ChatPage(page)
    chat.attach(file("table.csv", "text/csv", CSV))
    expect(chat.file_note).to_have_text("table.csv can't be attached: files of this type are not taken here.")
    chat.attach(file("fake.png", "image/png", b"MZ\x90\0"))
    expect(chat.attachments).to_contain_text("Files of this type can't be attached here.")
    chat.input.fill("Go")
    chat.input.press("Enter")
    expect(chat.file_note).to_contain_text("not uploaded")
    expect(chat.user_messages).to_have_count(0)
    chat.root.get_by_role("button", name="Remove fake.png").click()
    expect(chat.attachments).to_have_count(0)
    expect(chat.input).to_be_focused()
    chat.input.press("Enter")
    assert seen(chat)["uploaded_files"] is None


def test_a_file_that_is_removed_goes_from_the_server_too(chat: ChatPage) -> None:
    chat.attach(file("a.png", "image/png", PNG), file("b.png", "image/png", PNG))
    expect(chat.attachments.locator(".chat-file-chip-subtitle").filter(has_text="PNG")).to_have_count(2)
    with chat.page.expect_response(lambda response: response.request.method == "DELETE") as removed:
        chat.root.get_by_role("button", name="Remove a.png").click()
    assert removed.value.status == 204
    assert chat.page.request.get(removed.value.url).status == 404
    # The other is not concerned, and stays also when its message was sent.
    chat.send("What is this?")
    assert [attached["filename"] for attached in seen(chat)["uploaded_files"]] == ["b.png"]
    link = chat.sent_files.locator("a").get_attribute("href")
    url = urljoin(chat.page.url, link or "")
    headers = {"X-Vizro-WS-Chat": "1", "Origin": chat.page.url.rstrip("/")}
    assert chat.page.request.delete(url, headers=headers).status == 204
    assert chat.page.request.get(url).status == 200


def test_a_message_waits_for_its_files_and_a_failed_upload_can_be_tried_again(chat: ChatPage, watch: Watch) -> None:
    watch.expect("ERR_FAILED")
    held = hold_uploads(chat.page)
    with chat.page.expect_request("**/upload?*"):
        chat.attach(file("a.txt", "text/plain", b"x"))
    chat.input.fill("Now?")
    chat.input.press("Enter")
    expect(chat.file_note).to_contain_text("still being uploaded")
    held.pop().abort()
    expect(chat.attachments).to_contain_text("The upload failed.")
    chat.page.unroute_all()
    chat.root.get_by_role("button", name="Upload a.txt again").click()
    expect_attached(chat, "a.txt")
    expect(chat.file_note).to_have_count(0)
    chat.input.press("Enter")
    assert len(seen(chat)["uploaded_files"]) == 1


def test_a_file_that_is_removed_on_its_way_does_not_come(chat: ChatPage) -> None:
    held = hold_uploads(chat.page)
    with chat.page.expect_request("**/upload?*"):
        chat.attach(file("a.txt", "text/plain", b"x"))
    with chat.page.expect_event("requestfailed", lambda request: "/upload?" in request.url):
        chat.root.get_by_role("button", name="Remove a.txt").click()
    expect(chat.attachments).to_have_count(0)
    held.pop().abort()
    chat.page.unroute_all()
    chat.attach(file("b.txt", "text/plain", b"x"))
    expect_attached(chat, "b.txt")
    chat.send("Which?")
    assert [each["filename"] for each in seen(chat)["uploaded_files"]] == ["b.txt"]


def test_files_survive_another_page_and_a_reload_before_and_after_they_are_sent(chat: ChatPage) -> None:
    chat.attach(file("pixel.png", "image/png", PNG))
    expect_attached(chat, "pixel.png")
    chat.page.get_by_role("link", name="None").click()
    expect(chat.page.locator("#none")).to_be_visible()
    chat.page.get_by_role("link", name="Any").click()
    expect_attached(chat, "pixel.png")
    chat.page.reload()
    expect_attached(chat, "pixel.png")
    assert is_drawn(chat.attachments.locator("img"))
    chat.send("This")
    assert len(seen(chat)["uploaded_files"]) == 1
    chat.page.reload()
    expect(chat.sent_files).to_have_text(re.compile("pixel.png"))
    assert is_drawn(chat.sent_files.locator("img"))
    expect(chat.attachments).to_have_count(0)
    chat.send("Again")
    expect(chat.assistant_messages).to_have_count(2)
    assert len(seen(chat)["attachments"][0]) == 1


def test_an_edited_question_keeps_its_files(chat: ChatPage) -> None:
    chat.attach(file("pixel.png", "image/png", PNG))
    expect_attached(chat, "pixel.png")
    chat.send("This")
    chat.wait_until_ready()
    chat.edit(chat.user_messages.last, "That")
    expect(chat.user_messages.last).to_have_text("That")
    assert len(seen(chat)["uploaded_files"]) == 1
    expect(chat.sent_files).to_have_count(1)


def test_a_file_is_its_owners_and_never_runs(
    chat: ChatPage, app: AppProcess, new_context: Callable[..., BrowserContext]
) -> None:
    chat.attach(file("page.html", "text/html", b"<script>alert(1)</script>"), file("pixel.png", "image/png", PNG))
    expect_attached(chat, "page.html", "pixel.png")
    chat.send("These")
    chat.wait_until_ready()
    urls = [urljoin(app.url, str(link.get_attribute("href"))) for link in chat.sent_files.locator("a").all()]
    page, image = (chat.page.request.get(url) for url in urls)
    assert page.headers["content-type"] == "application/octet-stream"
    assert page.headers["content-disposition"].startswith("attachment")
    assert image.headers["content-type"] == "image/png"
    assert image.body() == PNG
    stranger = new_context()
    assert stranger.request.get(app.url).ok
    assert [stranger.request.get(url).status for url in urls] == [404, 404]


def test_what_is_no_longer_on_the_server_is_told(chat: ChatPage, app_env: dict[str, str], watch: Watch) -> None:
    watch.expect("404")
    chat.attach(file("pixel.png", "image/png", PNG))
    expect_attached(chat, "pixel.png")
    expire(app_env)
    chat.send("This")
    expect(chat.failures).to_have_text(re.compile(re.escape(GONE)))
    chat.page.reload()
    expect(chat.sent_files).to_contain_text("no longer on the server")
    expect(chat.sent_files.locator("a")).to_have_count(0)


def expire(app_env: dict[str, str]) -> None:
    """Let all files of the app be over their time."""
    for path in Path(app_env["VIZRO_WS_CHAT_UPLOAD_FOLDER"]).rglob("*"):
        if path.is_file():
            path.unlink()


@pytest.mark.parametrize("again", ["Regenerate", "Retry", "Edit"])
def test_a_question_whose_file_has_expired_is_asked_in_a_new_message(
    chat: ChatPage, app_env: dict[str, str], watch: Watch, again: str
) -> None:
    watch.expect("404")
    chat.attach(file("pixel.png", "image/png", PNG))
    expect_attached(chat, "pixel.png")
    if again == "Retry":
        expire(app_env)
    chat.send("This")
    chat.wait_until_ready()
    expire(app_env)
    if again == "Edit":
        chat.edit(chat.user_messages.last, "That")
    elif again == "Retry":
        chat.retry()
    else:
        chat.press(chat.assistant_messages.last, "Regenerate")
    expect(chat.failures).to_have_text(re.compile(re.escape(GONE)))
    chat.wait_until_ready()
    # What it says helps.
    chat.attach(file("pixel.png", "image/png", PNG))
    expect_attached(chat, "pixel.png")
    chat.send("This again")
    assert [each["filename"] for each in seen(chat)["uploaded_files"]] == ["pixel.png"]


def test_a_list_of_many_files_shows_what_has_come_and_what_has_failed(
    page: Page, app: AppProcess, watch: Watch
) -> None:
    watch.expect("415")
    page.set_viewport_size({"width": 390, "height": 700})
    page.goto(f"{app.url}images")
    chat = ChatPage(page)
    held = hold_uploads(page)
    with page.expect_request("**/upload?*"):
        chat.attach(file("fake.png", "image/png", b"MZ\x90\0"))
    for name in ("1.png", "2.png"):
        chat.attach(file(name, "image/png", PNG))
    expect(chat.attachments.last.get_by_role("button", name="Remove 2.png")).to_be_in_viewport(ratio=1)
    expect(chat.attachments.first.locator(".chat-file-chip-title")).not_to_be_in_viewport(ratio=0.5)
    held[0].continue_()
    expect(chat.attachments.first).to_contain_text("Files of this type")
    expect(chat.attachments.first).to_be_in_viewport(ratio=1)
    page.unroute_all()


def test_a_chat_without_files_takes_none(page: Page, app: AppProcess) -> None:
    page.goto(f"{app.url}none")
    chat = ChatPage(page)
    chat.input.focus()
    expect(chat.attach_button).to_have_count(0)
    chat.root.dispatch_event("dragenter", {"dataTransfer": transfer(page, "a.txt")})
    expect(page.locator(".chat-drop-overlay")).to_have_count(0)
    response = page.request.post(
        f"{app.url}_vizro_ws_chat/upload?chat=none",
        data=b"x",
        headers={"Content-Type": "application/octet-stream", "X-Vizro-WS-Chat": "1", "Origin": app.url.rstrip("/")},
    )
    assert response.status == 403
    assert response.json()[0]["code"] == "no-uploads"
