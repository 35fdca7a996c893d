from qa.answer import Answer
from qa.recent import RecentAnswers
from qa.settings import AskSettings


def test_the_answer_not_asked_for_longest_is_forgotten_first():
    recent = RecentAnswers(kept=2)
    for key in ("a", "b"):
        recent.keep(key, Answer(key))
    recent.get("a")
    recent.keep("c", Answer("c"))
    assert [key for key in "abc" if recent.get(key)] == ["a", "c"]


def test_a_question_asked_again_gets_the_same_answer_object(assistant):
    question = "Does alphamab slow disability progression?"
    assert assistant.ask(question) is assistant.ask(question)


def test_other_settings_or_turns_are_another_question(assistant):
    question = "Does alphamab slow disability progression?"
    first = assistant.ask(question)
    assert assistant.ask(question, settings=AskSettings(max_statements=1)) is not first
    assert assistant.ask(question, ["What is betanib?"]) is not first
