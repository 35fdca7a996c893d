from dataclasses import replace

import pytest

from qa.abstain import DOUBT, MESSAGES
from qa.answer import Abstention, Answer, Statement, Support, Turn
from qa.assistant import DoneEvent, RetrievedEvent, StatementEvent
from qa.settings import AskSettings, ModelSettings
from qa.several import answer_several

TWO = "Does alphamab slow progression? Does a standing frame help balance?"


@pytest.fixture
def whole_answer():
    """An answer of these statements, a refusal where there are none."""

    def make(*texts, confidence=0.1):
        statements = tuple(Statement(text, (), Support.SUPPORTED) for text in texts)
        refused = {} if texts else {"message": "Not held.", "abstention": Abstention.INSUFFICIENT}
        return Answer("?", statements=statements, confidence=confidence, corpus_hash="", **refused)

    return make


def test_each_question_of_a_message_is_answered_under_its_own_heading(assistant):
    groups = [group for group, _ in assistant.ask(TWO).grouped()]
    assert groups == ["Does alphamab slow progression?", "Does a standing frame help balance?"]


def test_the_half_of_a_question_is_headed_without_its_and(assistant):
    answer = assistant.ask("Does alphamab slow progression, and what did betanib do to the liver?")
    groups = [group for group, _ in answer.grouped()]
    assert groups == ["Does alphamab slow progression?", "What did betanib do to the liver?"]


def test_a_sentence_that_answers_two_questions_is_said_once(assistant):
    asked = "Does alphamab slow disability progression? Did alphamab slow progression of disability?"
    answer = assistant.ask(asked)
    texts = [statement.text for statement in answer.statements]
    streamed = [event.statement.text for event in assistant.stream(asked) if isinstance(event, StatementEvent)]
    assert len(texts) == len(set(texts)) > 0
    assert streamed == texts


def test_a_question_whose_whole_answer_was_told_before_is_named(whole_answer):
    told = {"Does the spray work?": whole_answer("It works.", "A lot."), "And can I drive?": whole_answer("It works.")}
    asked = lambda question, *_: iter([DoneEvent(told[question])])  # noqa: E731
    *_, last = answer_several(asked, whole_answer(), ["Does the spray work, and can I drive?"], [], AskSettings())
    assert last.answer.notice == "Nothing more than what stands above was found on “Can I drive?”."


def test_a_statement_stands_under_the_question_that_it_answers_first_of_all(whole_answer):
    told = {
        "Does the spray work?": whole_answer("It works.", "Driving is safe.", "It works well."),
        "And can I drive?": whole_answer("Driving is safe.", "It works well."),
    }
    asked = lambda question, *_: iter([DoneEvent(told[question])])  # noqa: E731
    *events, last = answer_several(asked, whole_answer(), ["Does the spray work, and can I drive?"], [], AskSettings())
    told_under = [(statement.text, statement.group) for statement in last.answer.statements]
    assert told_under == [
        ("It works.", "Does the spray work?"),
        ("It works well.", "Does the spray work?"),
        ("Driving is safe.", "Can I drive?"),
    ]
    assert [event.statement for event in events if isinstance(event, StatementEvent)] == list(last.answer.statements)
    assert last.answer.notice is None


def test_what_a_language_model_writes_is_told_as_it_comes(whole_answer):
    def asked(question, *_):
        answer = whole_answer(f"{question} Yes.")
        yield from map(StatementEvent, answer.statements)
        yield DoneEvent(answer)

    settings = AskSettings(model=ModelSettings("fake:model"))
    stream = answer_several(asked, whole_answer(), ["Does it work?", "Is it safe?"], [], settings)
    first = next(stream)
    assert isinstance(first, StatementEvent)
    assert first.statement.group == "Does it work?"
    *_, last = stream
    assert len(last.answer.statements) == 2


def test_a_notice_names_the_question_that_it_concerns(whole_answer):
    told = {
        "Does it work?": replace(
            whole_answer("Yes."), notice=f"Decisions change; state of 2020. {DOUBT} Nothing quoted here mentions X."
        ),
        "Is it safe?": replace(whole_answer("Safe."), notice="“sefe” was read as safe."),
    }
    asked = lambda question, *_: iter([DoneEvent(told[question])])  # noqa: E731
    *_, last = answer_several(asked, whole_answer(), list(told), [], AskSettings())
    assert last.answer.notice == (
        f"Decisions change; state of 2020. On “Does it work?”: {DOUBT} Nothing quoted under it mentions X. "
        "“sefe” was read as safe."
    )
    told = {
        "Does it work?": replace(whole_answer("Yes."), notice=f"Decisions change; state of 2020. {DOUBT}"),
        "Is it safe?": replace(whole_answer("Safe."), notice=DOUBT),
    }
    *_, last = answer_several(asked, whole_answer(), list(told), [], AskSettings())
    assert last.answer.notice == f"Decisions change; state of 2020. {DOUBT}"


