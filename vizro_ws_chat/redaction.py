"""Keeps secrets out of the log: an exception's text is anybody's, and may quote a key, a header or a prompt."""

from __future__ import annotations

import json
import logging
import math
import os
import re
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from vizro_ws_chat.log_fields import add_log_fields

REDACTED = "[redacted]"

_FORMATTER = logging.Formatter()
_withheld: ContextVar[tuple[str, ...]] = ContextVar("withheld", default=())
_MIN_CHARS = 8
"""Of a text that is withheld wherever it occurs: a shorter one would take words out of every log."""

_NAMES_OF_SECRETS = re.compile(r"(?:KEY|TOKEN|SECRET|PASSWORD|PASSWD|CREDENTIALS?)$")
"""Environment variables whose values are secrets."""

_SECRETS = (
    (re.compile(r"\b(bearer|basic)\s+[\w.~+/=-]{8,}", re.IGNORECASE), rf"\1 {REDACTED}"),
    (re.compile(r"(\bcookie:\s*)[^\s\"'][^\n\"']*", re.IGNORECASE), rf"\1{REDACTED}"),  # several, on one line
    (
        re.compile(
            r"((?:api[-_]?key|secret[-_]?key|access[-_]?key|authorization|cookie|passw(?:or)?d|secret|token)"
            r"[\"']?\s*[:=]\s*)(?:\"[^\"\n]*\"|'[^'\n]*'|[^\s\"',;)}\]]+)",
            re.IGNORECASE,
        ),
        rf"\1{REDACTED}",
    ),
    (re.compile(r"\b(?:sk-|gh[opsu]_|github_pat_|glpat-|hf_|xox[abeprs]-|AKIA|AIza)[\w-]{8,}"), REDACTED),
    # What may begin anywhere in a text has an end: else a text made for it takes the square of its length.
    (re.compile(r"\beyJ[\w-]{1,1000}\.[\w-]+\.[\w-]+"), REDACTED),  # a JSON Web Token, RFC 7519
    (re.compile(r"([a-z][a-z0-9+.-]{0,30}://[^\s/:@]*:)[^\s/@]+@", re.IGNORECASE), rf"\1{REDACTED}@"),  # RFC 3986
)


def redacted_logger(name: str) -> logging.Logger:
    """Return the logger of a module: its records have what looks like a secret taken out, and say what they are about.

    The former holds for messages and, with `logging.Formatter` and what builds on it, for tracebacks. A handler that
    reads a record's `exc_info` itself gets the exception as it is. The latter is in `log_fields`.
    """
    logger = logging.getLogger(name)
    logger.addFilter(add_log_fields)
    logger.addFilter(_redact_record)
    return logger


@contextmanager
def withholding(texts: Iterable[str]) -> Iterator[None]:
    """Keep these texts out of what such a logger writes meanwhile on this thread, or in this task; see `redact`."""
    token = _withheld.set(tuple(texts))
    try:
        yield
    finally:
        _withheld.reset(token)


def withhold_also(texts: Iterable[str]) -> None:
    """Keep these texts out as well, until the end of the `withholding` around it."""
    _withheld.set((*_withheld.get(), *texts))


def redact(text: str, withheld: Iterable[str] = ()) -> str:
    """Return a text without what looks like a secret.

    Args:
        text: Any.
        withheld: What else it must not have, as it stands or escaped as Python and JSON do; of 8 characters or more.

    Returns:
        The text with `[redacted]` instead of keys, passwords, tokens and cookies that are named so or have the form of
        a known kind, of the values of environment variables that are named so, and of what is withheld.
    """
    secrets = [value for name, value in os.environ.items() if _NAMES_OF_SECRETS.search(name.upper())]
    forms = {form for secret in (*secrets, *withheld) for form in _forms_of(secret)}
    for form in sorted(forms, key=len, reverse=True):  # the longest first: one may be a part of another
        if len(form.strip()) >= _MIN_CHARS:
            text = text.replace(form, REDACTED)
    for pattern, replacement in _SECRETS:
        text = pattern.sub(replacement, text)
    return text


def redact_now(text: str) -> str:
    """Return a text without what looks like a secret, and without what is withheld on this thread or in this task."""
    return redact(text, _withheld.get())


def redact_field(name: str, value: object) -> object:
    """Return what of a named value may be written: nothing when its name is that of a secret."""
    if _NAMES_OF_SECRETS.search(name.upper()):
        return REDACTED
    is_plain = value is None or isinstance(value, int) or (isinstance(value, float) and math.isfinite(value))
    return value if is_plain else redact_now(str(value))


def _forms_of(text: str) -> tuple[str, ...]:
    as_json = (json.dumps(text, ensure_ascii=is_ascii)[1:-1] for is_ascii in (True, False))
    return (text, repr(text)[1:-1], *as_json)


def _redact_record(record: logging.LogRecord) -> bool:
    if record.exc_info:
        record.exc_text = redact_now(_FORMATTER.formatException(record.exc_info))
    message = record.getMessage()
    redacted = redact_now(message)
    if redacted != message:
        record.msg, record.args = redacted, ()
    return True
