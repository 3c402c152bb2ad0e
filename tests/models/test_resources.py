from __future__ import annotations

import re
from collections.abc import Callable

import pytest
import vizro.models as vm
from dash import Dash

import vizro_ws_chat
from vizro_ws_chat import Chat, StreamingChatAction
from vizro_ws_chat.models.resources import add_resources

Build = Callable[..., Dash]


@pytest.fixture(autouse=True)
def bundle(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> None:
    """Stands in for the built browser code, which a checkout does not have: only where it is served matters here."""
    package = tmp_path_factory.mktemp("package")
    (package / "static" / "fonts").mkdir(parents=True)
    (package / "static" / "chat.js").write_text("// the browser code")
    (package / "static" / "chat.css").write_text("/* the style sheet */")
    (package / "static" / "code.js").write_text("// loaded when needed")
    (package / "static" / "fonts" / "Main.woff2").write_bytes(b"a font")
    (package / "static" / "LICENSES.txt").write_text("not for the browser")
    monkeypatch.setattr(vizro_ws_chat, "__file__", str(package / "__init__.py"))


def served(app: Dash, pattern: str) -> list[str]:
    return re.findall(pattern, app.server.test_client().get(app.config.requests_pathname_prefix).text)


def test_the_browser_code_is_served_once_whatever_the_number_of_chats(build: Build, echo: StreamingChatAction) -> None:
    app = build(Chat(id="one", actions=echo), Chat(id="two", actions=type(echo)()))
    add_resources(app)
    assert len(served(app, r"vizro_ws_chat/static/chat[^\"]*\.js")) == 1
    assert len(served(app, r"vizro_ws_chat/static/chat[^\"]*\.css")) == 1


def test_the_style_sheet_comes_after_vizros(build: Build, echo: StreamingChatAction) -> None:
    app = build(Chat(actions=echo))
    sheets = served(app, r"<link rel=\"stylesheet\" href=\"([^\"]+)\"")
    [ours] = [number for number, sheet in enumerate(sheets) if "vizro_ws_chat" in sheet]
    vizros = [number for number, sheet in enumerate(sheets) if "/vizro/" in sheet]
    assert vizros
    assert ours > max(vizros)


@pytest.mark.parametrize("options", [{}, {"url_base_pathname": "/sub/"}])
def test_what_the_page_names_can_be_fetched(build: Build, echo: StreamingChatAction, options: dict[str, str]) -> None:
    app = build(Chat(actions=echo), **options)
    [script] = served(app, r"src=\"([^\"]*vizro_ws_chat/static/chat[^\"]*\.js[^\"]*)\"")
    [sheet] = served(app, r"href=\"([^\"]*vizro_ws_chat/static/chat[^\"]*\.css[^\"]*)\"")
    client = app.server.test_client()
    assert client.get(script).text == "// the browser code"
    assert client.get(sheet).text == "/* the style sheet */"


def test_a_dashboard_without_a_chat_serves_nothing_of_it(build: Build) -> None:
    app = build(vm.Card(text="No chat"))
    assert served(app, "vizro_ws_chat") == []
    assert "vizro_ws_chat" not in app.server.extensions


@pytest.mark.parametrize("options", [{}, {"url_base_pathname": "/sub/"}])
def test_what_the_browser_code_loads_is_served_for_a_year_but_not_named(
    build: Build, echo: StreamingChatAction, options: dict[str, str]
) -> None:
    app = build(Chat(actions=echo), **options)
    assert served(app, r"static/(?:code|fonts)[^\"]*") == []
    client = app.server.test_client()
    folder = f"{app.config.requests_pathname_prefix}_dash-component-suites/vizro_ws_chat/static"
    for name, content in [("code.v0m12ab34.js", b"// loaded when needed"), ("fonts/Main.v0m56cd78.woff2", b"a font")]:
        response = client.get(f"{folder}/{name}")
        assert response.data == content
        assert response.cache_control.max_age == 31_536_000
    assert client.get(f"{folder}/code.js?attempt=2").data == b"// loaded when needed"
