"""What people asked, with the sentences that answer it: the rows of corpus/asked.tsv, from what fitting may see."""

from collections.abc import Iterator, Mapping, Sequence

from eval.judged import to_learn
from eval.suite import PRACTICE_DIR, load_questions
from eval.training import from_suite, read_training
from ingest.load import PACKAGED, find_files, load_document
from ingest.questions import Asked
from ingest.sentences import split_sentences

FEWEST_WORDS = 5  # of a sentence's opening
MOST_ANSWERS = 8  # a question that more sentences answer says little of each
Sentences = Mapping[str, Sequence[str]]  # those of each document, by its key
Right = tuple[str, str]  # a document's key and one of its sentences


def asked() -> list[Asked]:
    """A row for each sentence that answers a question, which stands behind those that it leans on."""
    sentences = _sentences()
    found: set[Asked] = set()
    for question, right in (*_judged(sentences), *_examples(sentences)):
        if len(right) <= MOST_ANSWERS:
            found.update(Asked(key, _opening(one, sentences[key]), question) for key, one in right)
    return sorted(found, key=lambda one: (one.key, one.opening, one.question))


def _judged(sentences: Sentences) -> Iterator[tuple[str, list[Right]]]:
    for judged in to_learn():
        keys = {key for key, _ in judged.best}
        yield judged.asked, [(key, one) for key in keys for one in sentences[key] if judged.is_best(key, one)]


def _examples(sentences: Sentences) -> Iterator[tuple[str, list[Right]]]:
    suite = (load_questions(split="dev"), load_questions(PRACTICE_DIR, "dev"))
    for example in (*read_training(), *(one for questions in suite for one in from_suite(questions))):
        if example.answerable:
            every = ((key, one) for key, texts in sentences.items() for one in texts)
            yield example.asked, [right for right in every if example.is_right(*right)]


def _sentences() -> dict[str, list[str]]:
    documents = map(load_document, find_files([PACKAGED]))
    return {
        document.source.key: [" ".join(s.of(document.text).split()) for s in split_sentences(document.text)]
        for document in documents
    }


def _opening(sentence: str, others: Sequence[str]) -> str:
    """The first words of a sentence that tell it from the others of its document."""
    words = sentence.split(" ")
    openings = (" ".join(words[:count]) for count in range(min(FEWEST_WORDS, len(words)), len(words) + 1))
    return next((one for one in openings if sum(other.startswith(one) for other in others) == 1), sentence)