def test_parts_of_a_message_are_told_from_earlier_messages(whole_answer):
    heard = []

    def asked(question, turns, _):
        heard.append([(turn.question, turn.same_message) for turn in turns])
        return iter([DoneEvent(whole_answer(f"{question} Yes."))])

    list(answer_several(asked, whole_answer(), ["Does it work?", "Is it safe?"], [Turn("What is it?")], AskSettings()))
    assert heard == [[("What is it?", False)], [("What is it?", False), ("Does it work?", True)]]


def test_a_question_whose_first_half_is_refused_is_asked_whole(assistant):
    answer = assistant.ask("Who invented ZORBLAX pills, and did betanib slow progression?")
    assert (answer.statements, answer.abstention) == ((), Abstention.NO_EVIDENCE)
    assert "“" not in answer.message


def test_a_whole_that_is_hardly_an_answer_is_refused_with_its_first_half(whole_answer):
    told = {"Who invented it?": whole_answer(), "And did it slow relapses?": whole_answer("Slow.", confidence=0.9)}
    for confidence, texts in ((0.4, []), (0.6, ["Slow."])):
        told["Who invented it, and did it slow relapses?"] = whole_answer("Slow.", confidence=confidence)
        asked = lambda question, *_: iter([DoneEvent(told[question])])  # noqa: E731
        *_, last = answer_several(
            asked, whole_answer(), ["Who invented it, and did it slow relapses?"], [], AskSettings()
        )
        assert [statement.text for statement in last.answer.statements] == texts
        assert bool(last.answer.message) is not bool(texts)


def test_every_statement_is_streamed_before_the_whole_answer(assistant):
    events = list(assistant.stream(TWO))
    streamed = [event.statement for event in events if isinstance(event, StatementEvent)]
    assert isinstance(events[0], RetrievedEvent)
    assert isinstance(events[-1], DoneEvent)
    assert tuple(streamed) == events[-1].answer.statements


def test_a_later_question_leans_on_the_one_before_it(assistant):
    alone = assistant.ask("And what did it do to the liver?", [Turn("Did betanib slow progression?")])
    joined = assistant.ask("Did betanib slow progression? And what did it do to the liver?")
    assert alone.statements[0].text in [statement.text for statement in joined.statements]


def test_a_question_that_is_refused_is_named_beside_the_one_that_is_answered(assistant):
    answer = assistant.ask("Does alphamab slow progression? What about the drug ZORBLAX?")
    assert answer.statements
    assert "“What about the drug ZORBLAX?” is not answered" in answer.notice
    assert answer.abstention is None


def test_a_notice_that_concerns_all_is_said_once(assistant):
    answer = assistant.ask("Should I stop alphamab? Should I take betanib?")
    assert answer.abstention is Abstention.PERSONAL_ADVICE
    assert answer.notice.count("cannot decide about anybody") == 1


def test_questions_that_are_all_refused_leave_no_statement(assistant):
    answer = assistant.ask("Who invented ZORBLAX pills? Does QUIBBLON pills cure?")
    assert (answer.statements, answer.abstention) == ((), Abstention.NO_EVIDENCE)
    assert "ZORBLAX" in answer.message
    assert "QUIBBLON" in answer.message


def test_of_a_part_that_finds_nothing_by_itself_no_more_is_said_than_that(whole_answer):
    silent = replace(whole_answer(), message=MESSAGES[Abstention.INSUFFICIENT], abstention=Abstention.INSUFFICIENT)
    told = {"Does it help?": whole_answer("Slow.", confidence=0.9), "By how much?": silent}
    asked = lambda question, *_: iter([DoneEvent(told[question])])  # noqa: E731
    *_, last = answer_several(asked, whole_answer(), list(told), [], AskSettings())
    assert last.answer.notice == "Nothing more than what stands here was found on “By how much?”."
