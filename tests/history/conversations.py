"""Conversations to keep."""

from __future__ import annotations

from collections.abc import Sequence

from vizro_ws_chat.history.records import Answered, Asked, KeptMessage
from vizro_ws_chat.protocol.content import Content
from vizro_ws_chat.protocol.frames import FileRef
from vizro_ws_chat.threads.signing import Message, Scope, Signer

SIGNER = Signer(b"a key of thirty-two bytes or more")
ME = Scope("chat", "browser:me")


def run_of(number: int) -> str:
    return f"run-{number:016}"


def thread_of(number: int) -> str:
    return f"thread-{number:016}"


def asked(
    content: Content,
    *,
    number: int = 1,
    thread: str | None = None,
    before: Sequence[Message] = (),
    scope: Scope = ME,
    files: tuple[FileRef, ...] = (),
    at_ms: int | None = None,
) -> Asked:
    """Ask below the last message, in the run of this number and at this millisecond."""
    question = SIGNER.sign(scope, before[-1].id if before else None, "user", content, files)
    kept = KeptMessage(question, run_of(number), number if at_ms is None else at_ms)
    return Asked(scope, thread or thread_of(1), kept, before)


def answered(question: Asked, content: Content = "An answer", *, title: str | None = None) -> Answered:
    """Answer a question, a millisecond later."""
    kept = question.question
    answer = SIGNER.sign(question.scope, kept.message.id, "assistant", content)
    return Answered(
        question.scope, KeptMessage(answer, kept.run, kept.created_ms + 1, model="a model", end="done"), title
    )


def conversation(
    turns: int, *, thread: str | None = None, scope: Scope = ME, number: int = 0
) -> list[Asked | Answered]:
    """Return what happens in a conversation of so many questions and answers, of which no other number has the runs."""
    changes: list[Asked | Answered] = []
    before: list[Message] = []
    for turn in range(turns):
        question = asked(
            f"Question {turn}", number=10_000 * number + 2 * turn, thread=thread, before=list(before), scope=scope
        )
        answer = answered(question, f"Answer {turn}")
        changes += [question, answer]
        before += [question.question.message, answer.answer.message]
    return changes
