"""What a store does, asked of each database."""

from __future__ import annotations

from dataclasses import replace
from itertools import islice

import pytest

from tests.history.conversations import ME, SIGNER, answered, asked, conversation, run_of, thread_of
from vizro_ws_chat.history.opening import open_store
from vizro_ws_chat.history.records import Answered, KeptMessage, Rated, ThreadSummary
from vizro_ws_chat.history.sql_store import SqlStore
from vizro_ws_chat.protocol.content import ContentPart
from vizro_ws_chat.protocol.frames import MAX_CHAT_ID_CHARS, FileRef
from vizro_ws_chat.threads.signing import Scope
from vizro_ws_chat.transports.admission import MAX_NAME_CHARS

FILE = FileRef(id="f" * 48, name="sales.csv", size=3, type="text/csv")


def titles(store: SqlStore, search: str | None = None, scope: Scope = ME) -> list[str]:
    return [thread.title for thread in store.threads(scope, search=search, before=None, limit=50).threads]


def said(store: SqlStore, thread: str = thread_of(1), scope: Scope = ME) -> list[KeptMessage]:
    found = store.thread(scope, thread)
    assert found is not None
    return list(found[1])


# ---- what is written is read ----


def test_all_of_a_message_comes_back(store: SqlStore) -> None:
    parts = (ContentPart("reasoning", "Hm\0"), ContentPart("text", "Ünïcode 🎉 \ud800"), ContentPart("component", "{}"))
    question = asked("Why?", files=(FILE,))
    answer = SIGNER.sign(ME, question.question.message.id, "assistant", parts)
    kept = KeptMessage(
        answer,
        run_of(1),
        2**41,
        model="a model",
        view='{"type": "Card"}',
        suggestions=("And now?", "Why not?"),
        end="error",
        error_text="Try again",
        error_ref="abcd1234",
    )
    store.write([question, Answered(ME, kept)])
    assert said(store) == [question.question, kept]
    store.write([Rated(ME, answer.id, "down", "Wrong\0", 3)])
    assert said(store) == [question.question, replace(kept, rating="down", comment="Wrong\0")]
    store.write([Rated(ME, answer.id, None, "", 3)])
    assert said(store) == [question.question, kept]


def test_the_longest_names_are_kept(store: SqlStore) -> None:
    letters = map(chr, range(0x20000, 0x30000))  # of four bytes, and no two alike: they can't be compressed
    chat, name = ("".join(islice(letters, count)) for count in (MAX_CHAT_ID_CHARS, MAX_NAME_CHARS))
    scope = Scope(chat, f"user:{name}")
    question = asked("Hello", scope=scope)
    store.write([question, answered(question)])
    assert titles(store, scope=scope) == ["Hello"]
    assert len(said(store, scope=scope)) == 2


def test_messages_are_in_the_order_in_which_they_were_made(store: SqlStore) -> None:
    changes = conversation(3)
    first = changes[0]
    other = answered(first, "Another answer to the first")  # type: ignore[arg-type]
    store.write([*changes, other])
    expected = [each.question if hasattr(each, "question") else each.answer for each in [*changes, other]]
    assert said(store) == expected


def test_changes_made_again_change_nothing(store: SqlStore) -> None:
    changes = [*conversation(2), Rated(ME, "x" * 43, "up", "", 3)]
    store.write(changes)
    before = store.thread(ME, thread_of(1)), store.threads(ME, search=None, before=None, limit=9)
    store.write(changes)
    assert (store.thread(ME, thread_of(1)), store.threads(ME, search=None, before=None, limit=9)) == before


def test_the_conversation_before_a_question_is_written_where_it_is_missing(store: SqlStore) -> None:
    changes = conversation(3)
    store.write(changes[4:])
    messages = [kept.message for kept in said(store)]
    assert [message.content for message in messages] == [f"{w} {n}" for n in range(3) for w in ("Question", "Answer")]
    assert store.chain(ME, messages[-1].id) == messages
    assert titles(store) == ["Question 0"]


