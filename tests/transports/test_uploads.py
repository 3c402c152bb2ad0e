from __future__ import annotations

import errno
import json
from collections.abc import Callable
from functools import cached_property
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from tests.transports.clients import SSEClient, Upload, WebSocketClient
from tests.transports.conftest import App
from tests.transports.making import CHAT, hello, new_run, send, types
from tests.waiting import wait_until
from vizro_ws_chat.protocol.codec import decode_server
from vizro_ws_chat.protocol.frames import FileRef, History, Send
from vizro_ws_chat.transports import attachments
from vizro_ws_chat.transports.owner import COOKIE
from vizro_ws_chat.uploads.store import UploadStore
from vizro_ws_chat.uploads.stored_file import StoredFile

PNG = b"\x89PNG\r\n\x1a\n" + b"\0" * 20
PAGE = b"<!doctype html><script>attack()</script>"
LIES = [
    PAGE,
    b"<svg xmlns='http://www.w3.org/2000/svg' onload='attack()'/>",
    b"<?xml version='1.0'?><x:script xmlns:x='http://www.w3.org/1999/xhtml'>attack()</x:script>",
    PNG + PAGE,
    b"GIF89a/*" + PAGE + b"*/=attack()",
    b"\xff\xd8\xff\xe0" + PAGE,
    b"%PDF-1.7 /JavaScript (attack())",
    b"PK\x03\x04" + PAGE,
    b"MZ\x90\0" + PAGE,
    b"\xff\xfe" + PAGE.decode().encode("utf-16-le"),
    b"+ADw-script+AD4-attack()",
    b"\0",
]
"""Contents that some browser once took for a page, whatever it was told."""

ADA, BOB = "a" * 32, "b" * 32
PATH = "/_vizro_ws_chat/upload"
MakeApp = Callable[..., App]


@pytest.fixture
def make_chat(make_app: MakeApp, tmp_path: Path) -> MakeApp:
    return lambda **settings: make_app(upload_folder=tmp_path, **settings)


@pytest.fixture
def chat(make_chat: MakeApp) -> App:
    return make_chat()


class Visitor:
    """A browser that sends files, with the cookie of its owner."""

    def __init__(self, app: App, token: str | None = ADA) -> None:
        self.client: FlaskClient = app.flask.test_client()
        if token:
            self.client.set_cookie(COOKIE, app.chats.cookie.value_of(token))

    def post(
        self, content: bytes = PNG, name: str = "a.png", kind: str = "image/png", chat: str = CHAT, **headers: Any
    ) -> TestResponse:
        named = {
            "Content-Type": "application/octet-stream",
            "X-Vizro-WS-Chat": "1",
            "X-Vizro-WS-Chat-File": quote(name),
            "X-Vizro-WS-Chat-File-Type": kind,
            "Origin": "http://localhost",
            **headers,
        }
        sent = {name: value for name, value in named.items() if value is not None}
        return self.client.post(PATH, query_string={"chat": chat}, data=content, headers=sent)

    def put(self, content: bytes = PNG, name: str = "a.png", kind: str = "image/png") -> FileRef:
        response = self.post(content, name, kind)
        assert response.status_code == 200, response.data
        [frame] = decode_server(response.data)
        file: FileRef = frame.file  # type: ignore[union-attr]
        return file

    def discard(self, upload_id: str, chat: str = CHAT, **headers: str | None) -> TestResponse:
        named = {"X-Vizro-WS-Chat": "1", "Origin": "http://localhost", **headers}
        sent = {name: value for name, value in named.items() if value is not None}
        return self.client.delete(f"{PATH}/{upload_id}", query_string={"chat": chat}, headers=sent)

    def get(self, upload_id: str, chat: str = CHAT, **headers: str) -> TestResponse:
        return self.client.get(f"{PATH}/{upload_id}", query_string={"chat": chat}, headers=headers, buffered=True)


def code_of(response: TestResponse) -> str:
    [frame] = decode_server(response.data)
    code: str = frame.code  # type: ignore[union-attr]
    return code


def files_in(folder: Path) -> list[Path]:
    return [path for path in folder.rglob("*") if path.is_file()]


# ---- up ----


def test_a_file_is_taken_and_named(chat: App) -> None:
    file = Visitor(chat).put(b"a;b", "../Umsätze 📈.csv", "text/csv")
    assert (file.name, file.size, file.type) == ("Umsätze 📈.csv", 3, "text/csv")


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": None},
        {"Origin": "http://evil.example"},
        {"X-Vizro-WS-Chat": None},
        {"Content-Type": "application/json"},
        {"Content-Type": "multipart/form-data"},
        {"Content-Type": "text/plain"},
    ],
)
def test_other_sites_and_forms_can_send_nothing(chat: App, headers: dict[str, Any], tmp_path: Path) -> None:
    response = Visitor(chat).post(**headers)
    assert (response.status_code, code_of(response)) == (403, "forbidden")
    assert files_in(tmp_path) == []


