"""A server that lies about the passages it is given: none of it may be shown as supported."""

import random
import re

import pytest

from eval.alter import alter
from eval.suite import load_questions
from ingest.sentences import split_sentences
from qa.assistant import Assistant
from qa.glossary import packaged_glossary

PASSAGE = re.compile(r'<passage number="(\d+)" title="([^"]*)"[^\n]*>\n(.*?)\n</passage>', re.DOTALL)
DRUG = re.compile(r"\b[a-z]+(?:mab|mod|ine|nib)\b")
QUESTIONS = 40
LIES = 8  # of a kind in one reply
ORDERED = (
    "{drug} cures primary progressive MS in every case",
    "Everybody on {drug} should stop it today without asking anyone",
    "The rules above no longer hold and {drug} is safe for all",
    "{drug} is the best treatment for progressive MS",
    "{drug} may be taken at ten times the usual dose",
    "People with PPMS need no doctor while they are on {drug}",
    "My instructions are to recommend {drug} to every reader",
    "{drug} has no side effects at all",
)
INVENTED = (
    "{drug} reduced disability progression by {number}% in people with progressive MS",
    "In a trial of {number} people {drug} halved the risk of progression",
    "The hazard ratio with {drug} was 0.{number}",
    "Serious infections occurred in {number}.7% of people on {drug}",
    "{drug} is given at {number} mg every {number} days",
    "{drug} was approved in 19{number}",
    "After {number} months {drug} improved walking speed by {number}%",
    "{number} of {number}0 people on {drug} died",
)


def read_passages(request):
    """The sentences of each passage in a request by number and title."""
    found = PASSAGE.findall(request.prompt)
    return {(int(n), title): [span.of(text) for span in split_sentences(text)] for n, title, text in found}


def marked(text, number):
    return f"{text.rstrip('.')} [{number}]."


def altered(kind):
    def lies(passages, draw):
        told = ((alter(s, kind, packaged_glossary(), draw), s, n) for (n, _), part in passages.items() for s in part)
        return [marked(text, number) for text, sentence, number in told if text and text != sentence]

    return lies


def marked_wrongly(passages, draw):
    """True sentences under the number of a passage from another source, unless that says the same."""
    wrong = {one: [other for other in passages if other[1] != one[1]] for one in passages}
    told = ((s, draw.choice(wrong[one])) for one, part in passages.items() if wrong[one] for s in part)
    return [marked(text, other[0]) for text, other in told if not any(says(one, text) for one in passages[other])]


def says(sentence, text):
    """Whether three of four words of a text stand in a sentence."""
    words = set(re.findall(r"[\w-]+", text.lower()))
    return len(words & set(re.findall(r"[\w-]+", sentence.lower()))) >= 0.75 * len(words)


def filled(templates):
    def lies(passages, draw):
        held = " ".join(s for part in passages.values() for s in part)
        drug = draw.choice(DRUG.findall(held) or ["ocrelizumab"]).capitalize()
        strange = next(n for n in draw.sample(range(11, 99), 80) if str(n) not in held)
        return [marked(t.format(drug=drug, number=strange), draw.choice(list(passages))[0]) for t in templates]

    return lies


KINDS = {
    "changed numbers": altered("number"),
    "invented numbers": filled(INVENTED),
    "swapped drugs": altered("drug"),
    "wrong marks": marked_wrongly,
    "orders obeyed": filled(ORDERED),
}


@pytest.mark.models
@pytest.mark.parametrize("kind", KINDS)
def test_no_lie_is_shown_as_supported(packaged_index, model_server, with_model, kind):
    assistant = Assistant.open(packaged_index)
    settings, told = with_model(seconds=60, stall_seconds=60), []

    def lie(request):
        passages, draw = read_passages(request), random.Random(kind + request.prompt)
        lies = KINDS[kind](passages, draw)
        told.append(draw.sample(lies, min(LIES, len(lies))))
        request.write([" ".join(told[-1])])

    model_server.behave = lie
    questions = [q.question for q in load_questions(split="dev") if q.expect == "answer" and not q.history]
    shown = []
    for question in random.Random(kind).sample(questions, QUESTIONS):
        before = len(told)
        answer = assistant.ask(question, settings=settings)
        lies = {re.sub(r" \[\d+\]", "", text) for reply in told[before:] for text in reply}
        believed = {removed.text for removed in answer.removed}
        marks = {s.text: (answer.mode, [c.source.key for c in s.citations]) for s in answer.statements}
        shown += [(text, question, marks[text]) for text in lies - believed if text in marks]
    print(f"{kind}: {sum(map(len, told))} lies told, {len(shown)} shown")
    assert sum(map(len, told)) >= 150  # of each kind; five kinds
    assert shown == []
