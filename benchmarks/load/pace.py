"""What all apps under load answer: numbered tokens, each of which says when it was due."""

from __future__ import annotations

import re
import time
from collections.abc import Iterator

TOKEN = re.compile(rb"#(\d+)@(\d+) ")
"""A token in what a client receives: its number and when it was due, in microseconds of the monotonic clock, which all
processes of a machine share."""


def paced_tokens(question: str) -> Iterator[str]:
    """Yield tokens, each when it is due.

    What is late, for whatever reason, does not move what comes after it: a model would not wait either.

    Args:
        question: `rate count`: tokens per second, 0 for all at once, and how many.
    """
    rate, count = map(int, question.split())
    begin = time.monotonic()
    for number in range(1, count + 1):
        due = begin + number / rate if rate else time.monotonic()
        if (early := due - time.monotonic()) > 0:  # else it would be there already: who reads it does not wait
            time.sleep(early)
        yield f"#{number}@{int(due * 1_000_000)} "