def test_a_chat_that_takes_no_files_refuses_them(chat: App) -> None:
    chat.responder.file_types = None
    response = Visitor(chat).post()
    assert (response.status_code, code_of(response)) == (403, "no-uploads")
    assert code_of(Visitor(chat).get("a" * 48)) == "unknown-file"  # its answers may have some


def test_a_chat_that_is_not_there_refuses_them(chat: App) -> None:
    response = Visitor(chat).post(chat="other")
    assert (response.status_code, code_of(response)) == (404, "unknown-chat")


def test_a_chat_with_a_login_refuses_who_is_not_logged_in(chat: App) -> None:
    chat.responder.owner = lambda: None
    response = Visitor(chat).post()
    assert (response.status_code, code_of(response)) == (401, "login")


def test_who_may_not_use_the_chat_gets_no_file_in_or_out(chat: App) -> None:
    ada = Visitor(chat)
    ref = ada.put()
    chat.responder.authorize = lambda request: False
    for response in (ada.post(), ada.get(ref.id), ada.discard(ref.id)):
        assert (response.status_code, code_of(response)) == (403, "denied")
    chat.responder.authorize = lambda request: True
    assert ada.get(ref.id).data == PNG


@pytest.mark.parametrize(
    ("settings", "code", "status"),
    [({"max_upload_bytes": 27}, "file-too-large", 413), ({"max_upload_total_bytes": 10_000}, "uploads-full", 507)],
)
def test_limits_are_refusals(
    make_chat: MakeApp, settings: dict[str, int], code: str, status: int, tmp_path: Path
) -> None:
    response = Visitor(make_chat(**settings)).post()
    assert (response.status_code, code_of(response)) == (status, code)
    assert files_in(tmp_path) == []


def test_flasks_own_limit_is_a_refusal_too(chat: App) -> None:
    chat.flask.config["MAX_CONTENT_LENGTH"] = 10
    response = Visitor(chat).post()
    assert (response.status_code, code_of(response)) == (413, "file-too-large")


@pytest.mark.parametrize(
    ("content", "name", "kind"),
    [(b"a;b", "a.csv", "text/csv"), (b"MZ", "a.png", "image/png"), (b"PK\x03\x04", "a.pdf", "application/pdf")],
)
def test_types_that_the_chat_does_not_take_are_refused(chat: App, content: bytes, name: str, kind: str) -> None:
    chat.responder.file_types = ["image/*", "application/pdf"]
    response = Visitor(chat).post(content, name, kind)
    assert (response.status_code, code_of(response)) == (415, "file-type")
    assert Visitor(chat).post().status_code == 200


def test_a_disk_that_takes_nothing_is_told_with_a_reference(chat: App, tmp_path: Path) -> None:
    Visitor(chat).put()
    [folder] = tmp_path.iterdir()
    folder.chmod(0o755)
    response = Visitor(chat).post()
    [frame] = decode_server(response.data)
    assert response.status_code == 500
    assert frame.ref  # type: ignore[union-attr]


def test_a_disk_that_is_full_is_told(chat: App, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*args: Any, **kwargs: Any) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(Path, "write_text", fail)
    response = Visitor(chat).post()
    assert (response.status_code, code_of(response)) == (507, "uploads-full")
    assert files_in(tmp_path) == []


def test_when_all_places_are_taken_an_upload_waits_for_its_turn(make_chat: MakeApp, tmp_path: Path) -> None:
    app = make_chat(max_connections=1, idle_seconds=60)
    with SSEClient(app.address, hello(), send()) as browser:
        browser.hear("accepted")
        response = Visitor(app).post()
        assert (response.status_code, code_of(response)) == (503, "busy")
        assert response.headers["Retry-After"]
        app.responder.finish("ok")
        browser.hear_the_end()
    wait_until(lambda: Visitor(app).post().status_code == 200, "a place")


def test_an_owner_may_send_so_many_in_a_time(make_chat: MakeApp) -> None:
    chat = make_chat(max_owner_frames_per_second=2)
    mine = Visitor(chat)
    for _ in range(2):
        mine.put()
    response = mine.post()
    assert (response.status_code, code_of(response), response.headers["Retry-After"]) == (429, "rate", "6")
    Visitor(chat, BOB).put()


