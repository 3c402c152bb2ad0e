from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.manual_scheduler import ManualScheduler
from tests.parts.writing import Answer, written
from tests.streams.making import Sealed, make_run
from vizro_ws_chat.exceptions import AnswerError, RefusedError
from vizro_ws_chat.parts.notes import File, Reasoning, Source, Status, Suggestions, Usage
from vizro_ws_chat.protocol.frames import FileRef


def text_of(*chunks: object) -> str:
    """Return the text that chunks become."""
    return "".join(said for kind, said in written(*chunks) if kind == "text")


class TestReasoning:
    def test_pieces_that_follow_one_another_are_one_part(self) -> None:
        parts = written(Reasoning("Let me "), Reasoning("see."), "It is 4.", Reasoning("Or?"))
        assert parts == [("reasoning", "Let me see."), ("text", "It is 4."), ("reasoning", "Or?")]

    def test_it_tells_how_long_it_took(self) -> None:
        scheduler = ManualScheduler()
        answer = Answer(make_run(scheduler))
        answer.take(Reasoning("Hm"))
        scheduler.advance(1.5)
        answer.take("Yes")
        assert [(part.kind, part.ms) for part in answer.parts] == [("reasoning", 1500), ("text", None)]

    def test_the_yield_returns_it(self) -> None:
        part = Reasoning("Hm")
        assert Answer().take(part) == [part]


class TestSource:
    def test_it_is_a_number_in_the_text_and_an_entry(self) -> None:
        parts = written("As they say", Source("https://a.example/b", "A", "It is so."), ".")
        assert parts == [
            ("text", "As they say[[1]](<https://a.example/b>)."),
            ("source", {"number": 1, "url": "https://a.example/b", "title": "A", "snippet": "It is so."}),
        ]

    def test_the_same_address_has_the_same_number(self) -> None:
        one, two = "https://a.example/", "https://b.example/"
        parts = written(Source(one), Source(two), Source(one, "Another title"))
        assert [kind for kind, _ in parts] == ["source", "text", "source"]
        assert [said["url"] for kind, said in parts if kind == "source"] == [one, two]
        assert parts[1] == ("text", f"[[1]](<{one}>)[[2]](<{two}>)[[1]](<{one}>)")

    def test_one_may_only_be_listed(self) -> None:
        assert [kind for kind, _ in written("Text", Source("https://a.example/", cite=False))] == ["text", "source"]
        assert text_of("Text", Source("https://a.example/", cite=False)) == "Text"

    def test_without_a_title_it_is_called_as_its_host(self) -> None:
        [(_, entry), _] = written(Source("https://user:secret@docs.example:8080/x?y"))
        assert entry["title"] == "docs.example"

    def test_a_long_snippet_is_shortened(self) -> None:
        [(_, entry), _] = written(Source("https://a.example/", snippet="x" * 10_000))
        assert len(entry["snippet"]) == 500

    @pytest.mark.parametrize(
        "url",
        [
            *("javascript:alert(1)", "\x01javascript:alert(1)", "data:text/html,x", "ftp://a.example", "//a.example"),
            *("/path", "", "https://", "https:a.example", "https://[bad", "https://a.example/\ud83d"),
            "https://evil.example\\@good.example/",
        ],
        ids=ascii,
    )
    def test_what_is_no_address_of_the_web_is_told(self, url: str) -> None:
        with pytest.raises(AnswerError, match="http:// or https://"):
            Source(url)

    @pytest.mark.parametrize(
        ("url", "kept"),
        [
            (" https://a.example/b\n", "https://a.example/b"),
            ("ht\ntps://a.exa\tmple/b", "https://a.example/b"),
            ("HTTPS://A.example/B", "https://A.example/B"),
        ],
    )
    def test_what_browsers_leave_out_of_an_address_is_left_out(self, url: str, kept: str) -> None:
        [(_, entry), (_, text)] = written(Source(url))
        assert entry["url"] == kept
        assert text == f"[[1]](<{kept}>)"

    @pytest.mark.parametrize(
        ("url", "linked"),
        [
            ("https://a.example/x>y <b>", "https://a.example/x%3Ey%20%3Cb%3E"),
            ("https://a.example/(x)[y]*_`z`", "https://a.example/(x)[y]*_%60z%60"),
            ("https://a.example/?a=1&lt;=2&b", "https://a.example/?a=1&amp;lt;=2&b"),
            ("https://a.example/ä%20\\", "https://a.example/%C3%A4%20%5C"),
        ],
    )
    def test_an_address_can_not_leave_its_link(self, url: str, linked: str) -> None:
        assert text_of(Source(url)) == f"[[1]](<{linked}>)"


