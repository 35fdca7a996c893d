from math import ceil
from random import Random

import pytest

from ingest.chunk import chunk_document
from ingest.document import Document, Source
from ingest.sentences import split_sentences

PROSE = """Some words before.

## Results

One is here. Two is longer, by far. Three?

Four ends it.

## Safety

Five.
"""


class SyllableTokenizer:
    """Every four characters are a token, so that a single word can be longer than what is read."""

    max_tokens = 40

    def count_tokens(self, text):
        return sum(ceil(len(word) / 4) for word in text.split()) + 2


@pytest.fixture
def tokenizer():
    return SyllableTokenizer()


def document(text, title="A title"):
    source = Source("trial", 1, title, "Doe J", "Journal", 2020, "review", "https://example.org", "2020")
    return Document(source, text, "root", "trial.md", "hash")


def random_prose(seed):
    random = Random(seed)
    words = ["a", "drug", "slowed", "progression;", "disability,", "0.76", "x" * 300, "Ω𝛼", "(95%"]
    ends = [" "] * 12 + [". A", "? B", "\n", "\n\n", "\n- ", "\n\n## Some heading\n\n"]
    return "".join(random.choice(words) + random.choice(ends) for _ in range(200)) + "end."


def quoted(chunks, text):
    return [span.of(text) for chunk in chunks for span in chunk.sentences]


@pytest.mark.parametrize("seed", range(10))
def test_a_chunk_is_the_document_text_at_its_span(tokenizer, seed):
    text = random_prose(seed)
    chunks = chunk_document(document(text), tokenizer, chunk_tokens=20)
    assert [chunk.text for chunk in chunks] == [text[chunk.span.start : chunk.span.end] for chunk in chunks]
    assert all((c.sentences[0].start, c.sentences[-1].end) == (c.span.start, c.span.end) for c in chunks)


@pytest.mark.parametrize("seed", range(10))
def test_every_word_of_the_text_is_in_exactly_one_sentence(tokenizer, seed):
    text = random_prose(seed)
    said = "".join(quoted(chunk_document(document(text), tokenizer, chunk_tokens=20), text))
    assert "".join(said.split()) == "".join(text.replace("## Some heading", "").replace("\n- ", "\n").split())


@pytest.mark.parametrize("chunk_tokens", [16, 30, 500])
@pytest.mark.parametrize(
    ("title", "text"),
    [
        pytest.param("A title", PROSE, id="prose"),
        pytest.param("A title", "word " * 500 + "end.", id="sentence longer than is read"),
        pytest.param("A title", "x" * 900, id="word longer than is read"),
        pytest.param("A title", "No room, " + "x" * 900 + "; and more.", id="long word within a sentence"),
        pytest.param("A very long title " * 50, PROSE, id="long title"),
        pytest.param("T" * 900, PROSE, id="title of one long word"),
        pytest.param("A title", "## " + "Heading " * 50 + "\n\n" + PROSE, id="long heading"),
        pytest.param("A very long title " * 50, "## " + "H" * 900 + "\n\n" + PROSE, id="long title and heading"),
        *(pytest.param("A title", random_prose(seed), id=f"random {seed}") for seed in range(5)),
    ],
)
def test_no_chunk_exceeds_what_is_read(tokenizer, title, text, chunk_tokens):
    chunks = chunk_document(document(text, title), tokenizer, chunk_tokens=chunk_tokens)
    assert max(tokenizer.count_tokens(c.text) for c in chunks) <= min(chunk_tokens, tokenizer.max_tokens)


def test_a_heading_as_long_as_all_that_is_read_does_not_stop_the_document(embedder):
    text = "## " + "a " * 120 + "\n\nThe text has some words."
    chunks = chunk_document(document(text, "word " * 100), embedder, chunk_tokens=30)
    assert quoted(chunks, text) == ["The text has some words."]


def test_sentences_are_whole_and_those_of_the_splitter(embedder):
    text = "One is here. Two is longer, by far. Three?\n\nFour ends it."
    chunks = chunk_document(document(text), embedder, chunk_tokens=10)
    assert [span for chunk in chunks for span in chunk.sentences] == split_sentences(text)


def test_a_chunk_is_filled_with_sentences_before_the_next_begins(embedder):
    chunks = chunk_document(document("One two. Three four. Five six."), embedder, chunk_tokens=6)
    assert [chunk.text for chunk in chunks] == ["One two. Three four.", "Five six."]


def test_a_long_sentence_is_cut_between_words(tokenizer):
    text = "alpha beta gamma delta. " * 30
    words = " ".join(quoted(chunk_document(document(text), tokenizer, chunk_tokens=16), text)).split()
    assert words == text.split()


def test_a_chunk_lies_under_one_heading_and_records_it(embedder):
    chunks = chunk_document(document(PROSE), embedder, chunk_tokens=60)
    assert [(c.section, c.text.split()[0]) for c in chunks] == [("", "Some"), ("Results", "One"), ("Safety", "Five.")]


@pytest.mark.parametrize(
    "comment",
    [
        pytest.param("\n\n<!-- Hidden. Also this. -->\n\n", id="a paragraph of its own"),
        pytest.param("\n<!-- Hidden. -->\n", id="a line of its own"),
        pytest.param(" <!-- Hidden. --> ", id="within a line"),
        pytest.param("\n\n<!--\n## Hidden\n\nAlso this.\n-->\n\n", id="with a heading"),
    ],
)
def test_a_comment_is_left_out_and_nothing_else(embedder, comment):
    text = f"One is here.{comment}Two is here."
    chunks = chunk_document(document(text), embedder, chunk_tokens=60)
    assert quoted(chunks, text) == ["One is here.", "Two is here."]
    assert not [chunk.text for chunk in chunks if "Hidden" in chunk.section + chunk.text or "--" in chunk.text]


def test_ids_name_the_document_and_count_its_chunks(embedder):
    chunks = chunk_document(document(PROSE), embedder, chunk_tokens=60)
    assert [chunk.chunk_id for chunk in chunks] == ["trial/0", "trial/1", "trial/2"]


def test_chunking_twice_gives_equal_chunks(tokenizer):
    text = random_prose(0)
    once = chunk_document(document(text), tokenizer, chunk_tokens=20)
    assert chunk_document(document(text), tokenizer, chunk_tokens=20) == once


def test_what_is_appended_leaves_ids_and_texts_of_earlier_sections(embedder):
    before = chunk_document(document(PROSE), embedder, chunk_tokens=60)
    after = chunk_document(document(PROSE + "\n## Limits\n\nSix.\n"), embedder, chunk_tokens=60)
    assert after[: len(before)] == before


@pytest.mark.parametrize("text", ["## Results\n", "<!-- nothing yet -->\n"], ids=["heading", "comment"])
def test_a_text_without_sentences_has_no_chunks(embedder, text):
    assert chunk_document(document(text), embedder, chunk_tokens=60) == []
