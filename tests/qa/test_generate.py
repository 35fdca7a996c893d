import json

import pytest

from qa.answer import Mode, Turn
from qa.assistant import ComposedEvent, DoneEvent, StatementEvent
from qa.prompts import messages

QUESTION = "What was the hazard ratio for progression with alphamab in ONE?"
GOOD = "In ONE, the hazard ratio for progression with alphamab was 0.76 [1]. "
LATER = "Infusion reactions occurred in 34% of people on alphamab in ONE [1]. "
FALSE = "In ONE, the hazard ratio for progression with alphamab was 0.67 [1]. "


def plain(sentence):
    return sentence.replace(" [1]", "").strip()


def test_a_supported_sentence_is_shown_with_the_quote_that_carries_it(assistant, model_server, with_model):
    model_server.writes(GOOD, LATER)
    answer = assistant.ask(QUESTION, settings=with_model())
    assert answer.mode is Mode.GENERATE
    assert [statement.text for statement in answer.statements] == [plain(GOOD), plain(LATER)]
    for citation in answer.citations:
        assert assistant.document(citation.source.key).text[citation.start : citation.end] == citation.quote
    assert answer.statements[1].citations[0].quote.startswith("Infusion reactions")


def test_an_unsupported_sentence_is_removed_counted_and_kept_with_its_reason(assistant, model_server, with_model):
    model_server.writes(GOOD, FALSE)
    answer = assistant.ask(QUESTION, settings=with_model())
    assert "0.67" not in answer.text
    assert [removed.check for removed in answer.removed] == ["number"]
    assert "1 sentence of the language model was left out" in answer.notice


def test_a_sentence_without_a_mark_cites_the_passage_that_carries_it_or_goes(assistant, model_server, with_model):
    unmarked = [text.replace(" [1]", "") for text in (LATER, FALSE)]
    model_server.writes(*unmarked, GOOD)
    answer = assistant.ask(QUESTION, settings=with_model())
    assert [statement.text for statement in answer.statements] == [plain(LATER), plain(GOOD)]
    assert answer.statements[0].citations[0].quote.startswith("Infusion reactions")
    assert [removed.reason for removed in answer.removed] == ["it names no passage, and none carries it"]


def test_the_composed_answer_takes_over_when_the_answer_itself_was_removed(assistant, model_server, with_model):
    model_server.writes(FALSE, "A standing frame helped people with progressive MS to keep their balance [4]. ")
    answer = assistant.ask(QUESTION, settings=with_model())
    assert answer.mode is Mode.COMPOSE
    assert "0.76" in answer.text


def test_composed_evidence_comes_first_and_each_sentence_before_the_end(assistant, model_server, with_model):
    model_server.writes(GOOD, LATER)
    kinds = [type(event) for event in assistant.stream(QUESTION, settings=with_model())]
    assert kinds[1:] == [ComposedEvent, StatementEvent, StatementEvent, DoneEvent]


@pytest.mark.parametrize(
    "question",
    ["Who won the 1998 football world cup?", "Should I stop taking betanib for progression?", "Does zorbatinib help?"],
    ids=["off topic", "personal", "unknown drug"],
)
def test_no_model_is_called_where_the_assistant_abstains_or_a_person_must_decide(
    assistant, model_server, with_model, question
):
    answer = assistant.ask(question, settings=with_model())
    assert (answer.mode, answer.usage) == (Mode.COMPOSE, None)
    assert not model_server.requests


def test_earlier_questions_go_in_short_and_without_their_answers(assistant, model_server, with_model):
    before = Turn("Did alphamab slow progression in ONE?", "Some answer. [7]")
    assistant.ask("and its infusion reactions?", [before], settings=with_model())
    prompt = model_server.requests[0].prompt
    assert "- Did alphamab slow progression in ONE?" in prompt
    assert "Some answer" not in prompt
    assert len(messages("Q?", [], ["word " * 500] * 9, "Q?")[1][1]) < 1000


def test_tokens_and_times_are_told(assistant, model_server, with_model):
    model_server.writes(GOOD)
    answer = assistant.ask(QUESTION, settings=with_model())
    assert (answer.usage.input_tokens, answer.usage.output_tokens) == (100, 20)
    assert answer.timings["first_written"] <= answer.timings["write"] + answer.timings["total"]
    assert json.loads(json.dumps(answer.to_dict()))["usage"]["model"] == "openai:test"


def test_a_kept_reply_costs_no_second_call_and_is_checked_again(assistant, model_server, with_model, tmp_path):
    model_server.writes(GOOD, FALSE)
    settings = with_model(cache=str(tmp_path / "replies"))
    first, second = (assistant.ask(QUESTION, settings=settings) for _ in range(2))
    assert len(model_server.requests) == 1
    assert (second.usage.kept, second.text, second.removed) == (True, first.text, first.removed)


def test_a_damaged_kept_reply_is_asked_for_again(assistant, model_server, with_model, tmp_path):
    model_server.writes(GOOD)
    settings = with_model(cache=str(tmp_path))
    assistant.ask(QUESTION, settings=settings)
    for file in tmp_path.glob("*.json"):
        file.write_text('{"text": ')
    assert assistant.ask(QUESTION, settings=settings).mode is Mode.GENERATE
    assert len(model_server.requests) == 2


@pytest.mark.parametrize(
    "sentence",
    [
        "It failed in ONE [1].",
        "The hazard ratio for progression was 0.76 [9].",
        "However, the drug slowed progression [2].",
    ],
    ids=["pronoun", "no such passage", "the drug"],
)
def test_a_sentence_that_cannot_be_read_alone_is_removed(assistant, model_server, with_model, sentence):
    model_server.writes(sentence)
    assert assistant.ask(QUESTION, settings=with_model()).removed


def test_a_number_that_no_quote_holds_is_never_shown(assistant, model_server, with_model):
    model_server.writes(*(GOOD.replace("0.76", f"0.{n}") for n in range(60, 70)))
    assert assistant.ask(QUESTION, settings=with_model()).mode is Mode.COMPOSE
