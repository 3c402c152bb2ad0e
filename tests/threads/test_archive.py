from __future__ import annotations

import json
import subprocess
import sys
import threading
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vizro_ws_chat.exceptions import RefusedError
from vizro_ws_chat.protocol.content import ContentPart
from vizro_ws_chat.threads.archive import ThreadArchive
from vizro_ws_chat.threads.signing import Message, Scope, Signer

KEY = b"k" * 32
SIGNER = Signer(KEY)
SCOPE = Scope("chat", "owner")
PEAK = """
import resource, sys
from vizro_ws_chat.exceptions import RefusedError
from vizro_ws_chat.threads.archive import ThreadArchive
from vizro_ws_chat.threads.signing import Scope, Signer
history = sys.stdin.read()
before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
try:
    ThreadArchive(Signer(b"k" * 32), 1_000_000).restore(Scope("chat", "owner"), history)
except RefusedError as refusal:
    print(refusal.code, (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) * 1024)
"""


def make_archive(max_chars: int = 1_000_000) -> ThreadArchive:
    return ThreadArchive(SIGNER, max_chars)


def conversation(*contents: str, archive: ThreadArchive | None = None) -> list[Message]:
    archive = archive or make_archive()
    messages: list[Message] = []
    for index, content in enumerate(contents):
        parent = messages[-1].id if messages else None
        messages.append(archive.add(SCOPE, parent, "assistant" if index % 2 else "user", content))
    return messages


PART = '{"kind":"none of the kinds","text":"a long text"}'


def all_over(json_text: str, times: int) -> str:
    return ",".join([json_text] * times)


def as_browser(messages: list[Message]) -> list[dict[str, Any]]:
    return [message._asdict() for message in messages]


def refusal_of(history: object) -> str:
    archive = make_archive()
    with pytest.raises(RefusedError) as refusal:
        archive.restore(SCOPE, history if isinstance(history, str) else json.dumps(history))
    assert not archive._messages
    return refusal.value.code


def test_a_conversation_is_found_by_its_last_message() -> None:
    archive = make_archive()
    messages = conversation("Hello", "Hi", "And?", archive=archive)
    assert archive.chain(SCOPE, messages[-1].id) == messages
    assert archive.chain(SCOPE, messages[0].id) == messages[:1]


def test_branches_share_what_came_before() -> None:
    archive = make_archive()
    first, *_ = conversation("Hello", "Hi", archive=archive)
    other = archive.add(SCOPE, first.id, "assistant", "Good day")
    assert archive.chain(SCOPE, other.id) == [first, other]


def test_another_chat_or_owner_and_an_unknown_message_have_none() -> None:
    archive = make_archive()
    (message,) = conversation("Hello", archive=archive)
    assert archive.chain(Scope("other", "owner"), message.id) is None
    assert archive.chain(Scope("chat", "other"), message.id) is None
    assert archive.chain(SCOPE, "x" * 43) is None


@given(st.lists(st.text(), min_size=1, max_size=8))
def test_a_browser_can_bring_back_any_conversation(contents: list[str]) -> None:
    messages = conversation(*contents)
    archive = make_archive()
    archive.restore(SCOPE, json.dumps(as_browser(messages)))
    assert archive.chain(SCOPE, messages[-1].id) == messages


PARTS = (
    ContentPart("reasoning", "Hm."),
    ContentPart("text", "Here:"),
    ContentPart("tool", '{"name":"count","args":{"a":[1,2]},"state":"done"}'),
    ContentPart("component", '{"namespace":"x","type":"Div","props":{"children":"\\u00fc"}}'),
    ContentPart("source", '{"number":1,"url":"https://a.example/"}'),
    ContentPart("file", '{"id":"f"}'),
    ContentPart("ask", '{"question":"?","state":"answered","value":"Yes"}'),
)


