from vizro_ws_chat.protocol.content import ContentPart, content_of, length_of, parts_of

CHART = ContentPart("component", "{}")


def test_nothing_but_one_text_is_that_text() -> None:
    assert content_of([ContentPart("text", "Hello")]) == "Hello"
    assert parts_of("Hello") == (ContentPart("text", "Hello"),)


def test_anything_else_keeps_its_parts() -> None:
    for parts in ([CHART], [ContentPart("text", "a"), CHART], [ContentPart("text", "a"), ContentPart("text", "b")], []):
        assert content_of(parts) == tuple(parts)
        assert parts_of(content_of(parts)) == tuple(parts)


def test_its_length_is_that_of_all_parts() -> None:
    assert length_of("Hello") == 5
    assert length_of((CHART, ContentPart("text", "Hello"))) == 7
