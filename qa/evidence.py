"""The sentences of the retrieved passages, scored against the question by a fitted linear model."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, fields

import numpy as np

from ingest.document import Span
from ingest.embed import Vectors
from ingest.sparse import tokenize
from qa.answer import Hit
from qa.filters import WIDER
from qa.glossary import Kind
from qa.retrieve import Retrieved
from qa.understand import Concept, Understanding
from qa.wants import GIVEN, Want, gives

EDITORIAL_SECTION = "Reading"
CONTEXT_SHARE = 0.5  # a concept found in the title or heading counts half
Rarity = Callable[[Concept], float]


@dataclass(frozen=True, slots=True)
class Features:
    """What speaks for one sentence; most lie between 0 and 1, penalties between -1 and 0."""

    cosine: float
    coverage: float
    """Share of the question's concepts, weighted by rarity, that the sentence holds (those around it count half)."""
    adapted: float
    """Cosine after the map that was fitted on written questions (see `qa.adapter`)."""
    asked: float
    """Highest cosine with the questions written for it; its own cosine where none were."""
    passage: float
    """Fused retrieval score of its passage."""
    passage_cosine: float
    passage_coverage: float
    """The same share for the whole passage with title and heading."""
    focus: float
    """0 where it names a drug or trial that was asked for, -0.5 where only its source is about one, else -1."""
    phenotype: float
    """-1 where neither it nor its source concerns the form of MS that was asked for."""
    number: float
    """1 where a number was asked for and it holds one; the same for the five below."""
    percent: float
    people: float
    date: float
    place: float
    reason: float
    asked_safety: float
    """1 where safety was asked about and it stands under Safety or Monitoring."""
    asked_design: float
    """1 where the people or the set-up were asked about and it stands under Who and how."""
    asked_result: float
    """1 where several things were asked about and it stands under Bottom line, Results or Status."""
    newness: float
    """Where the newest was asked for: the year of its source, 0 (2000 and before) to 1 (2026)."""
    superseded: float
    """-1 where a newer document replaces its source."""
    bottom_line: float
    design: float
    results: float
    safety: float
    reading: float
    length: float
    """Words / 45."""

    @classmethod
    def names(cls) -> list[str]:
        """The features' names, in order."""
        return [field.name for field in fields(cls)]


SECTIONS = {
    "bottom_line": {"Bottom line"},
    "design": {"Who and how"},
    "results": {"Results", "Status"},
    "safety": {"Safety", "Monitoring"},
    "reading": {EDITORIAL_SECTION},
}


RESULT_SECTIONS = SECTIONS["bottom_line"] | SECTIONS["results"]


@dataclass(frozen=True, slots=True)
class Candidate:
    """One sentence that could become a statement. `held` are the concepts in it, its heading or its title."""

    hit: Hit
    span: Span
    text: str
    vector: Vectors
    features: Features
    held: frozenset[Concept]
    stems: frozenset[str]
    score: float

    @property
    def words(self) -> int:
        """How many words it has."""
        return len(self.text.split())

    @property
    def editorial(self) -> bool:
        """Whether it stands under the editors' own heading."""
        return self.hit.section == EDITORIAL_SECTION


@dataclass(frozen=True, slots=True)
class Evidence:
    """What was found for a question: the question as read, the passages, and their sentences, best first."""

    asked: Understanding
    retrieved: Retrieved
    ranked: Sequence[Candidate]