class TestParts:
    """An answer may be more than its text."""

    @staticmethod
    def history(*parts: ContentPart) -> list[dict[str, Any]]:
        archive = make_archive()
        question = archive.add(SCOPE, None, "user", "Hi")
        answer = archive.add(SCOPE, question.id, "assistant", parts)
        said = [part._asdict() for part in parts]
        return [question._asdict(), {**answer._asdict(), "content": said}]

    def test_a_browser_brings_them_back(self) -> None:
        history = self.history(*PARTS)
        archive = make_archive()
        archive.restore(SCOPE, json.dumps(history))
        [_, answer] = archive.chain(SCOPE, history[1]["id"]) or []
        assert answer.content == PARTS

    def test_a_text_alone_is_not_the_same_as_a_part(self) -> None:
        question, answer = self.history(ContentPart("component", "Hello"))
        assert refusal_of([question, {**answer, "content": "Hello"}]) == "bad-history"
        assert refusal_of([question, {**answer, "content": [{"kind": "text", "text": "Hello"}]}]) == "bad-history"

    @pytest.mark.parametrize("index", range(len(PARTS)))
    @pytest.mark.parametrize("change", [{"text": "forged"}, {"kind": "text"}, {"kind": "ask"}], ids=str)
    def test_none_of_them_can_be_forged(self, index: int, change: dict[str, str]) -> None:
        question, answer = self.history(*PARTS)
        forged = [dict(part) for part in answer["content"]]
        if forged[index] == {**forged[index], **change}:
            change = {"text": "forged"}
        forged[index].update(change)
        assert refusal_of([question, {**answer, "content": forged}]) == "bad-history"

    def test_none_of_them_can_be_left_out_or_moved(self) -> None:
        question, answer = self.history(*PARTS)
        whole: list[Any] = answer["content"]
        none: list[Any] = []
        for said in (whole[1:], whole[:-1], whole[::-1], none):
            assert refusal_of([question, {**answer, "content": said}]) == "bad-history"

    @pytest.mark.parametrize("kind", ["view", "status", "usage", "problem", "html", "", None, 5])
    def test_what_is_about_an_answer_is_not_of_a_history(self, kind: object) -> None:
        question, answer = self.history(*PARTS)
        said = [*answer["content"], {"kind": kind, "text": "{}"}]
        assert refusal_of([question, {**answer, "content": said}]) == "bad-history"

    def test_they_are_counted(self) -> None:
        archive = make_archive(max_chars=5_000)
        first = archive.add(SCOPE, None, "assistant", (ContentPart("tool", "x" * 3_000), ContentPart("text", "y")))
        archive.add(SCOPE, None, "assistant", (ContentPart("tool", "z" * 3_000), ContentPart("text", "y")))
        assert archive.chain(SCOPE, first.id) is None


class TestForgeries:
    GENUINE = as_browser(conversation("Hello", "Hi", "And?", "So."))

    def test_the_genuine_one_is_taken(self) -> None:
        make_archive().restore(SCOPE, json.dumps(self.GENUINE))

    @pytest.mark.parametrize("index", range(4))
    @pytest.mark.parametrize(
        "change",
        [
            {"content": "Something else"},
            {"content": ""},
            {"parent": "x" * 43},
            {"id": "x" * 43},
            {"id": "short"},
            {"role": "system"},
            {"content": None},
            {"content": 5},
            {"content": ["Hello"]},
            {"id": None},
            {"extra": 1},
        ],
        ids=str,
    )
    def test_any_change_anywhere(self, index: int, change: dict[str, object]) -> None:
        history = [dict(item) for item in self.GENUINE]
        history[index].update(change)
        assert refusal_of(history) == "bad-history"

    @pytest.mark.parametrize("index", range(4))
    def test_the_other_role(self, index: int) -> None:
        history = [dict(item) for item in self.GENUINE]
        history[index]["role"] = "user" if history[index]["role"] == "assistant" else "assistant"
        assert refusal_of(history) == "bad-history"

    @pytest.mark.parametrize("name", ["id", "parent", "role", "content"])
    def test_a_missing_field(self, name: str) -> None:
        history = [dict(item) for item in self.GENUINE]
        del history[1][name]
        assert refusal_of(history) == "bad-history"

    @pytest.mark.parametrize("scope", [Scope("other", "owner"), Scope("chat", "other")])
    def test_another_chats_or_owners_conversation(self, scope: Scope) -> None:
        with pytest.raises(RefusedError):
            make_archive().restore(scope, json.dumps(self.GENUINE))

    def test_another_key(self) -> None:
        with pytest.raises(RefusedError):
            ThreadArchive(Signer(b"l" * 32), 1_000).restore(SCOPE, json.dumps(self.GENUINE))

    def test_an_old_key_is_known_while_it_is_named_and_signs_no_more(self) -> None:
        new = b"l" * 32
        archive = ThreadArchive(Signer(new, [b"old", KEY]), 10_000)
        archive.restore(SCOPE, json.dumps(self.GENUINE))
        last = archive.add(SCOPE, self.GENUINE[-1]["id"], "user", "And now?")
        chain = archive.chain(SCOPE, last.id)
        assert chain is not None
        assert [message.id for message in chain[:-1]] == [item["id"] for item in self.GENUINE]
        added = {"id": last.id, "parent": last.parent, "role": last.role, "content": last.content}
        history = json.dumps([*self.GENUINE, added])
        ThreadArchive(Signer(new, [KEY]), 10_000).restore(SCOPE, history)
        for signer in (Signer(new), Signer(KEY)):
            with pytest.raises(RefusedError):
                ThreadArchive(signer, 10_000).restore(SCOPE, history)

    def test_not_from_the_root(self) -> None:
        assert refusal_of(self.GENUINE[1:]) == "bad-history"
        orphan = [{**self.GENUINE[1], "parent": None}]
        assert refusal_of(orphan) == "bad-history"

    def test_gaps_repetitions_cycles_and_another_order(self) -> None:
        a, b, c, d = self.GENUINE
        for history in ([a, c, d], [a, a, b], [a, b, a, b], [a, b, b], [b, a], [d, c, b, a]):
            assert refusal_of(history) == "bad-history"
        assert refusal_of([{**a, "parent": b["id"]}, b]) == "bad-history"
        assert refusal_of([{**a, "parent": a["id"]}]) == "bad-history"

    @pytest.mark.parametrize(
        "history",
        [
            "",
            "null",
            "[]",
            "{}",
            "[null]",
            "[[]]",
            "5",
            '"text"',
            "[" * 100_000,
            "[NaN]",
            "\ud83d",
            '[{"id": "\\ud83d"}]',
        ],
        ids=lambda history: history[:12].encode("unicode_escape").decode(),
    )
    def test_what_is_no_list_of_messages(self, history: str) -> None:
        assert refusal_of(history) == "bad-history"

    @given(st.binary() | st.text())
    def test_nothing_but_a_refusal_comes_of_nonsense(self, history: bytes | str) -> None:
        text = history.decode("latin-1") if isinstance(history, bytes) else history
        assert refusal_of(text) == "bad-history"

    @pytest.mark.parametrize(
        "history",
        [
            f'[{{"files":[{all_over("{}", 1_000_000)}]}}]',
            f'[{{"content":[{all_over("1", 1_500_000)}]}}]',
            f'[{{"content":[{all_over(PART, 60_000)}]}}]',
            f'[{{"files":[{all_over(PART, 60_000)}]}}]',
            "[{" + ",".join(f'"name{number:010d}":1' for number in range(150_000)) + "}]",
            f"[{all_over('{}', 1_000_000)}]",
        ],
        ids=["files", "numbers", "parts", "objects", "names", "items"],
    )
    def test_what_is_wrong_all_over_takes_little_memory(self, history: str) -> None:
        """Memory of a process of its own: most of what pydantic takes is not Python's."""
        result = subprocess.run([sys.executable, "-c", PEAK], input=history, capture_output=True, text=True, check=True)
        code, peak = result.stdout.split()
        assert code == "bad-history"
        assert int(peak) < 50_000_000

    def test_half_a_character(self) -> None:
        assert refusal_of(json.dumps([{**self.GENUINE[0], "content": "\ud83d"}])) == "bad-history"


