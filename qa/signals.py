"""What speaks for an answer in what was found: the inputs of the decision whether to give one."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from functools import cache

import numpy as np

from qa.evidence import Candidate, Evidence
from qa.features import SECTIONS, Features
from qa.lexicon import Concept, Lexicon
from qa.passage import Numbers, stems_in
from qa.retrieve import Retrieved
from qa.wants import Want

TOP = 5  # sentences, and written questions, that are looked at together
COMPARED = 12  # written questions whose words are compared
SCORES = 10.0  # scores are divided by this
# Features of the first sentence that say something here; under which heading it stands does not.
OF_FIRST = [name for name in Features.names() if name not in SECTIONS]
OF_SCORES = ("score", "score_margin", "top_score")
Weights = Mapping[Concept, float]


@dataclass(frozen=True, slots=True)
class Signals:
    """What speaks for an answer, each about 0 to 1. Shares of concepts are weighted by squared rarity.

    The topic of a question is what it asks about beside names (drugs, trials, forms of MS) and earlier turns.
    """

    best_sentence_cosine: float
    best_passage_cosine: float
    best_sentence_coverage: float
    best_passage_coverage: float
    """Share of the question's concepts that one passage holds (title included)."""
    found_concepts: float
    """The same share for all retrieved passages together."""
    strange_concepts: float
    """The same share for words that no source holds and that are no common English words: most likely names."""
    unseen_concepts: float
    """The same share for words that no source holds."""
    rare_topic: float
    """Share of the topic that at most one passage of the whole index holds."""
    topic_in_passage: float
    topic_in_sentence: float
    """Share of the topic in the sentence that is best by cosine, coverage and written questions together."""
    joint: float
    """The sum of those three for it; the next three are its parts."""
    joint_cosine: float
    joint_coverage: float
    joint_asked: float
    best_adapted: float
    """Highest cosine of a sentence after the fitted map."""
    adapted_margin: float
    """How far the fifth highest falls behind."""
    nearest_question: float
    """Cosine with the nearest written question; with the nearest sentence where there are none."""
    question_margin: float
    """How far the fifth nearest falls behind."""
    nearby_questions: float
    """Mean over the five nearest."""
    question_coverage: float
    """Highest share of the concepts that a near written question holds together with the sentence it is about."""
    question_topic: float
    """The same for the topic."""
    question_match: float
    """Highest product of a near written question's cosine and the share of the concepts in its own words."""
    held_margin: float
    """How much nearer an example question lies that the documents answer than one that they do not, in cosines.

    0 where nobody wrote examples, or what ranks first is of a document that they were not written for.
    """
    held_margin_nearby: float
    """The same for the mean over the five nearest of each kind."""
    held_words: float
    """How much the question's words speak for its being of the first kind (see `ingest.odds`)."""
    names: float
    """1 where the question names anything of the glossary."""
    length: float
    """Concepts / 10."""
    score: float
    """That of the sentence that ranks first / 10; the next two are for the same."""
    score_margin: float
    """How far the fifth falls behind."""
    top_score: float
    """Mean over the first three."""
    first: tuple[float, ...]
    """What speaks for the sentence that ranks first (see `qa.features`), for each of OF_FIRST."""
    wants: tuple[float, ...]
    """1 for each kind of answer that the question wants, in the order of `Want`."""

    @classmethod
    @cache
    def list_names(cls) -> list[str]:
        """The names of all numbers, in order."""
        first = [*(field.name for field in fields(cls) if field.name in OF_SCORES), *(f"first_{n}" for n in OF_FIRST)]
        return [*cls.names_of_nearness(), *first, *(f"wants_{want}" for want in Want)]

    @classmethod
    @cache
    def names_of_nearness(cls) -> list[str]:
        """Those that say how near the sources come, without what the first sentence is like."""
        return [field.name for field in fields(cls) if field.name not in ("first", "wants", *OF_SCORES)]

    def by_name(self) -> dict[str, float]:
        """All numbers by name."""
        *single, first, wants = (getattr(self, field.name) for field in fields(self))
        return dict(zip(self.list_names(), [*single, *first, *wants], strict=True))