def test_a_long_conversation_comes_back_whole(store: SqlStore) -> None:
    changes = conversation(250)
    store.write(changes[:-2])
    store.write(changes[-2:])
    messages = [kept.message for kept in said(store)]
    assert len(messages) == 500
    assert store.chain(ME, messages[-1].id) == messages


def test_conversations_that_begin_alike_are_two(store: SqlStore) -> None:
    first, second = asked("Hello", number=1), asked("Hello", number=2, thread=thread_of(2))
    assert first.question.message.id == second.question.message.id
    store.write([first, second, answered(second, "Two"), answered(first, "One")])
    assert [kept.message.content for kept in said(store, thread_of(1))] == ["Hello", "One"]
    assert [kept.message.content for kept in said(store, thread_of(2))] == ["Hello", "Two"]


def test_a_question_that_is_asked_again_is_that_of_its_last_run(store: SqlStore) -> None:
    first, again = asked("Hello", number=1), asked("Hello", number=5)
    store.write([first, answered(first, "One"), again])
    assert [(kept.message.content, kept.run) for kept in said(store)] == [("Hello", run_of(5)), ("One", run_of(1))]
    store.write([answered(again, "Two")])
    assert [kept.message.content for kept in said(store)] == ["Hello", "One", "Two"]


def test_a_chain_is_none_when_a_message_is_missing(store: SqlStore) -> None:
    question = asked("Hello")
    store.write([question])
    assert store.chain(ME, question.question.message.id) == [question.question.message]
    assert store.chain(ME, answered(question).answer.message.id) is None


def test_what_is_written_is_there_after_opening_again(store: SqlStore, url: str) -> None:
    store.write(conversation(1))
    store.close()
    store.close()
    again = open_store(url)
    assert titles(again) == ["Question 0"]
    again.close()


# ---- ratings ----


def rating_of(store: SqlStore, message: str, thread: str = thread_of(1)) -> tuple[str | None, str]:
    [kept] = [kept for kept in said(store, thread) if kept.message.id == message]
    return kept.rating, kept.comment


def test_a_rating_waits_for_its_answer(store: SqlStore) -> None:
    question = asked("Hello")
    answer = answered(question)
    store.write([Rated(ME, answer.answer.message.id, "up", "", 3)])
    store.write([Rated(ME, answer.answer.message.id, "down", "Wrong", 4)])
    store.write([question])
    store.write([answer])
    assert rating_of(store, answer.answer.message.id) == ("down", "Wrong")
    store.write([Rated(ME, answer.answer.message.id, "up", "Right", 5), answer])
    assert rating_of(store, answer.answer.message.id) == ("up", "Right")


def test_a_rating_waits_for_an_answer_that_comes_with_the_next_question(store: SqlStore) -> None:
    _, answer, *others = conversation(2)
    assert isinstance(answer, Answered)
    rated = Rated(ME, answer.answer.message.id, "down", "", 3)
    store.write([answer, rated])  # its question was lost
    store.write(others)
    assert rating_of(store, rated.message) == ("down", "")


def test_a_rating_waits_for_nobody_elses_answer(store: SqlStore) -> None:
    question = asked("Hello")
    message = answered(question).answer.message.id
    for scope in (Scope("chat", "browser:other"), Scope("other", ME.owner)):
        store.write([Rated(scope, message, "up", "", 3)])
    store.write([question, answered(question)])
    assert rating_of(store, message) == (None, "")


def test_a_rating_is_deleted_with_its_answer(store: SqlStore) -> None:
    changes = conversation(1)
    assert isinstance(changes[1], Answered)
    message = changes[1].answer.message.id
    store.write([Rated(ME, message, "up", "", 3), *changes])
    store.delete(ME, thread_of(1))
    store.write(changes)
    assert rating_of(store, message) == (None, "")


