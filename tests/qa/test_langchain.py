import asyncio

import pytest

from qa.answer import Answer
from qa.assistant import DoneEvent

QUESTION = "What was the hazard ratio for progression with alphamab in ONE?"


def test_the_retriever_returns_documents_with_their_source(assistant):
    documents = assistant.as_retriever(k=2).invoke(QUESTION)
    assert len(documents) == 2
    assert documents[0].metadata["number"] == 1
    assert documents[0].page_content == assistant.retrieve(QUESTION, 2)[0].text


def test_the_runnable_answers_a_string_and_a_mapping(assistant):
    runnable = assistant.as_runnable()
    assert isinstance(runnable.invoke(QUESTION), Answer)
    asked = {"question": "and its infusion reactions?", "history": ["Did alphamab slow progression in ONE?"]}
    assert "34%" in runnable.invoke(asked).text


def test_the_runnable_batches_streams_and_awaits(assistant):
    runnable = assistant.as_runnable()
    assert [answer.text for answer in runnable.batch([QUESTION] * 3)] == [assistant.ask(QUESTION).text] * 3
    assert isinstance(list(runnable.stream(QUESTION))[-1], DoneEvent)
    assert asyncio.run(runnable.ainvoke(QUESTION)).text == assistant.ask(QUESTION).text


def test_the_runnable_composes_with_others(assistant):
    from langchain_core.runnables import RunnableLambda

    assert "0.76" in (assistant.as_runnable() | RunnableLambda(lambda answer: answer.text)).invoke(QUESTION)


def test_a_mapping_without_a_question_is_refused(assistant):
    with pytest.raises(ValueError, match="no 'question'"):
        assistant.as_runnable().invoke({"text": "x"})
