from __future__ import annotations

import time
from itertools import pairwise

from benchmarks.load.pace import TOKEN, paced_tokens


def parts(token: str) -> tuple[int, int]:
    found = TOKEN.fullmatch(token.encode())
    assert found
    return int(found[1]), int(found[2])


def test_no_token_comes_before_it_is_due() -> None:
    for number, token in enumerate(paced_tokens("200 10"), start=1):
        now = time.monotonic()
        assert parts(token)[0] == number
        assert parts(token)[1] <= now * 1_000_000


def test_who_reads_late_does_not_move_what_is_due() -> None:
    tokens = paced_tokens("1000 50")
    first = next(tokens)
    while time.monotonic() * 1_000_000 < parts(first)[1] + 20_000:
        pass
    dues = [parts(token)[1] for token in (first, *tokens)]
    assert len(dues) == 50
    assert all(abs(later - earlier - 1_000) <= 1 for earlier, later in pairwise(dues))


def test_without_a_rate_all_are_due_at_once() -> None:
    begin = time.monotonic()
    dues = [parts(token)[1] for token in paced_tokens("0 5")]
    assert dues == sorted(dues)
    assert begin * 1_000_000 - 1 <= dues[0]
    assert dues[-1] <= time.monotonic() * 1_000_000