def test_a_rating_that_has_waited_for_too_long_is_forgotten(store: SqlStore) -> None:
    questions = [asked(f"{n}", number=n, thread=thread_of(n), at_ms=100) for n in (1, 2)]
    answers = [answered(question) for question in questions]
    messages = [answer.answer.message.id for answer in answers]
    store.write([Rated(ME, message, "up", "", rated_ms) for message, rated_ms in zip(messages, (9, 10), strict=True)])
    assert store.forget(10) == 0
    store.write([*questions, *answers])
    assert [rating_of(store, messages[n - 1], thread_of(n))[0] for n in (1, 2)] == [None, "up"]


# ---- whose ----


@pytest.mark.parametrize("other", [Scope("chat", "browser:other"), Scope("other", ME.owner)])
def test_what_is_anothers_does_not_exist(store: SqlStore, other: Scope) -> None:
    question = asked("A secret")
    store.write([question, answered(question)])
    before = store.thread(ME, thread_of(1))
    answer = answered(question).answer.message.id

    assert titles(store, scope=other) == []
    assert titles(store, "secret", scope=other) == []
    assert store.thread(other, thread_of(1)) is None
    assert store.chain(other, answer) is None
    assert store.rename(other, thread_of(1), "Mine") is None
    store.delete(other, thread_of(1))
    store.write([Rated(other, answer, "down", "", 3), replace(answered(question, "Forged"), scope=other)])
    assert store.thread(ME, thread_of(1)) == before


@pytest.mark.parametrize("other", [Scope("chat", "browser:other"), Scope("other", ME.owner)])
def test_the_same_thread_id_of_another_is_another_thread(store: SqlStore, other: Scope) -> None:
    mine, theirs = asked("Mine"), asked("Theirs", scope=other)
    store.write([mine, answered(mine, "Red"), theirs, answered(theirs, "Green")])
    for scope, said in ((ME, ["Mine", "Red"]), (other, ["Theirs", "Green"])):
        thread = store.thread(scope, thread_of(1))
        assert thread is not None
        assert [kept.message.content for kept in thread[1]] == said
    assert (titles(store, "red"), titles(store, "green")) == (["Mine"], [])
    store.delete(other, thread_of(1))
    assert (titles(store), titles(store, scope=other)) == (["Mine"], [])


# ---- titles ----


@pytest.mark.parametrize(
    ("text", "title"),
    [
        ("  Two\n\n words\t", "Two words"),
        ("x" * 80, "x" * 80),
        ("x" * 81, "x" * 79 + "…"),
        ("word " * 30, ("word " * 16).strip() + "…"),
        ("nul\0", "nul"),
    ],
)
def test_a_title_is_the_beginning_of_the_first_question(store: SqlStore, text: str, title: str) -> None:
    store.write([asked(text)])
    assert titles(store) == [title]
    assert len(title) <= 80


def test_a_question_without_a_text_is_called_by_its_file(store: SqlStore) -> None:
    store.write([asked("", files=(FILE,))])
    assert titles(store) == ["sales.csv"]


@pytest.mark.parametrize(
    ("text", "title"),
    [
        ("  Sales\n in May ", "Sales in May"),
        ("word " * 30, ("word " * 16).strip() + "…"),
        (" \n", "Hello"),
        ("\0", "Hello"),
    ],
)
def test_an_authors_title_is_as_short_as_the_others_and_one_of_nothing_is_none(
    store: SqlStore, text: str, title: str
) -> None:
    question = asked("Hello")
    store.write([question, answered(question, title=text)])
    assert titles(store) == [title]


def test_a_reader_has_the_last_word_about_a_title_and_the_author_the_one_before(store: SqlStore) -> None:
    question = asked("Hello")
    store.write([question, answered(question, "1", title="The author's")])
    store.write([asked("Hello"), answered(question, "2", title="The author's next")])
    assert titles(store) == ["The author's next"]
    assert store.rename(ME, thread_of(1), "The reader's") == ThreadSummary(thread_of(1), "The reader's", 2)
    store.write([answered(question, "3", title="Too late")])
    assert titles(store) == ["The reader's"]
    assert store.rename(ME, thread_of(2), "None") is None


