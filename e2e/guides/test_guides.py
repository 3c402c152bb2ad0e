"""An example for each guide of `vizro_experimental.chat`, started as it stands and driven as its reader would."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Page

from drop_in.guides import EXAMPLES, GUIDES, Guide, script_model
from drop_in.reader import Reader
from vizro_ws_chat.testing import AppProcess, ScriptedOpenAI, serve_development


@pytest.fixture(params=GUIDES, ids=lambda guide: guide.name)
def guide(request: pytest.FixtureRequest) -> Guide:
    found: Guide = request.param
    return found


@pytest.fixture
def guide_app(guide: Guide, upstream: ScriptedOpenAI) -> Iterator[AppProcess]:
    script_model(upstream)
    env = {"OPENAI_BASE_URL": upstream.base_url, "OPENAI_API_KEY": upstream.api_key}
    with serve_development(guide.app, env=env) as process:
        yield process


def test_guide(guide: Guide, guide_app: AppProcess, page: Page) -> None:
    page.goto(guide_app.url)
    reader = Reader(page)
    guide.drive(reader)
    roles = [role for role, _ in reader.bubbles()]
    assert roles == ["user", "assistant"] * (len(roles) // 2)


def test_every_guide_is_driven() -> None:
    assert set((EXAMPLES / "guides").iterdir()) <= {guide.app for guide in GUIDES}
