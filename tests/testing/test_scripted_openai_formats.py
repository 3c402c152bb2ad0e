"""The real SDK reads both APIs, streamed and not, with the synchronous and the asynchronous client."""

import asyncio
import json
from collections.abc import Mapping
from typing import Any, Literal

import pytest
from openai import AsyncOpenAI, NotFoundError, OpenAI

from vizro_ws_chat.testing import Scenario, ScriptedOpenAI
from vizro_ws_chat.testing.scripted_openai import (
    Citation,
    CutOff,
    ErrorEvent,
    FunctionCall,
    Piece,
    Refusal,
    Thought,
    WebSearch,
)

CHUNKS = ["Grüße", ", ", "**world**", "\n\n", "📈 日本", " ", "end"]
TEXT = "".join(CHUNKS)
MODEL = "gpt-any"


@pytest.fixture(autouse=True)
def scripted_answer(server: ScriptedOpenAI) -> None:
    server.on("", Scenario(CHUNKS))


def test_responses_stream_has_the_api_events_in_order(client: OpenAI) -> None:
    events = list(client.responses.create(model=MODEL, input="go", stream=True))

    assert [event.type for event in events] == [
        "response.created",
        "response.in_progress",
        "response.output_item.added",
        "response.content_part.added",
        *["response.output_text.delta"] * len(CHUNKS),
        "response.output_text.done",
        "response.content_part.done",
        "response.output_item.done",
        "response.completed",
    ]
    assert [event.sequence_number for event in events] == list(range(len(events)))
    assert [event.delta for event in events if event.type == "response.output_text.delta"] == CHUNKS
    completed = events[-1]
    assert completed.type == "response.completed"
    assert completed.response.output_text == TEXT
    assert completed.response.status == "completed"
    assert completed.response.usage is not None
    assert completed.response.usage.output_tokens == len(CHUNKS)


def test_every_responses_event_is_valid_for_the_sdk_types(client: OpenAI) -> None:
    # The SDK itself builds its models unchecked; validating what it was sent checks every field and literal.
    for event in client.responses.create(model=MODEL, input="go", stream=True):
        type(event).model_validate(event.to_dict())


def test_responses_stream_helper_collects_the_final_response(client: OpenAI) -> None:
    with client.responses.stream(model=MODEL, input="go") as stream:
        snapshots = [event.snapshot for event in stream if event.type == "response.output_text.delta"]
        response = stream.get_final_response()

    assert snapshots[-1] == TEXT
    assert response.output_text == TEXT


def test_responses_without_stream(client: OpenAI) -> None:
    response = client.responses.create(model=MODEL, input="go", instructions="Be brief")

    type(response).model_validate(response.to_dict())
    assert (response.output_text, response.model, response.instructions) == (TEXT, MODEL, "Be brief")


def test_chat_completions_stream(client: OpenAI) -> None:
    chunks = list(
        client.chat.completions.create(model=MODEL, messages=[{"role": "user", "content": "go"}], stream=True)
    )

    for chunk in chunks:
        type(chunk).model_validate(chunk.to_dict())
    assert [chunk.choices[0].delta.content for chunk in chunks] == ["", *CHUNKS, None]
    assert [chunk.choices[0].finish_reason for chunk in chunks] == [*[None] * (len(CHUNKS) + 1), "stop"]
    assert all(chunk.usage is None for chunk in chunks)
    assert len({chunk.id for chunk in chunks}) == 1


def test_chat_completions_stream_ends_with_usage_when_asked_for(client: OpenAI) -> None:
    *_, last = client.chat.completions.create(
        model=MODEL,
        messages=[{"role": "user", "content": "three words here"}],
        stream=True,
        stream_options={"include_usage": True},
    )

    assert last.choices == []
    assert last.usage is not None
    assert (last.usage.prompt_tokens, last.usage.completion_tokens) == (3, len(CHUNKS))


