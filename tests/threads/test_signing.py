from __future__ import annotations

import logging
import multiprocessing
import stat
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vizro_ws_chat.exceptions import ConfigurationError
from vizro_ws_chat.protocol.frames import FileRef, Role
from vizro_ws_chat.threads.signing import Scope, Signer, default_key_file, load_key

SIGNER = Signer(b"k" * 32)
PARENT = "p" * 43
SCOPE = Scope("chat", "owner")
Signed = tuple[str, str, str | None, Role, str]
any_text = st.text(alphabet=st.characters() | st.characters(categories=["Cs"]))
messages = st.tuples(any_text, any_text, st.none() | st.just(PARENT), st.sampled_from(["user", "assistant"]), any_text)


@given(messages, messages)
def test_different_messages_have_different_ids(first: Signed, second: Signed) -> None:
    same = sign(first) == sign(second)
    # Two halves of a pair are the character that they make.
    assert same == ([utf16(part) for part in first] == [utf16(part) for part in second])


def sign(message: Signed) -> str:
    chat, owner, parent, role, content = message
    return SIGNER.sign(Scope(chat, owner), parent, role, content).id


def utf16(text: str | None) -> bytes | None:
    return None if text is None else text.encode("utf-16-le", "surrogatepass")


@pytest.mark.parametrize(
    "other",
    [
        ("other", "owner", PARENT, "user", "Hello"),
        ("chat", "other", PARENT, "user", "Hello"),
        ("owner", "chat", PARENT, "user", "Hello"),
        ("chat", "owner", None, "user", "Hello"),
        ("chat", "owner", "q" * 43, "user", "Hello"),
        ("chat", "owner", PARENT, "assistant", "Hello"),
        ("chat", "owner", PARENT, "user", "Hello "),
        ("chat", "owner", PARENT, "user", ""),
    ],
)
def test_everything_is_signed(other: Signed) -> None:
    assert sign(other) != SIGNER.sign(SCOPE, PARENT, "user", "Hello").id


@pytest.mark.parametrize(
    "change",
    [{"id": "j" * 48}, {"name": "other.png"}, {"size": 8}, {"type": "image/gif"}],
    ids=lambda change: next(iter(change)),
)
def test_all_of_a_file_is_signed(change: dict[str, Any]) -> None:
    file = FileRef(id="i" * 48, name="a.png", size=7, type="image/png")
    signed = SIGNER.sign(SCOPE, PARENT, "user", "Hello", (file,))
    assert signed.files == (file,)
    for other in ((file.model_copy(update=change),), (file, file), ()):
        assert SIGNER.sign(SCOPE, PARENT, "user", "Hello", other).id != signed.id


def test_a_message_without_files_is_signed_as_before_there_were_any() -> None:
    # The ids that browsers have from before.
    assert SIGNER.sign(SCOPE, None, "user", "Hello").id == "EXSGgT1n0vrknsM4AlHBwGRzf8bms-sgGh2ikIQ9KFY"


def test_signing_again_is_the_same_message_and_another_key_is_another() -> None:
    message = SIGNER.sign(SCOPE, PARENT, "user", "Hello")
    assert SIGNER.sign(SCOPE, PARENT, "user", "Hello") == message
    assert Signer(b"l" * 32).sign(SCOPE, PARENT, "user", "Hello").id != message.id


def test_the_reference_names_the_message_without_its_content() -> None:
    message = SIGNER.sign(SCOPE, PARENT, "user", "Hello")
    assert message.ref.model_dump() == {"id": message.id, "parent": PARENT, "role": "user"}


def test_the_apps_secret_is_preferred(tmp_path: Path) -> None:
    assert load_key("secret", tmp_path / "key") == b"secret"
    assert load_key(b"secret", tmp_path / "key") == b"secret"
    assert not (tmp_path / "key").exists()


def test_a_key_file_is_made_for_its_owner_only_and_read_again(tmp_path: Path) -> None:
    key_file = tmp_path / "state" / "vizro" / "key"
    key = load_key(None, key_file)
    assert len(key) == 32
    assert stat.S_IMODE(key_file.stat().st_mode) == 0o600
    assert stat.S_IMODE(key_file.parent.stat().st_mode) == 0o700
    assert load_key("", key_file) == key
    assert [path.name for path in key_file.parent.iterdir()] == ["key"]


def test_eight_processes_at_once_get_the_same_key(tmp_path: Path) -> None:
    key_file = tmp_path / "new" / "key"
    fork = multiprocessing.get_context("fork")  # as gunicorn makes its workers
    barrier = fork.Barrier(8)

    def work(number: int) -> None:
        barrier.wait(10)
        (tmp_path / f"key of {number}").write_bytes(load_key(None, key_file))

    workers = [fork.Process(target=work, args=(number,)) for number in range(8)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join(10)
    assert [worker.exitcode for worker in workers] == [0] * 8
    assert {path.read_bytes() for path in tmp_path.glob("key of *")} == {key_file.read_bytes()}
    assert [path.name for path in key_file.parent.iterdir()] == ["key"]
    assert stat.S_IMODE(key_file.stat().st_mode) == 0o600


def test_without_a_place_for_it_the_key_is_random_and_the_log_says_what_to_do(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    (tmp_path / "file").write_text("not a folder")
    with caplog.at_level(logging.WARNING):
        first = load_key(None, tmp_path / "file" / "key")
    assert len(first) == 32
    assert load_key(None, tmp_path / "file" / "key") != first
    assert "secret_key" in caplog.text
    assert "VIZRO_WS_CHAT_KEY_FILE" in caplog.text


@pytest.mark.parametrize("content", [b"", b"short"])
def test_a_key_file_with_next_to_nothing_in_it_is_refused(tmp_path: Path, content: bytes) -> None:
    key_file = tmp_path / "key"
    key_file.write_bytes(content)
    with pytest.raises(ConfigurationError, match="Delete it"):
        load_key(None, key_file)


def test_where_the_key_is_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Path, "home", lambda: Path("/home/user"))
    assert default_key_file({}) == Path("/home/user/.local/state/vizro-ws-chat/key")
    assert default_key_file({"XDG_STATE_HOME": "/state"}) == Path("/state/vizro-ws-chat/key")
    assert default_key_file({"XDG_STATE_HOME": "/state", "VIZRO_WS_CHAT_KEY_FILE": "/key"}) == Path("/key")