# ---- the list ----


def test_pages_go_from_the_newest_to_the_oldest_with_each_once(store: SqlStore) -> None:
    # Three of each millisecond.
    store.write([asked(f"{n}", number=n, thread=thread_of(n), at_ms=n // 3) for n in range(10)])
    cursor, pages = None, []
    while True:
        page = store.threads(ME, search=None, before=cursor, limit=4)
        pages.append([thread.title for thread in page.threads])
        cursor = page.next
        if cursor is None:
            break
    assert pages == [["9", "8", "7", "6"], ["5", "4", "3", "2"], ["1", "0"]]


def test_what_was_said_last_moves_a_conversation_up(store: SqlStore) -> None:
    store.write([asked("1", number=1, thread=thread_of(1)), asked("2", number=2, thread=thread_of(2))])
    assert titles(store) == ["2", "1"]
    store.write([answered(asked("1", number=1, at_ms=8))])
    assert titles(store) == ["1", "2"]


@pytest.mark.parametrize("cursor", ["", "1", "x:y", "1:", "-1:abc", "1" * 30 + ":abc", "1:a'b", "\u0661:abc"])
def test_a_cursor_that_is_none_is_refused(store: SqlStore, cursor: str) -> None:
    with pytest.raises(ValueError, match="No page"):
        store.threads(ME, search=None, before=cursor, limit=1)


@pytest.mark.parametrize(
    ("search", "found"),
    [
        ("SALES", ["Sales in Köln"]),
        ("köLN", ["Sales in Köln"]),
        ("ko\u0308ln", ["Sales in Köln"]),
        ("STRASSE", ["Straße"]),
        ("an answer", ["Straße"]),
        ("hidden", []),
        ("100%", ["100% of_it \\ all"]),
        ("0%o", []),
        ("f_i", ["100% of_it \\ all"]),
        ("n_K", []),
        ("\\", ["100% of_it \\ all"]),
        ("%", ["100% of_it \\ all"]),
        ("'; DROP TABLE vizro_ws_chat_threads; --", []),
        ("\0", ["Straße", "100% of_it \\ all", "Sales in Köln"]),
        ("x" * 100_000, []),
    ],
)
def test_titles_and_texts_are_searched(store: SqlStore, search: str, found: list[str]) -> None:
    street = asked("Straße", number=3, thread=thread_of(3))
    content = (ContentPart("reasoning", "Hidden"), ContentPart("text", "This is an ANSWER"))
    store.write(
        [
            asked("Sales in Köln", number=1, thread=thread_of(1)),
            asked("100% of_it \\ all", number=2, thread=thread_of(2)),
            street,
            answered(street, content),
        ]
    )
    assert titles(store, search) == found


# ---- forgetting ----


def test_what_is_deleted_is_gone_and_its_late_answer_too(store: SqlStore) -> None:
    question, same = asked("Hello", number=1), asked("Hello", number=9, thread=thread_of(2))
    store.write([question, same])
    store.delete(ME, thread_of(1))
    store.delete(ME, thread_of(1))
    store.write([answered(question, "Late")])
    assert store.thread(ME, thread_of(1)) is None
    assert [kept.message.content for kept in said(store, thread_of(2))] == ["Hello"]
    assert titles(store, "late") == []


def test_a_conversation_that_goes_on_after_it_was_deleted_is_there_again(store: SqlStore) -> None:
    changes = conversation(2)
    store.write(changes[:2])
    store.delete(ME, thread_of(1))
    store.write(changes[2:])
    assert len(said(store)) == 4


def test_what_is_old_is_forgotten(store: SqlStore) -> None:
    store.write([asked(f"{n}", number=n, thread=thread_of(n)) for n in range(250)])
    assert store.forget(249) == 249
    assert titles(store) == ["249"]
    assert store.forget(249) == 0