def test_a_refused_one_holds_its_place_while_it_is_still_being_sent(make_chat: MakeApp) -> None:
    chat = make_chat(max_connections=1)
    chat.responder.file_types = None
    refused = Upload(chat.address, CHAT, "a.png", "image/png", len(PNG))
    wait_until(lambda: Visitor(chat).post().status_code == 503, "the place to be taken")
    refused.send(PNG)
    assert refused.answer()[1].code == "no-uploads"
    wait_until(lambda: code_of(Visitor(chat).post()) == "no-uploads", "the place to be free")


def test_one_that_breaks_off_leaves_nothing(chat: App, tmp_path: Path) -> None:
    upload = Upload(chat.address, CHAT, "a.png", "image/png", 100_000)
    upload.send(b"x" * 1_000)
    wait_until(lambda: len(files_in(tmp_path)) == 1, "the beginning of the file")
    upload.hang_up()
    wait_until(lambda: files_in(tmp_path) == [], "the end of it")


# ---- down ----


def test_an_image_can_be_looked_at(chat: App) -> None:
    visitor = Visitor(chat)
    response = visitor.get(visitor.put(name="Bär.png").id)
    assert response.data == PNG
    assert response.mimetype == "image/png"
    assert response.headers["Content-Disposition"].startswith("inline")


@pytest.mark.parametrize(
    ("content", "name", "kind"),
    [
        (b"<script>alert(1)</script>", "a.html", "text/html"),
        (b"<svg onload='alert(1)'/>", "a.svg", "image/svg+xml"),
        (b"<script>alert(1)</script>", "a.png", "image/png"),
        (b"%PDF-1.7", "a.pdf", "application/pdf"),
    ],
)
def test_anything_else_can_only_be_saved(chat: App, content: bytes, name: str, kind: str) -> None:
    visitor = Visitor(chat)
    response = visitor.get(visitor.put(content, name, kind).id)
    assert response.data == content
    assert response.mimetype == "application/octet-stream"
    assert response.headers["Content-Disposition"].startswith("attachment")


def test_nothing_in_a_file_is_ever_run(chat: App) -> None:
    visitor = Visitor(chat)
    headers = visitor.get(visitor.put().id).headers
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in headers["Content-Security-Policy"]
    assert "default-src 'none'" in headers["Content-Security-Policy"]
    assert headers["Cross-Origin-Resource-Policy"] == "same-origin"
    assert "private" in headers["Cache-Control"]


@pytest.mark.parametrize(
    "kind", ["image/png", "image/svg+xml", "text/html", "text/plain", "application/pdf", "x/y", ""]
)
@pytest.mark.parametrize("content", LIES, ids=range(len(LIES)))
@pytest.mark.parametrize("name", ["a.png", "a.html"])
def test_a_file_that_lies_is_never_shown_as_a_page(chat: App, content: bytes, kind: str, name: str) -> None:
    response = Visitor(chat).get(Visitor(chat).put(content, name, kind).id)
    shown, saved_as = response.headers["Content-Disposition"].partition(";")[0], response.mimetype
    assert response.headers["X-Content-Type-Options"] == "nosniff"
    assert response.headers["Content-Security-Policy"] == "default-src 'none'; sandbox"
    assert response.data == content
    response.close()
    if shown == "inline":
        assert (saved_as, content[:4]) in {
            ("image/png", b"\x89PNG"),
            ("image/gif", b"GIF8"),
            ("image/jpeg", b"\xff\xd8\xff\xe0"),
        }
    else:
        assert shown == "attachment"


def test_nobody_but_its_owner_gets_it(chat: App) -> None:
    file = Visitor(chat).put()
    for stranger in (Visitor(chat, BOB), Visitor(chat, None)):
        response = stranger.get(file.id)
        assert (response.status_code, code_of(response)) == (404, "unknown-file")
    assert Visitor(chat).get(file.id).status_code == 200


def test_who_follows_a_link_to_what_has_gone_reads_a_sentence(chat: App) -> None:
    accept = "text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,image/webp,*/*;q=0.8"  # Chromium's
    response = Visitor(chat).get("a" * 48, Accept=accept)
    assert (response.status_code, response.mimetype) == (404, "text/plain")
    assert response.text == "A file of this message is no longer on the server. Please attach it to a new one."


def test_the_owner_may_be_who_the_app_says(chat: App) -> None:
    names = ["ada"]
    chat.responder.owner = lambda: names[0]
    file = Visitor(chat, ADA).put()
    assert Visitor(chat, BOB).get(file.id).status_code == 200
    names[0] = "bob"
    assert Visitor(chat, ADA).get(file.id).status_code == 404


