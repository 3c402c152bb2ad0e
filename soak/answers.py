"""What the app answers: it follows from the conversation alone, so that clients know it too.

Both sides import this: the app to answer, the clients to compare.
"""

from __future__ import annotations

import hashlib
import random
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Self

_PROMPT = re.compile(r"seed (\d+), (\d+) chunks, (\d+) ms apart")
# What is easily broken on the way: characters of several bytes, of two UTF-16 halves, line ends, markup, SSE fields.
_WORDS = (
    "plain",
    "grüße",
    "世界",
    "👋🏽",
    "\r\n",
    "\u2028",
    "</script>",
    "data: x\n\n",
    '"quoted\\',
    "é",
    "\x00",
    "[{}]",
)


@dataclass(frozen=True)
class Question:
    """A user message, which says how it is to be answered.

    Attributes:
        seed: Chooses the words.
        chunks: How many there are.
        pause_ms: Time before each.
    """

    seed: int
    chunks: int
    pause_ms: int

    @property
    def text(self) -> str:
        """The message."""
        return f"seed {self.seed}, {self.chunks} chunks, {self.pause_ms} ms apart"

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read a message.

        Raises:
            ValueError: If it is not one.
        """
        match = _PROMPT.fullmatch(text)
        if match is None:
            raise ValueError(f"not a question of the soak: {text[:100]!r}")
        return cls(*map(int, match.groups()))


def answer_chunks(contents: Sequence[str]) -> list[str]:
    """Return what answers a conversation.

    The first chunk tells which conversation was answered, and each one its place, so that no two answers and no two
    chunks are the same.

    Args:
        contents: The messages' texts, from the first to the question.
    """
    question = Question.parse(contents[-1])
    # JSON-free and without ambiguity: the lengths are part of it.
    conversation = hashlib.sha256("".join(f"{len(content)}:{content}" for content in contents).encode()).hexdigest()
    chance = random.Random(question.seed)
    numbered = [f" {number}:{chance.choice(_WORDS)}" for number in range(1, question.chunks)]
    return [conversation[:16], *numbered]
