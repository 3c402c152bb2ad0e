"""Finding a Chromium: what is asked first, what is passed over, what is said when there is none."""

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from vizro_ws_chat.testing import browser

MakeCommand = Callable[[str, int], Path]


@pytest.fixture
def command(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> MakeCommand:
    """Make commands that end with a given exit code, on a PATH with nothing else."""
    monkeypatch.delenv("CHROMIUM", raising=False)
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setitem(sys.modules, "playwright.sync_api", None)

    def make(name: str, exit_code: int) -> Path:
        path = tmp_path / name
        path.write_text(f"#!/bin/sh\nexit {exit_code}\n", encoding="utf-8")
        path.chmod(0o755)
        return path

    return make


def test_environment_variable_wins(command: MakeCommand, monkeypatch: pytest.MonkeyPatch) -> None:
    command("chromium", 0)
    named = command("my-browser", 0)
    monkeypatch.setenv("CHROMIUM", str(named))
    assert browser.find_chromium() == named


def test_environment_variable_that_does_not_run_is_an_error(
    command: MakeCommand, monkeypatch: pytest.MonkeyPatch
) -> None:
    command("chromium", 0)
    monkeypatch.setenv("CHROMIUM", "/nowhere/chromium")
    with pytest.raises(browser.ChromiumNotFoundError, match="CHROMIUM=/nowhere/chromium"):
        browser.install_chromium()


def test_stub_on_the_path_is_passed_over(command: MakeCommand) -> None:
    command("chromium", 1)
    works = command("google-chrome", 0)
    assert browser.find_chromium() == works


@pytest.mark.usefixtures("command")
def test_nothing_found_says_what_to_do() -> None:
    with pytest.raises(browser.ChromiumNotFoundError, match="apt-get install chromium"):
        browser.find_chromium()


def test_installed_where_none_is_found(command: MakeCommand, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(browser, "install_with_playwright", lambda: None)
    monkeypatch.setattr(browser, "install_with_apt", lambda: command("chromium", 0))
    assert browser.install_chromium().name == "chromium"


def test_nothing_installed_where_one_is_found(command: MakeCommand, monkeypatch: pytest.MonkeyPatch) -> None:
    def install() -> None:
        raise AssertionError("nothing to install")

    monkeypatch.setattr(browser, "install_with_playwright", install)
    found = command("chromium", 0)
    assert browser.install_chromium() == found


def test_command_prints_only_the_path(command: MakeCommand) -> None:
    found = command("chromium", 0)
    result = subprocess.run(
        [sys.executable, "-m", "vizro_ws_chat.testing.browser"],
        env=dict(os.environ),
        capture_output=True,
        text=True,
        check=True,
    )
    assert result.stdout == f"{found}\n"
