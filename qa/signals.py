"""What speaks for an answer in what was found: the inputs of the decision whether to give one."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields

from ingest.sparse import tokenize
from qa.evidence import Candidate, Evidence
from qa.retrieve import Retrieved
from qa.understand import Concept, Lexicon

TOP = 5  # sentences, and written questions, that are looked at together
COMPARED = 12  # written questions whose words are compared
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
    names: float
    """1 where the question names anything of the glossary."""
    length: float
    """Concepts / 10."""

    @classmethod
    def list_names(cls) -> list[str]:
        """The signals' names, in order."""
        return [field.name for field in fields(cls)]


def signals(found: Evidence, lexicon: Lexicon) -> Signals:
    """Measure the signals for one question."""
    concepts = found.asked.concepts
    # squared, because what a question is about is its rarest words
    weights = {concept: lexicon.rarity(concept) ** 2 for concept in concepts}
    topic = {c: weight for c, weight in weights.items() if not c.names and not c.carried}
    passages = _held_by_passage(found.ranked)
    everywhere: set[Concept] = set().union(*passages)
    top = found.ranked[:TOP]
    best = max(found.ranked, key=_joint, default=None)
    return Signals(
        best_sentence_cosine=max((c.features.cosine for c in top), default=0.0),
        best_passage_cosine=max((hit.dense for hit in found.retrieved.hits), default=0.0),
        best_sentence_coverage=max((c.features.coverage for c in top), default=0.0),
        best_passage_coverage=max((_share(weights, held) for held in passages), default=0.0),
        found_concepts=_share(weights, everywhere),
        strange_concepts=_share(weights, {c for c in concepts if lexicon.is_strange(c)}, 0.0),
        unseen_concepts=_share(weights, {c for c in concepts if lexicon.holds(c) == 0}, 0.0),
        rare_topic=_share(topic, {c for c in topic if lexicon.holds(c) <= 1}, 0.0),
        topic_in_passage=max((_share(topic, held) for held in passages), default=0.0),
        topic_in_sentence=_share(topic, best.held) if best else 0.0,
        joint=_joint(best) if best else 0.0,
        joint_cosine=best.features.cosine if best else 0.0,
        joint_coverage=best.features.coverage if best else 0.0,
        joint_asked=best.features.asked if best else 0.0,
        **_adapted(found.ranked),
        **_by_questions(found, weights, topic),
        names=float(any(concept.names for concept in concepts)),
        length=len(concepts) / 10,
    )


def _joint(candidate: Candidate) -> float:
    features = candidate.features
    return features.cosine + features.coverage + features.asked


def _adapted(ranked: Sequence[Candidate]) -> dict[str, float]:
    best = sorted((c.features.adapted for c in ranked), reverse=True)[:TOP] or [0.0]
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


Near = tuple[float, set[str], set[str]]  # cosine, stems of the question, stems of the sentence with its title


def _near_questions(retrieved: Retrieved) -> list[Near]:
    written = retrieved.written[:COMPARED]
    if not written:
        return []
    stems = [set(words) for words in tokenize([one.text for one in written])]
    sources = {hit.chunk_id: hit for hit in retrieved.hits}
    texts = []
    for one in written:
        hit = sources.get(one.place[0])
        sentence = retrieved.sentence_at(one.place)
        texts.append(f"{hit.source.title} {sentence}" if hit else sentence)
    around = [set(words) for words in tokenize(texts)]
    return [(one.similarity, own, more) for one, own, more in zip(written, stems, around, strict=True)]


def _near_sentences(ranked: Sequence[Candidate]) -> list[Near]:
    nearest = sorted(ranked, key=lambda c: -c.features.cosine)[:COMPARED]
    return [(c.features.cosine, set(c.stems), set()) for c in nearest]
