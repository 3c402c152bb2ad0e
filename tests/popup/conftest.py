from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import vizro.models as vm
from dash import Dash
from vizro import Vizro

Build = Callable[..., Dash]


@pytest.fixture
def build(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[Build]:
    """Build a dashboard of one page and return its Dash app."""
    monkeypatch.setenv("VIZRO_WS_CHAT_KEY_FILE", str(tmp_path / "key"))
    Vizro._reset()  # type: ignore[no-untyped-call]

    def build(*components: Any, **options: Any) -> Dash:
        page = vm.Page(title="Page", components=list(components) or [vm.Card(text="Nothing")])
        app: Dash = Vizro(**options).build(vm.Dashboard(pages=[page])).dash
        return app

    yield build
    Vizro._reset()  # type: ignore[no-untyped-call]