def signals(found: Evidence, lexicon: Lexicon) -> Signals:
    """Measure the signals for one question."""
    concepts = found.asked.concepts
    # squared, because what a question is about is its rarest words
    weights = {concept: lexicon.rarity(concept) ** 2 for concept in concepts}
    topic = {c: weight for c, weight in weights.items() if not c.names and not c.carried}
    passages = _held_by_passage(found.ranked)
    everywhere: set[Concept] = set().union(*passages)
    by_name = _by_name(found.ranked)
    joint = by_name["cosine"] + by_name["coverage"] + by_name["asked"]
    best = int(np.argmax(joint)) if found.ranked else None
    return Signals(
        best_sentence_cosine=_highest(by_name["cosine"][:TOP]),
        best_passage_cosine=max((hit.dense for hit in found.retrieved.hits), default=0.0),
        best_sentence_coverage=_highest(by_name["coverage"][:TOP]),
        best_passage_coverage=max((_share(weights, held) for held in passages), default=0.0),
        found_concepts=_share(weights, everywhere),
        strange_concepts=_share(weights, {c for c in concepts if lexicon.is_strange(c)}, 0.0),
        unseen_concepts=_share(weights, {c for c in concepts if lexicon.holds(c) == 0}, 0.0),
        rare_topic=_share(topic, {c for c in topic if lexicon.holds(c) <= 1}, 0.0),
        topic_in_passage=max((_share(topic, held) for held in passages), default=0.0),
        topic_in_sentence=0.0 if best is None else _share(topic, found.ranked[best].held),
        joint=_highest(joint),
        joint_cosine=0.0 if best is None else float(by_name["cosine"][best]),
        joint_coverage=0.0 if best is None else float(by_name["coverage"][best]),
        joint_asked=0.0 if best is None else float(by_name["asked"][best]),
        **_adapted(by_name["adapted"]),
        **_by_questions(found, weights, topic),
        **_by_examples(found),
        names=float(any(concept.names for concept in concepts)),
        length=len(concepts) / 10,
        **_scores([candidate.score for candidate in found.ranked[:TOP]]),
        first=tuple(float(by_name[name][0]) if found.ranked else 0.0 for name in OF_FIRST),
        wants=tuple(float(want in found.asked.wants) for want in Want),
    )


def _by_name(ranked: Sequence[Candidate]) -> dict[str, Numbers]:
    """Each feature of all sentences, best sentence first."""
    names = Features.names()
    values = np.array([candidate.values for candidate in ranked]).reshape(len(ranked), len(names))
    return dict(zip(names, values.T, strict=True))


def _scores(best: Sequence[float]) -> dict[str, float]:
    scores = [score / SCORES for score in best] or [0.0]
    return {"score": scores[0], "score_margin": scores[0] - scores[-1], "top_score": float(np.mean(scores[:3]))}


def _highest(values: Numbers) -> float:
    return float(values.max()) if len(values) else 0.0


def _adapted(cosines: Numbers) -> dict[str, float]:
    best = sorted(cosines.tolist(), reverse=True)[:TOP] or [0.0]
    return {"best_adapted": best[0], "adapted_margin": best[0] - best[-1]}


def _held_by_passage(ranked: Sequence[Candidate]) -> list[set[Concept]]:
    held: dict[str, set[Concept]] = {}
    for candidate in ranked:
        held.setdefault(candidate.hit.chunk_id, set()).update(candidate.held)
    return list(held.values())


def _share(weights: Weights, held: set[Concept] | frozenset[Concept], of_nothing: float = 1.0) -> float:
    total = sum(weights.values())
    return sum(weight for concept, weight in weights.items() if concept in held) / total if total else of_nothing


def _by_questions(found: Evidence, weights: Weights, topic: Weights) -> dict[str, float]:
    """The signals of the written questions; where there are none each sentence stands for its own question."""
    near = _near_questions(found.retrieved) or _near_sentences(found.ranked)
    cosines = [cosine for cosine, _, _ in near[:TOP]] or [0.0]
    coverage = covered_topic = match = 0.0
    for cosine, own, around in near[:COMPARED]:
        held = {concept for concept in weights if concept.within(own)}
        whole = held | {concept for concept in weights if concept.within(own | around)}
        coverage = max(coverage, _share(weights, whole, 0.0))
        covered_topic = max(covered_topic, _share(topic, whole))
        match = max(match, cosine * _share(weights, held, 0.0))
    return {
        "nearest_question": cosines[0],
        "question_margin": cosines[0] - cosines[-1],
        "nearby_questions": sum(cosines) / len(cosines),
        "question_coverage": coverage,
        "question_topic": covered_topic,
        "question_match": match,
    }


def _by_examples(found: Evidence) -> dict[str, float]:
    first = found.ranked[0] if found.ranked else None
    fits = first is not None and (first.hit.chunk_id, first.span.start) in found.retrieved.asked
    single, nearby, words = found.retrieved.likeness if fits else (0.0, 0.0, 0.0)
    return {"held_margin": single, "held_margin_nearby": nearby, "held_words": words}


Near = tuple[
    float, frozenset[str], frozenset[str]
]  # cosine, stems of the question, stems of the sentence with its title


def _near_questions(retrieved: Retrieved) -> list[Near]:
    written = retrieved.written[:COMPARED]
    if not written:
        return []
    sources = {hit.chunk_id: hit for hit in retrieved.hits}
    near = []
    for one in written:
        hit = sources.get(one.place[0])
        around = stems_in(retrieved.sentence_at(one.place)) | (stems_in(hit.source.title) if hit else frozenset())
        near.append((one.similarity, stems_in(one.text), around))
    return near


def _near_sentences(ranked: Sequence[Candidate]) -> list[Near]:
    by_cosine = sorted(((c.features.cosine, c) for c in ranked), key=lambda pair: -pair[0])[:COMPARED]
    return [(cosine, c.stems, frozenset()) for cosine, c in by_cosine]