def test_pages_of_other_sites_get_nothing(chat: App) -> None:
    visitor = Visitor(chat)
    file = visitor.put()
    assert visitor.get(file.id, **{"Sec-Fetch-Site": "cross-site"}).status_code == 403
    assert visitor.get(file.id, **{"Sec-Fetch-Site": "same-origin"}).status_code == 200


def test_one_that_expires_while_it_is_looked_for_is_not_there(chat: App, monkeypatch: pytest.MonkeyPatch) -> None:
    visitor = Visitor(chat)
    file = visitor.put()
    find = UploadStore.path

    def find_and_delete(store: UploadStore, ref: FileRef) -> Path | None:
        path = find(store, ref)
        assert path is not None
        path.unlink()
        return path

    monkeypatch.setattr(UploadStore, "path", find_and_delete)
    response = visitor.get(file.id)
    assert (response.status_code, code_of(response)) == (404, "unknown-file")


# ---- away ----


def test_its_owner_lets_a_file_go_and_may_say_so_twice(chat: App, tmp_path: Path) -> None:
    visitor = Visitor(chat)
    file = visitor.put()
    for _ in range(2):
        response = visitor.discard(file.id)
        assert (response.status_code, response.data) == (204, b"")
    assert files_in(tmp_path) == []
    assert visitor.get(file.id).status_code == 404


def test_nobody_else_lets_it_go(chat: App) -> None:
    file = Visitor(chat).put()
    for stranger in (Visitor(chat, BOB), Visitor(chat, None)):
        assert stranger.discard(file.id).status_code == 204, "it is not told that it exists"
    assert Visitor(chat).get(file.id).status_code == 200


@pytest.mark.parametrize("headers", [{"Origin": None}, {"Origin": "http://evil.example"}, {"X-Vizro-WS-Chat": None}])
def test_other_sites_let_nothing_go(chat: App, headers: dict[str, Any]) -> None:
    visitor = Visitor(chat)
    file = visitor.put()
    response = visitor.discard(file.id, **headers)
    assert (response.status_code, code_of(response)) == (403, "forbidden")
    assert visitor.get(file.id).status_code == 200


def test_without_a_login_there_is_nothing_to_let_go(chat: App) -> None:
    visitor = Visitor(chat)
    assert code_of(visitor.discard("a" * 48, chat="other")) == "unknown-chat"
    chat.responder.owner = lambda: None
    assert code_of(visitor.discard("a" * 48)) == "login"


# ---- in a conversation, over both transports ----


@pytest.fixture(params=["websocket", "sse"])
def ask(request: pytest.FixtureRequest) -> Callable[..., list[Any]]:
    """Sends frames as Ada and returns those of the answer."""

    def over_websocket(app: App, *frames: Any) -> list[Any]:
        with WebSocketClient(app.address, headers=app.cookie_of(ADA)) as browser:
            browser.send(hello(), *frames)
            return browser.hear_until(_ends)

    def over_sse(app: App, *frames: Any) -> list[Any]:
        with SSEClient(app.address, hello(), *frames, headers=app.cookie_of(ADA)) as browser:
            return browser.hear_until(_ends)

    return over_websocket if request.param == "websocket" else over_sse


def _ends(frame: Any) -> bool:
    return frame.type in {"finish", "refused", "need-history"}


def with_files(*files: str, text: str | None = "What is this?", parent: str | None = None) -> Send:
    return Send(run=new_run(), parent=parent, text=text, files=list(files))


@pytest.fixture
def answering(chat: App) -> App:
    for _ in range(5):
        chat.responder.finish("ok")
    return chat


Ask = Callable[..., list[Any]]


def test_the_answer_is_made_with_the_files(answering: App, ask: Ask) -> None:
    visitor = Visitor(answering)
    image, text = visitor.put(), visitor.put(b"a;b", "b.csv", "text/csv")
    assert types(ask(answering, with_files(image.id, text.id)))[-1] == "finish"
    [attached] = answering.responder.attached
    assert attached == [
        ("a.png", "data:image/png;base64,iVBORw0KGgoAAAAAAAAAAAAAAAAAAAAAAAAAAA=="),
        ("b.csv", "data:text/csv;base64,YTti"),
    ]


def test_no_text_is_needed_with_a_file(answering: App, ask: Ask) -> None:
    assert types(ask(answering, with_files(Visitor(answering).put().id, text="")))[-1] == "finish"
    assert answering.responder.conversations == [[("user", "")]]