class TestStatus:
    def test_it_is_shown_until_something_is_written(self) -> None:
        answer = Answer()
        answer.take(Status("Searching…"), Status("Reading…"))
        assert answer.said == [("status", "Reading…")]
        answer.take("Found it.")
        assert answer.said == [("status", ""), ("text", "Found it.")]

    @pytest.mark.parametrize("chunk", [Reasoning("x"), Source("https://a.example/"), Usage(1, 2), File("x", "x.txt")])
    def test_anything_else_ends_it_too(self, chunk: object) -> None:
        assert written(Status("Searching…"), chunk)[0] == ("status", "")

    def test_the_text_before_it_goes_on_after_it(self) -> None:
        assert written("Hel", Status("…"), "lo") == [("text", "Hello"), ("status", "")]

    def test_it_may_be_shown_again(self) -> None:
        assert written(Status("One"), "text", Status("Two")) == [("status", "Two"), ("text", "text")]

    def test_what_comes_after_it_is_not_slowed_down(self) -> None:
        answer = Answer()
        answer.take(Status("Searching…"), "word")
        pause = answer.run.seconds_ahead
        answer.take(*["word"] * 1_000)
        assert answer.run.seconds_ahead == pause

    def test_it_is_not_said(self) -> None:
        seal = Sealed()
        answer = Answer(make_run(seal=seal))
        answer.take(Status("…"), Usage(1, 2), "Hello")
        answer.run.finish()
        assert seal.texts == ["Hello"]


def test_usage_stands_beside_the_text() -> None:
    assert written("Hel", Usage(10, 20, "model-1"), "lo") == [
        ("text", "Hello"),
        ("usage", {"input": 10, "output": 20, "model": "model-1"}),
    ]


def test_suggestions_are_those_of_the_context() -> None:
    answer = Answer()
    answer.take(Suggestions(["Why?", "x" * 201, "How?"]))
    assert answer.context.suggested() == ["Why?", "How?"]
    assert answer.parts == []


class TestFile:
    @pytest.mark.parametrize(
        ("file", "kept"),
        [
            (File("a,b", "t.csv"), ("t.csv", b"a,b", "text/csv")),
            (File("ä", "t.txt"), ("t.txt", "ä".encode(), "text/plain")),
            (File(b"\x00", "t.unknown"), ("t.unknown", b"\x00", "application/octet-stream")),
            (File(b"x", "t.bin", "image/png"), ("t.bin", b"x", "image/png")),
        ],
        ids=["text", "umlaut", "bytes", "type"],
    )
    def test_it_is_kept(self, file: File, kept: tuple[str, bytes, str]) -> None:
        answer = Answer()
        answer.take(file)
        assert answer.kept == [kept]
        name, content, kind = kept
        assert answer.said == [("file", {"id": "f" * 48, "name": name, "size": len(content), "type": kind})]

    def test_a_path_is_read_when_it_is_yielded(self, tmp_path: Path) -> None:
        path = tmp_path / "report.html"
        file = File(path)
        path.write_text("<p>")
        answer = Answer()
        answer.take(file)
        assert answer.kept == [("report.html", b"<p>", "text/html")]

    @pytest.mark.parametrize("content", ["text", b"bytes"])
    def test_without_a_name_it_is_told(self, content: Any) -> None:
        with pytest.raises(AnswerError, match="needs a name"):
            File(content)

    @pytest.mark.parametrize(
        "content",
        [Path("nowhere/at/all.csv"), Path(), "half \ud83d", 5],
        ids=["missing", "folder", "text", "number"],
    )
    def test_what_can_not_be_read_is_a_problem(self, content: Any) -> None:
        answer = Answer()
        answer.take(File(content, "x.csv"), "The rest.")
        assert [kind for kind, _ in answer.said] == ["problem", "text"]

    @pytest.mark.parametrize(
        "error", [RefusedError("uploads-full"), OSError("disk full"), ValueError("too long a type")]
    )
    def test_what_can_not_be_kept_is_a_problem(self, error: Exception) -> None:
        def keep(name: str, content: bytes, mime_type: str) -> FileRef:
            raise error

        answer = Answer()
        answer.writer._keep_file = keep
        answer.take(File("x", "x.csv"), "The rest.")
        assert [kind for kind, _ in answer.said] == ["problem", "text"]


def test_everything_but_text_is_ascii() -> None:
    """Both sides count the characters of what changes, Python code points and JavaScript UTF-16 units."""
    answer = Answer()
    answer.take(Status("Süche 👋"), Source("https://ä.example/", "Ü"), Usage(1, 2, "modèle"), File("x", "ü👋.txt"))
    for part in answer.parts:
        assert part.kind == "text" or part.text.isascii() or part.kind == "file"
        assert part.kind == "text" or json.loads(part.text) is not None