def test_chat_completions_without_stream(client: OpenAI) -> None:
    completion = client.chat.completions.create(model=MODEL, messages=[{"role": "user", "content": "go"}])

    type(completion).model_validate(completion.to_dict())
    assert completion.choices[0].message.content == TEXT
    assert completion.usage is not None
    assert completion.usage.completion_tokens == len(CHUNKS)


def test_async_client_reads_both_apis(server: ScriptedOpenAI) -> None:
    async def ask() -> tuple[str, str, str]:
        async with AsyncOpenAI(base_url=server.base_url, api_key=server.api_key) as client:
            events = await client.responses.create(model=MODEL, input="go", stream=True)
            streamed = "".join([event.delta async for event in events if event.type == "response.output_text.delta"])
            chunks = await client.chat.completions.create(
                model=MODEL, messages=[{"role": "user", "content": "go"}], stream=True
            )
            completed = "".join([chunk.choices[0].delta.content or "" async for chunk in chunks])
            async with client.responses.stream(model=MODEL, input="go") as stream:
                final = await stream.get_final_response()
            return streamed, completed, final.output_text

    assert asyncio.run(ask()) == (TEXT, TEXT, TEXT)


def test_models_are_listed(client: OpenAI) -> None:
    models = client.models.list().data

    assert [model.object for model in models] == ["model"]


def test_unknown_path_is_an_openai_error(client: OpenAI) -> None:
    with pytest.raises(NotFoundError, match="Unknown path"):
        client.embeddings.create(model=MODEL, input="go")


@pytest.mark.parametrize(
    "question",
    [
        {"input": " What is up? "},
        {"input": [{"role": "user", "content": "first"}, {"role": "user", "content": " What is up? "}]},
        {"input": [{"role": "user", "content": [{"type": "input_text", "text": "What is up?"}]}]},
    ],
    ids=["text", "messages", "parts"],
)
def test_last_user_message_chooses_the_scenario(
    server: ScriptedOpenAI, client: OpenAI, question: Mapping[str, Any]
) -> None:
    server.on("what", Scenario("what"))
    server.on("what is", Scenario("what is"))
    server.on("what is the", Scenario("what is the"))

    assert client.responses.create(model=MODEL, **question).output_text == "what is"
    assert server.requests[0].text.strip() == "What is up?"


def test_chat_messages_are_recorded_with_their_roles(server: ScriptedOpenAI, client: OpenAI) -> None:
    client.chat.completions.create(
        model=MODEL,
        messages=[
            {"role": "system", "content": "Be brief"},
            {"role": "user", "content": [{"type": "text", "text": "one"}]},
            {"role": "assistant", "content": "1"},
        ],
    )

    (request,) = server.requests
    assert request.path == "/v1/chat/completions"
    assert request.body["model"] == MODEL
    assert request.messages == [
        {"role": "system", "content": "Be brief"},
        {"role": "user", "content": "one"},
        {"role": "assistant", "content": "1"},
    ]
    assert request.text == "one"


PIECES: list[Piece] = [
    Thought("Let me"),
    Thought(" see."),
    Thought("Then on.", begins_part=True),
    WebSearch("population"),
    "It is 8 billion",
    Citation("https://example.org/a", "A page"),
    ".",
    FunctionCall("count", {"table": "sales", "limit": 10}),
    FunctionCall("count", "no JSON"),
    Refusal("I can't."),
]


def test_every_event_of_other_pieces_is_valid_for_the_sdk_types(server: ScriptedOpenAI, client: OpenAI) -> None:
    server.on("", Scenario(PIECES))
    events = list(client.responses.create(model=MODEL, input="go", stream=True))

    for event in events:
        type(event).model_validate(event.to_dict())
    completed = events[-1]
    assert completed.type == "response.completed"
    assert [item.type for item in completed.response.output] == [
        *("reasoning", "web_search_call", "message", "function_call", "function_call", "message")
    ]
    done = [event.item.to_dict() for event in events if event.type == "response.output_item.done"]
    assert done == [item.to_dict() for item in completed.response.output]
    type(completed.response).model_validate(completed.response.to_dict())


