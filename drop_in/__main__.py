"""Drives the guides' examples on this package and on `vizro_experimental.chat`, and compares what comes of it.

It prints a table, and fails when a guide does not do the same on both.
"""

from __future__ import annotations

import json
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, Error, expect, sync_playwright

from drop_in import recorder
from drop_in.guides import GUIDES, Guide, script_model
from drop_in.reader import Bubbles, Reader
from vizro_ws_chat.testing import ScriptedOpenAI, serve_development
from vizro_ws_chat.testing.browser import CHROMIUM_ARGUMENTS, find_chromium

OURS, PEER = "vizro_ws_chat", "vizro_experimental.chat"
_ROOT = Path(__file__).parents[1]
# The peer asks another host for its icons, which must not keep it waiting.
_ARGUMENTS = [*CHROMIUM_ARGUMENTS, "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1"]


@dataclass(frozen=True)
class Outcome:
    """What came of a guide.

    Attributes:
        bubbles: Who said what, as it is shown.
        files: The names of the files in the conversation.
        calls: What the action got, call by call.
        requests: The conversations that the model got.
        problem: What went otherwise than the guide says; empty when nothing did.
    """

    bubbles: Bubbles
    files: list[str]
    calls: list[Any]
    requests: list[Any]
    problem: str = ""

    def __str__(self) -> str:
        return self.problem or f"{len(self.bubbles)} bubbles, {len(self.calls)} calls, {len(self.requests)} requests"


def main() -> int:
    expect.set_options(timeout=30_000)
    differing = []
    print("| guide | ours | peer | |\n|---|---|---|---|", flush=True)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=find_chromium(), args=_ARGUMENTS)
        for guide in _chosen(sys.argv[1:]):
            ours, peer = run(browser, guide, OURS), run(browser, guide, PEER)
            verdict = "same" if ours == peer and not ours.problem else "**differs**"
            print(f"| {guide.name} | {ours} | {peer} | {verdict} |", flush=True)
            if verdict != "same":
                differing.append((guide.name, ours, peer))
        browser.close()
    for name, *outcomes in differing:
        print(f"\n{name}")
        print(*(json.dumps(vars(outcome), indent=1)[:20_000] for outcome in outcomes), sep="\n--- peer ---\n")
    return 1 if differing else 0


def run(browser: Browser, guide: Guide, package: str) -> Outcome:
    """Drive a guide's app with the import of a package."""
    with tempfile.TemporaryDirectory() as folder, ScriptedOpenAI() as upstream:
        script_model(upstream)
        app, calls = Path(folder, "app.py"), Path(folder, "calls.jsonl")
        app.write_text(guide.app.read_text().replace(f"from {OURS}", f"from {package}"))
        calls.touch()
        env = {
            "OPENAI_BASE_URL": upstream.base_url,
            "OPENAI_API_KEY": upstream.api_key,
            "PYTHONPATH": str(_ROOT),
            "DROP_IN_APP": str(app),
            "DROP_IN_PACKAGE": package,
            "DROP_IN_CALLS": str(calls),
        }
        with serve_development(Path(recorder.__file__), env=env) as process, browser.new_context() as context:
            page = context.new_page()
            page.goto(process.url, wait_until="networkidle")
            reader = Reader(page)
            problem = _problem(guide, reader)
            return Outcome(
                reader.bubbles(),
                reader.files(),
                [_without_known_differences(json.loads(line)) for line in calls.read_text().splitlines()],
                [
                    [message for message in request.messages if message["role"] != "system"]
                    for request in upstream.requests
                ],
                problem,
            )


def _problem(guide: Guide, reader: Reader) -> str:
    try:
        guide.drive(reader)
    except (AssertionError, Error) as error:
        return " ".join(str(error).split())[:300]
    return ""


def _without_known_differences(value: Any) -> Any:
    """Leave out what `docs/migrating.md` says of what an action gets.

    Charts of earlier answers have the name of Vizro's template, not all of it; without files, `uploaded_files` is
    `None`, where the peer has an empty list once there were some.
    """
    if isinstance(value, list):
        return [_without_known_differences(item) for item in value]
    if isinstance(value, dict):
        return {
            name: (item or None) if name == "uploaded_files" else _without_known_differences(item)
            for name, item in value.items()
            if name != "template"
        }
    return value


def _chosen(names: list[str]) -> Iterator[Guide]:
    for guide in GUIDES:
        if not names or any(name.casefold() in guide.name.casefold() for name in names):
            yield guide


if __name__ == "__main__":
    sys.exit(main())
