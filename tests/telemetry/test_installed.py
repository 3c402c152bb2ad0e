from __future__ import annotations

import subprocess
import sys
import textwrap

import pytest

from vizro_ws_chat.telemetry.installed import installed_observer
from vizro_ws_chat.telemetry.instruments import Instruments
from vizro_ws_chat.telemetry.observer import NO_OBSERVER


def test_with_opentelemetry_there_is_an_observer() -> None:
    assert installed_observer() is not NO_OBSERVER


def test_an_api_that_is_too_old_is_left_out(monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture) -> None:
    def fail(*_: object) -> None:
        raise TypeError("an unexpected keyword argument")

    monkeypatch.setattr(Instruments, "__init__", fail)
    assert installed_observer() is NO_OBSERVER
    assert "pip install 'vizro-ws-chat[opentelemetry]'" in caplog.text


@pytest.mark.parametrize("is_installed", [True, False])
def test_without_a_chat_that_serves_nothing_of_it_is_imported(is_installed: bool) -> None:
    program = f"""
        import sys
        if not {is_installed}:
            sys.modules["opentelemetry"] = None
        import vizro_ws_chat
        import vizro_ws_chat.telemetry
        import vizro_ws_chat.transports.mount
        assert not [name for name in sys.modules if name.startswith("vizro_ws_chat.telemetry.open_telemetry")]
        from vizro_ws_chat.telemetry.installed import installed_observer
        from vizro_ws_chat.telemetry.observer import NO_OBSERVER
        assert (installed_observer() is NO_OBSERVER) is not {is_installed}
    """
    subprocess.run([sys.executable, "-c", textwrap.dedent(program)], check=True, timeout=60)