class TestMemory:
    def test_the_oldest_goes_first_and_can_be_brought_back(self) -> None:
        archive = make_archive(max_chars=100_000)
        old = conversation("x" * 40_000, "y" * 40_000, archive=archive)
        new = conversation("z" * 40_000, archive=archive)
        assert archive.chain(SCOPE, old[-1].id) is None
        assert archive.chain(SCOPE, new[-1].id) == new
        archive.restore(SCOPE, json.dumps(as_browser(old)))
        assert archive.chain(SCOPE, old[-1].id) == old

    def test_what_is_used_stays(self) -> None:
        archive = make_archive(max_chars=100_000)
        used = conversation("x" * 40_000, archive=archive)
        unused = conversation("y" * 40_000, archive=archive)
        assert archive.chain(SCOPE, used[-1].id)
        conversation("z" * 40_000, archive=archive)
        assert archive.chain(SCOPE, used[-1].id) == used
        assert archive.chain(SCOPE, unused[-1].id) is None

    def test_what_has_just_come_stays_whole_however_long_it_is(self) -> None:
        messages = conversation(*["x" * 1_000] * 50)
        archive = make_archive(max_chars=10)
        archive.restore(SCOPE, json.dumps(as_browser(messages)))
        assert archive.chain(SCOPE, messages[-1].id) == messages

    def test_empty_messages_are_limited_too(self) -> None:
        archive = make_archive(max_chars=10_000)
        parent = None
        for _ in range(1_000):
            parent = archive.add(SCOPE, parent, "user", "").id
        assert len(archive._messages) < 100

    def test_the_same_message_twice_counts_once(self) -> None:
        archive = make_archive(max_chars=3_000)
        for _ in range(100):
            (message,) = conversation("x" * 1_000, archive=archive)
        assert archive.chain(SCOPE, message.id) == [message]
        other = archive.add(SCOPE, message.id, "assistant", "y")
        assert archive.chain(SCOPE, other.id) == [message, other]

    def test_many_threads_at_once(self) -> None:
        archive = make_archive(max_chars=20_000)
        failures: list[BaseException] = []

        def converse(name: str) -> None:
            try:
                for number in range(100):
                    messages = conversation(f"{name} {number}", "answer", archive=make_archive())
                    archive.restore(SCOPE, json.dumps(as_browser(messages)))
                    chain = archive.chain(SCOPE, messages[-1].id)
                    assert chain in (None, messages)
            except BaseException as error:  # noqa: BLE001 - shown by the test
                failures.append(error)

        threads = [threading.Thread(target=converse, args=(str(name),)) for name in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert failures == []
        assert archive._chars <= 20_000
