"""The small parts: what the answer rests on, what is being done, what comes with it."""

from __future__ import annotations

import json
import mimetypes
import re
from collections.abc import Sequence
from pathlib import Path
from urllib.parse import quote, urlsplit

from vizro_ws_chat.exceptions import AnswerError, RefusedError
from vizro_ws_chat.parts.part import Part, to_json
from vizro_ws_chat.streams.output import AnswerWriter

_WEB = frozenset({"http", "https"})
_MAX_SNIPPET_CHARS = 500
_ENTITY = re.compile(r"&(?=#?\w+;)")


class Reasoning(Part):
    """A piece of what the model thinks before it answers. Pieces that follow one another are one part.

    It is shown folded, with the time that it took, and is not part of the conversation that models get.

    Args:
        text: Markdown.
    """

    def __init__(self, text: str) -> None:
        self._text = text

    def write_to(self, answer: AnswerWriter) -> Part:  # noqa: D102 - see Part
        answer.write(self._text, "reasoning")
        return self


class Source(Part):
    """Where something comes from: a number at this place of the text, and an entry in the list below the answer.

    The same address again has the same number.

    Args:
        url: Its address, `http` or `https`.
        title: What it is called; the host's name when there is none.
        snippet: What it says, for the card that appears beside the number; at most 500 characters are shown.
        cite: Whether the number is put into the text; otherwise the source is only listed.

    Raises:
        AnswerError: If the address is none of the web.
    """

    def __init__(self, url: str, title: str | None = None, snippet: str | None = None, *, cite: bool = True) -> None:
        try:
            parsed = urlsplit(url.strip())
            host = parsed.hostname
            # Browsers take a backslash for a slash, so that they would find another host in it.
            is_web = parsed.scheme in _WEB and "\\" not in parsed.netloc and bool(url.encode())
        except ValueError:
            is_web, host = False, None
        if not is_web or not host:
            raise AnswerError(f"A Source needs an address that begins with http:// or https://, but got {url!r}.")
        self._url = parsed.geturl()  # without what browsers leave out: blanks around it, line ends within
        self._title = title or host
        self._snippet = snippet[:_MAX_SNIPPET_CHARS] if snippet else None
        self._cite = cite

    def write_to(self, answer: AnswerWriter) -> Part:  # noqa: D102 - see Part
        sources = [json.loads(text)["url"] for text in answer.texts("source")]
        if self._url in sources:
            number = sources.index(self._url) + 1
        else:
            number = len(sources) + 1
            entry = {"number": number, "url": self._url, "title": self._title, "snippet": self._snippet}
            answer.add("source", json.dumps(entry), beside=True)
        if self._cite:
            answer.write(f"[[{number}]](<{_in_markdown(self._url)}>)")
        return self


def _in_markdown(url: str) -> str:
    """Return an address without what would end it in Markdown, or be read as another (CommonMark 0.31.2, 2.5, 6.3)."""
    return _ENTITY.sub("&amp;", quote(url, safe=":/?#[]@!$&'()*+,;=%~-._"))


class Status(Part):
    """What is being done at the moment, such as "Searching…". It is shown until something else is yielded.

    Args:
        text: A few words.
    """

    def __init__(self, text: str) -> None:
        self._text = text

    def write_to(self, answer: AnswerWriter) -> Part:  # noqa: D102 - see Part
        answer.show_status(self._text)
        return self


class Suggestions(Part):
    """What could be asked next; as `RunContext.suggest`.

    Args:
        questions: At most five, of at most 200 characters each.
    """

    def __init__(self, questions: Sequence[str]) -> None:
        self._questions = list(questions)

    def write_to(self, answer: AnswerWriter) -> Part:  # noqa: D102 - see Part
        answer.suggest(self._questions)
        return self


class Usage(Part):
    """What the answer has taken, shown beside its time.

    Args:
        input_tokens: Tokens that the model has read.
        output_tokens: Tokens that it has written, its reasoning included.
        model: Which it was, where that is not the action's `model`.
    """

    def __init__(self, input_tokens: int, output_tokens: int, model: str | None = None) -> None:
        self._usage = {"input": input_tokens, "output": output_tokens, "model": model}

    def write_to(self, answer: AnswerWriter) -> Part:  # noqa: D102 - see Part
        answer.add("usage", to_json(self._usage, "A Usage"), beside=True)
        return self


class File(Part):
    """A file for the reader: a picture is shown, anything else is offered to be saved.

    The server keeps it as long as uploaded files (`upload_ttl_seconds`), for this reader alone.

    Args:
        content: Its bytes; text, which becomes UTF-8; or the path of a file, read when it is yielded.
        name: What it is called; that of the path when it is one.
        type: Its MIME type; by its name when it is not given.

    Raises:
        AnswerError: If there is neither a name nor a path.
    """

    def __init__(self, content: bytes | str | Path, name: str | None = None, type: str | None = None) -> None:  # noqa: A002
        if name is None and not isinstance(content, Path):
            raise AnswerError('A File of text or bytes needs a name: File(content, "sales.csv").')
        self._content = content
        self._name = name or Path(str(content)).name
        self._type = type or mimetypes.guess_type(self._name)[0] or "application/octet-stream"

    def write_to(self, answer: AnswerWriter) -> Part:  # noqa: D102 - see Part
        try:
            content = self._content.read_bytes() if isinstance(self._content, Path) else self._content
            data = content.encode() if isinstance(content, str) else content
            ref = answer.keep_file(self._name, data, self._type)
        except (OSError, ValueError, TypeError, RefusedError) as error:
            raise AnswerError(f"The file {self._name!r} could not be kept: {error}") from error
        answer.add("file", ref.model_dump_json())
        return self