def test_files_of_earlier_messages_are_there_as_long_as_they_are_kept(answering: App, ask: Ask, tmp_path: Path) -> None:
    file = Visitor(answering).put()
    parent = ask(answering, with_files(file.id))[-1].message.id
    parent = ask(answering, send(parent=parent))[-1].message.id
    for path in files_in(tmp_path):
        path.unlink()
    assert ask(answering, send(parent=parent))[-1].type == "finish"
    assert [len(attached) for attached in answering.responder.attached] == [1, 1, 0]


@pytest.mark.parametrize("text", ["What is this?", None])
def test_a_file_that_has_expired_is_told_so(answering: App, ask: Ask, tmp_path: Path, text: str | None) -> None:
    file = Visitor(answering).put()
    parent = next(frame for frame in ask(answering, with_files(file.id)) if frame.type == "accepted").message.id
    for path in files_in(tmp_path):
        path.unlink()
    again = with_files(file.id) if text else send(text=None, parent=parent)
    frame = ask(answering, again)[-1]
    assert (frame.code, frame.run) == ("unknown-file", again.run)
    assert frame.text == "A file of this message is no longer on the server. Please attach it to a new one."


def test_a_file_of_a_message_can_not_be_let_go(answering: App, ask: Ask) -> None:
    visitor = Visitor(answering)
    file = visitor.put()
    parent = ask(answering, with_files(file.id))[-1].message.id
    visitor.discard(file.id)
    assert ask(answering, send(parent=parent))[-1].type == "finish"
    assert [len(attached) for attached in answering.responder.attached] == [1, 1]


def test_a_file_that_was_let_go_is_told_so(answering: App, ask: Ask) -> None:
    visitor = Visitor(answering)
    file = visitor.put()
    visitor.discard(file.id)
    assert ask(answering, with_files(file.id))[-1].code == "unknown-file"


@pytest.mark.parametrize("reads_files", [True, False])
def test_files_are_read_only_for_who_looks_at_them(
    answering: App, ask: Ask, reads_files: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    answering.responder.reads_files = reads_files
    looked: list[str] = []

    class Counting(StoredFile):
        @cached_property
        def content(self) -> str | None:
            looked.append(self.name)
            return super().content

    monkeypatch.setattr(attachments, "StoredFile", Counting)
    monkeypatch.setattr(answering.responder, "respond", lambda question, context: iter(["ok"]))
    visitor = Visitor(answering)
    parent = ask(answering, with_files(visitor.put(name="early.png").id))[-1].message.id
    looked.clear()
    assert ask(answering, with_files(visitor.put(name="last.png").id, parent=parent))[-1].type == "finish"
    assert looked == (["last.png"] if reads_files else [])


def test_a_file_of_somebody_else_is_not_there(answering: App, ask: Ask) -> None:
    file = Visitor(answering, BOB).put()
    assert ask(answering, with_files(file.id))[-1].code == "unknown-file"


def test_too_many_files_are_refused(make_chat: MakeApp, ask: Ask) -> None:
    app = make_chat(max_uploads_per_message=2)
    file = Visitor(app).put()
    assert ask(app, with_files(*[file.id] * 3))[-1].code == "too-many-files"


def test_a_chat_that_takes_no_files_refuses_messages_with_some(answering: App, ask: Ask) -> None:
    file = Visitor(answering).put()
    answering.responder.file_types = None
    assert ask(answering, with_files(file.id))[-1].code == "no-uploads"


def history_with(question: Any, answer: Any, *files: FileRef) -> History:
    messages = [
        {**question.model_dump(), "content": "What is this?", "files": [file.model_dump() for file in files]},
        {**answer.model_dump(), "content": "ok"},
    ]
    return History(run=new_run(), index=0, count=1, text=json.dumps(messages))


def test_a_history_brings_its_files_by_name_and_cannot_change_them(
    answering: App, make_chat: MakeApp, ask: Ask
) -> None:
    visitor = Visitor(answering)
    file, other = visitor.put(), visitor.put(name="b.png")
    frames = ask(answering, with_files(file.id))
    question = next(frame for frame in frames if frame.type == "accepted").message
    answer = frames[-1].message
    worker = make_chat()
    worker.responder.finish("ok")
    again = send(parent=answer.id)
    for forged in ([other], [file, other], [file.model_copy(update={"name": "c.png"})], []):
        assert ask(worker, history_with(question, answer, *forged), again)[-1].code == "bad-history"
    assert ask(worker, history_with(question, answer, file), again)[-1].type == "finish"
    assert [name for name, _ in worker.responder.attached[0]] == ["a.png"]