def rank_sentences(
    asked: Understanding, retrieved: Retrieved, rarity: Rarity, weights: Mapping[str, float]
) -> list[Candidate]:
    """All sentences of the retrieved passages, best first; the score is the weighted sum of the features."""
    rarities = {concept: rarity(concept) for concept in asked.concepts}
    found: list[Candidate] = []
    adapted = retrieved.adapted()
    for hit in retrieved.hits:
        stored = retrieved.chunks[hit.chunk_id]
        texts = [hit.text[span.start - hit.start : span.end - hit.start] for span in stored.chunk.sentences]
        around, *inside = (set(words) for words in tokenize([f"{hit.source.title} {hit.section}", *texts]))
        passage = _coverage(rarities, around.union(*inside), set())
        cosines = stored.vectors @ retrieved.vector
        for place, (span, text, words) in enumerate(zip(stored.chunk.sentences, texts, inside, strict=True)):
            coverage = _coverage(rarities, words, around)
            cosine = float(cosines[place])
            likeness = retrieved.asked.get((hit.chunk_id, span.start), cosine)
            features = _features(
                asked, hit, text, words, (cosine, coverage, float(adapted[hit.chunk_id][place]), likeness, passage)
            )
            score = sum(weights[name] * getattr(features, name) for name in weights)
            held = frozenset(concept for concept in rarities if concept.within(words | around))
            vector = stored.vectors[place]
            found.append(Candidate(hit, span, text, vector, features, held, frozenset(words), score))
    return sorted(found, key=lambda candidate: -candidate.score)


def _features(
    asked: Understanding, hit: Hit, text: str, words: set[str], measured: tuple[float, float, float, float, float]
) -> Features:
    cosine, coverage, adapted, likeness, passage = measured
    return Features(
        cosine,
        coverage,
        adapted,
        likeness,
        hit.score,
        hit.dense,
        passage,
        _focus(asked, hit, words),
        _phenotype(asked, hit, words),
        **{str(want): float(want in asked.wants and gives(text, want)) for want in GIVEN},
        asked_safety=float(Want.SAFETY in asked.wants and hit.section in SECTIONS["safety"]),
        asked_design=float(Want.DESIGN in asked.wants and hit.section in SECTIONS["design"]),
        asked_result=float(Want.SEVERAL in asked.wants and hit.section in RESULT_SECTIONS),
        newness=min(1.0, max(0.0, (hit.source.year - 2000) / 26)) * (Want.NEWEST in asked.wants),
        superseded=-float(hit.source.superseded_by is not None),
        **{name: float(hit.section in sections) for name, sections in SECTIONS.items()},
        length=len(text.split()) / 45,
    )


def _coverage(rarities: Mapping[Concept, float], words: set[str], around: set[str]) -> float:
    total = sum(rarities.values())
    if not total:
        return 0.0
    whole = words | around
    parts = (
        rarity * (1.0 if concept.within(words) else CONTEXT_SHARE if concept.within(whole) else 0.0)
        for concept, rarity in rarities.items()
    )
    return sum(parts) / total


def _focus(asked: Understanding, hit: Hit, words: set[str]) -> float:
    named = [concept for concept in asked.concepts if any(n.kind in (Kind.DRUG, Kind.TRIAL) for n in concept.names)]
    if not named or any(concept.within(words) for concept in named):
        return 0.0
    drugs = {name.canonical for name in asked.named(Kind.DRUG)}
    keys = {name.source for name in asked.named(Kind.TRIAL)}
    return -0.5 if drugs & set(hit.source.drugs) or hit.source.key in keys else -1.0


def _phenotype(asked: Understanding, hit: Hit, words: set[str]) -> float:
    wanted = [concept for concept in asked.concepts if any(n.kind is Kind.PHENOTYPE for n in concept.names)]
    forms = {name.canonical for name in asked.named(Kind.PHENOTYPE)} - {"MS"}
    if not forms or any(concept.within(words) for concept in wanted):
        return 0.0
    fitting = forms.union(*(WIDER.get(form, set()) for form in forms))
    return 0.0 if fitting & set(hit.source.phenotypes) else -1.0


def similarity(candidate: Candidate, others: Sequence[Candidate]) -> float:
    """Highest cosine between a sentence and others; 0 when there are none."""
    return float(np.max(np.stack([other.vector for other in others]) @ candidate.vector)) if others else 0.0
