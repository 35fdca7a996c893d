from itertools import pairwise
from random import Random

import pytest

from ingest.chunk import sections
from ingest.document import Span
from ingest.sentences import split_sentences

WORDS = "MS No. no. vs. et al. e.g. 5 0.76 p=0.03 m. B. S. L. (see 34% “Why?” end. stop! Ω-3 é 𝛼 ## 1. - .".split()
GAPS = (" ", " ", " ", "  ", "\n", "\n\n", "\n- ", "\n2. ", "\t", "\n## ")


def quoted(text: str) -> list[str]:
    return [span.of(text) for span in split_sentences(text)]


def random_text(seed: int, gaps: tuple[str, ...] = GAPS) -> str:
    random = Random(seed)
    return "".join(random.choice(WORDS) + random.choice(gaps) for _ in range(random.randrange(60)))


@pytest.mark.parametrize("seed", range(50))
def test_spans_are_sorted_apart_and_without_white_space_around_them(seed):
    text = random_text(seed)
    spans = split_sentences(text)
    assert all(before.end <= after.start for before, after in pairwise(spans))
    assert all(span.of(text) and span.of(text) == span.of(text).strip() for span in spans)


@pytest.mark.parametrize("seed", range(50))
def test_only_white_space_and_item_markers_lie_between_sentences(seed):
    text = random_text(seed)
    edges = [0, *(edge for span in split_sentences(text) for edge in (span.start, span.end)), len(text)]
    gaps = [text[start:end] for start, end in zip(edges[::2], edges[1::2], strict=True)]
    assert {word for gap in gaps for word in gap.split()} <= {"-", "1.", "2."}
    assert "".join(gap + part for gap, part in zip(gaps, [*quoted(text), ""], strict=True)) == text


@pytest.mark.parametrize("seed", range(50))
def test_a_sentence_is_not_split_again(seed):
    text = random_text(seed, gaps=(" ", "\n", "\n\n")).replace("1.", "one").replace("- ", "")
    spans = split_sentences(text)
    assert [again for span in spans for again in split_sentences(text, span.start, span.end)] == spans


@pytest.mark.parametrize("seed", range(10))
def test_splitting_a_part_of_a_text_gives_offsets_in_the_whole(seed):
    text = random_text(seed)
    shifted = split_sentences(f"Before. {text} After.", 8, 8 + len(text))
    assert [Span(span.start - 8, span.end - 8) for span in shifted] == split_sentences(text)


def test_offsets_count_characters_and_not_bytes():
    assert split_sentences("Ωé𝛼 ist. Zwei.") == [Span(0, 8), Span(9, 14)]


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("Drug A vs. Placebo was tested.", id="vs."),
        pytest.param("Hauser et al. Neurology 2017 reports it.", id="et al."),
        pytest.param("Some drugs, e.g. Ocrelizumab, lower it.", id="e.g."),
        pytest.param("One dose, i.e. 600 mg, was given.", id="i.e."),
        pytest.param("The dose was approx. 600 mg.", id="approx."),
        pytest.param("The scale (cf. Kurtzke) ends at 10.", id="abbreviation after a bracket"),
        pytest.param("Results are in Fig. 2 of the report.", id="Fig."),
        pytest.param("Advice from Dr. Smith was kept.", id="Dr."),
        pytest.param("Trial No. 5 was stopped.", id="No. before a number"),
        pytest.param("Written by Hauser S. L. Kappos and others.", id="initials after a name"),
        pytest.param("J. Smith wrote it.", id="initial at the beginning"),
        pytest.param("The hazard ratio was 0.76 (p=0.03; n=1.234) in ONE.", id="decimals and p"),
        pytest.param("It rose by approx. 3 points. of which two stayed.", id="small letter after a stop"),
        pytest.param("The line\nbreaks in\nthe middle.", id="line breaks"),
        pytest.param("No stop at the end", id="no stop at all"),
    ],
)
def test_stays_one_sentence(text):
    assert quoted(text) == [text]


@pytest.mark.parametrize(
    ("text", "sentences"),
    [
        pytest.param("People had MS. Next came ONE.", ["People had MS.", "Next came ONE."], id="MS."),
        pytest.param("It worked.\nJ. Smith wrote it.", ["It worked.", "J. Smith wrote it."], id="initial first"),
        pytest.param("They walked 100 m. Next.", ["They walked 100 m.", "Next."], id="100 m."),
        pytest.param("Test for hepatitis B. Next.", ["Test for hepatitis B.", "Next."], id="letter of a disease"),
        pytest.param("Is it? No. Next.", ["Is it?", "No.", "Next."], id="the answer no"),
        pytest.param("It ended in 2020. 5 died.", ["It ended in 2020.", "5 died."], id="number begins"),
        pytest.param("P was 0.03. HR was 0.76.", ["P was 0.03.", "HR was 0.76."], id="decimal ends"),
        pytest.param("He said “stop.” Then (so.) It.", ["He said “stop.”", "Then (so.)", "It."], id="closing signs"),
        pytest.param("It ended. “Why?” Ωmega!", ["It ended.", "“Why?”", "Ωmega!"], id="opening signs, Greek"),
        pytest.param("It ended.\nNext line.", ["It ended.", "Next line."], id="stop at the end of a line"),
        pytest.param("No stop\n\nnext", ["No stop", "next"], id="blank line"),
        pytest.param("- one item\n- two Items\n  go on", ["one item", "two Items\n  go on"], id="bullets"),
        pytest.param("They are:\n1. one\n2) two", ["They are:", "one", "two"], id="numbered items"),
        pytest.param(" \n\t\n", [], id="white space"),
        pytest.param("", [], id="nothing"),
    ],
)
def test_splits_into(text, sentences):
    assert quoted(text) == sentences


def test_headings_are_no_part_of_any_sentence():
    text = "Before.\n\n## Results\n\nOne. Two.\n\n### Safety ###\nThree.\n"
    found = {part.heading: part.span.of(text).split() for part in sections(text)}
    assert found == {"": ["Before."], "Results": ["One.", "Two."], "Safety": ["Three."]}