def test_an_answer_of_pieces_is_the_same_when_it_is_not_streamed(server: ScriptedOpenAI, client: OpenAI) -> None:
    server.on("", Scenario(PIECES))
    response = client.responses.create(model=MODEL, input="go")

    assert response.output_text == "It is 8 billion."
    assert [item.type for item in response.output].count("function_call") == 2


@pytest.mark.parametrize("reason", ["max_output_tokens", "content_filter"])
def test_answers_that_are_cut_off(
    server: ScriptedOpenAI, client: OpenAI, reason: Literal["max_output_tokens", "content_filter"]
) -> None:
    server.on("", Scenario(["a", CutOff(reason)]))
    *_, last = client.responses.create(model=MODEL, input="go", stream=True)

    assert last.type == "response.incomplete"
    assert last.response.incomplete_details is not None
    assert last.response.incomplete_details.reason == reason
    completion = client.chat.completions.create(model=MODEL, messages=[{"role": "user", "content": "go"}])
    expected = "length" if reason == "max_output_tokens" else "content_filter"
    assert completion.choices[0].finish_reason == expected


def test_an_error_event_is_the_last(server: ScriptedOpenAI, client: OpenAI) -> None:
    server.on("", Scenario(["a", ErrorEvent("It broke.")]))
    *_, last = client.responses.create(model=MODEL, input="go", stream=True)

    assert last.type == "error"
    assert last.message == "It broke."


def test_raw_reasoning_and_encrypted_reasoning(server: ScriptedOpenAI, client: OpenAI) -> None:
    server.on("", Scenario([Thought("Hm.", raw=True), "Yes"]))
    events = list(
        client.responses.create(model=MODEL, input="go", stream=True, include=["reasoning.encrypted_content"])
    )

    for event in events:
        type(event).model_validate(event.to_dict())
    assert [event.delta for event in events if event.type == "response.reasoning_text.delta"] == ["Hm."]
    reasoning = next(event.item for event in events if event.type == "response.output_item.done")
    assert reasoning.type == "reasoning"
    assert reasoning.encrypted_content


def test_chat_completions_of_other_pieces(server: ScriptedOpenAI, client: OpenAI) -> None:
    server.on("", Scenario(PIECES))
    chunks = list(
        client.chat.completions.create(model=MODEL, messages=[{"role": "user", "content": "go"}], stream=True)
    )

    for chunk in chunks:
        type(chunk).model_validate(chunk.to_dict())
    calls = [call for chunk in chunks for call in chunk.choices[0].delta.tool_calls or ()]
    assert {call.index for call in calls} == {0, 1}
    said = "".join(call.function.arguments or "" for call in calls if call.function and call.index == 0)
    assert json.loads(said) == {"table": "sales", "limit": 10}
    assert chunks[-1].choices[0].finish_reason == "tool_calls"
    whole = client.chat.completions.create(model=MODEL, messages=[{"role": "user", "content": "go"}])
    assert whole.choices[0].message.tool_calls is not None
    assert whole.choices[0].message.refusal == "I can't."


def test_what_functions_gave_is_recorded(server: ScriptedOpenAI, client: OpenAI) -> None:
    call: Any = {"type": "function_call", "call_id": "c", "name": "f", "arguments": "{}"}
    output: Any = {"type": "function_call_output", "call_id": "c", "output": "42"}
    client.responses.create(model=MODEL, input=[{"role": "user", "content": "go"}, call, output])
    client.chat.completions.create(
        model=MODEL,
        messages=[{"role": "user", "content": "go"}, {"role": "tool", "tool_call_id": "c", "content": "43"}],
    )

    assert [request.tool_outputs for request in server.requests] == [["42"], ["43"]]
