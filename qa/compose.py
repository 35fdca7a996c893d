"""An answer without a language model: the sentences that together answer the question, best first, word for word."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from qa.answer import Citation, Statement, Support
from qa.evidence import Candidate, Features
from qa.filters import WIDER
from qa.glossary import Kind
from qa.lexicon import Concept
from qa.passage import figures
from qa.understand import Understanding
from qa.wants import Want

# What a further statement is weighed by (see `Weighed`).
FURTHER = ("below_best", "asked", "leans", "leans_below_best", "told", "same_source", "likeness")
TOLD = FURTHER.index("told")  # from here on what changes with what is told
ASKED = Features.names().index("asked")
# Chosen on the dev split of the questions, in units of the score.
ASIDE = 13.0  # score below which a sentence on a drug, of a source not told yet, must hold something of the topic
SAME_IDEA = 0.93  # cosine above which two sentences say the same, unless each has a number that the other has not
OF_OTHERS = -1.0  # `Features.focus` where neither a sentence nor its source is about what was asked for by name
REPETITION = 4.0  # what being like a chosen sentence costs (times the cosine)
NEW_CONCEPT = 5.0  # what holding concepts that no chosen sentence holds gains (times their share)
FOR_SEVERAL = 3  # statements more where several things are asked for
MOST_WORDS, MOST_WORDS_FOR_SEVERAL = 140, 175  # of an answer; its first statements may exceed them


@dataclass(frozen=True, slots=True, eq=False)
class Weighed:
    """A sentence to be told, with what was weighed, a number for each of FURTHER; empty for what is told in any case.

    How far its score lies below the best, its likeness to a written question, whether the question leans on earlier
    ones and the first times that, how many sentences are told, whether one of them is of its source, and its highest
    cosine with one.
    """

    candidate: Candidate
    values: tuple[float, ...] = ()


def compose(
    asked: Understanding, ranked: Sequence[Candidate], max_statements: int, further: Mapping[str, float]
) -> list[Statement]:
    """Up to `max_statements` statements: the best sentence, then those that add most (maximal marginal relevance).

    A further one is told where the weighted sum of what speaks for it (`further`, fitted by `eval.further`) is
    positive. Lists and comparisons get FOR_SEVERAL more; where several drugs or trials are named, each gets its best
    sentence first. Empty when nothing is ranked. Carbonell and Goldstein (1998), "The use of MMR, diversity-based
    reranking".
    """
    limit = max_statements + FOR_SEVERAL * (Want.SEVERAL in asked.wants)
    room = MOST_WORDS_FOR_SEVERAL if Want.SEVERAL in asked.wants else MOST_WORDS
    return [_statement(one.candidate) for one in told_in_order(asked, ranked, (limit, room), further)]


def told_in_order(
    asked: Understanding, ranked: Sequence[Candidate], most: tuple[int, int], further: Mapping[str, float]
) -> list[Weighed]:
    """The sentences of an answer; `most` are its statements and words."""
    limit, room = most
    chosen = _one_for_each_name(asked, ranked)[:limit]
    told = [Weighed(one) for one in chosen]
    rest = _Rest([one for one in ranked if one not in chosen], chosen, leans=bool(asked.before))
    while chosen and len(chosen) < limit:
        added = rest.take(asked, chosen, further, room - sum(one.words for one in chosen))
        if added is None:
            break
        if not _is_aside(asked, added.candidate, chosen):
            chosen.append(added.candidate)
            told.append(added)
            rest.tell(added.candidate)
    return told


class _Rest:
    """Sentences that may still be told, with what is weighed of each, shape (sentences, FURTHER)."""

    def __init__(self, candidates: Sequence[Candidate], told: Sequence[Candidate], *, leans: bool) -> None:
        self._candidates = list(candidates)
        self._vectors = np.array([c.vector for c in candidates])
        best = max((c.score for c in (*told, *candidates)), default=0.0)
        rows = [(best - c.score, c.values[ASKED], leans, leans * (best - c.score), 0.0, 0.0, -1.0) for c in candidates]
        self._weighed = np.array(rows, dtype=np.float64).reshape(len(rows), len(FURTHER))
        for one in told:
            self.tell(one)

    def tell(self, told: Candidate) -> None:
        """Leave out what repeats a sentence that is told now."""
        if not self._candidates:
            return
        cosines = self._vectors @ told.vector
        same = [c.hit.source.key == told.hit.source.key for c in self._candidates]
        count, source, likeness = self._weighed.T[TOLD:]
        self._weighed[:, TOLD:] = np.column_stack([count + 1, np.maximum(source, same), np.maximum(likeness, cosines)])
        self._keep([c < SAME_IDEA or not _repeats(one, told) for c, one in zip(cosines, self._candidates, strict=True)])

    def take(
        self, asked: Understanding, told: Sequence[Candidate], further: Mapping[str, float], words: int
    ) -> Weighed | None:
        """The sentence that adds most, of those that are worth telling and not too long; None without any."""
        self._keep([c.words <= words for c in self._candidates])
        worth = self._weighed @ [further.get(name, 0.0) for name in FURTHER] + further["bias"]
        worthy = np.flatnonzero(worth > 0).tolist()
        if not worthy:
            return None
        gain = _Gain(asked, told)
        values = [self._candidates[n].score + gain.of(self._candidates[n]) for n in worthy]
        place = worthy[int(np.argmax(values - REPETITION * self._weighed[worthy, -1]))]
        found = Weighed(self._candidates[place], tuple(self._weighed[place].tolist()))
        self._keep([n != place for n in range(len(self._candidates))])
        return found

    def _keep(self, kept: Sequence[bool]) -> None:
        if not all(kept):
            self._candidates = [one for one, is_kept in zip(self._candidates, kept, strict=True) if is_kept]
            self._vectors, self._weighed = self._vectors[list(kept)], self._weighed[list(kept)]


class _Gain:
    """What a sentence adds to those told beside how well it scores: concepts that none of them holds."""

    def __init__(self, asked: Understanding, told: Sequence[Candidate]) -> None:
        self._concepts = max(1, len(asked.concepts))
        self._covered = {concept for c in told for concept in c.held}

    def of(self, candidate: Candidate) -> float:
        """In units of the score."""
        return NEW_CONCEPT * len(candidate.held - self._covered) / self._concepts


def _one_for_each_name(asked: Understanding, ranked: Sequence[Candidate]) -> list[Candidate]:
    """The best sentence, then what each compared trial found, and the best one about each name not covered yet."""
    chosen = [*_on_the_form(asked, ranked), *ranked[:1]]
    for results in _of_each_trial(asked, ranked):
        if not any(c in chosen for c in results):
            chosen.append(results[0])
    for concept in _compared(asked):
        if not any(_is_about(c, concept) for c in chosen):
            best = next(
                (c for c in ranked if _is_about(c, concept) and not any(_repeats(c, told) for told in chosen)), None
            )
            chosen += [best] if best else []
    return chosen


def _of_each_trial(asked: Understanding, ranked: Sequence[Candidate]) -> list[list[Candidate]]:
    """Where trials are compared, the sentences of each that state its primary outcome, then those that sum each up.

    None where the trials of one thing alone tell whether it works: these agree or are told apart by what ranks.
    """
    told: dict[str, list[Candidate]] = {}
    for candidate in ranked:
        if candidate.features.asked_effect > 0:
            told.setdefault(candidate.hit.source.key, []).append(candidate)
    if len(told) < 2 or not (Want.SEVERAL in asked.wants or _compared(asked)):
        return []
    outcomes = [[c for c in results if c.features.asked_outcome > 0] for results in told.values()]
    return [*filter(None, outcomes), *([_summary(results)] for results in told.values())]


def _summary(results: Sequence[Candidate]) -> Candidate:
    """The first sentence of a source's bottom line, where it is among the results; else the best."""
    bottom = [c for c in results if c.features.bottom_line]
    return min(bottom, key=lambda c: c.span.start, default=results[0])


def _is_about(candidate: Candidate, concept: Concept) -> bool:
    """Whether a sentence names a drug, or names or comes from a trial: ORATORIO-HAND is not ORATORIO."""
    sources = {name.source for name in concept.names if name.kind is Kind.TRIAL and name.source}
    return candidate.hit.source.key in sources if sources else concept.within(candidate.stems)


def _on_the_form(asked: Understanding, ranked: Sequence[Candidate]) -> list[Candidate]:
    """What the best sentence's source says of the form of MS asked about, where it studied another one.

    "D-Lay MS gives no evidence on vitamin D for SPMS" goes before what it found in a first attack.
    """
    forms = [c for c in asked.concepts if any(n.kind is Kind.PHENOTYPE and n.canonical != "MS" for n in c.names)]
    if not ranked or not forms or any(form.within(ranked[0].stems) for form in forms):
        return []
    source = ranked[0].hit.source
    wanted = {name.canonical for name in asked.named(Kind.PHENOTYPE)}
    if {"MS"}.union(wanted, *(WIDER.get(form, set()) for form in wanted)) & set(source.phenotypes):
        return []
    said = (c for c in ranked if c.hit.source == source and any(form.within(c.stems) for form in forms))
    best = next(said, None)
    return [best] if best else []


def _compared(asked: Understanding) -> list[Concept]:
    named = [c for c in asked.subjects if any(n.kind in (Kind.DRUG, Kind.TRIAL) for n in c.names)]
    return named if len(named) > 1 else []


def _is_aside(asked: Understanding, candidate: Candidate, chosen: Sequence[Candidate]) -> bool:
    """Whether a sentence of a source not told yet is about another thing: none of the drugs or trials asked about, or,
    with a low score, a drug and nothing of the topic, which lists and comparisons may gather from afar.
    """
    if candidate.hit.source in {c.hit.source for c in chosen}:
        return False
    if candidate.features.focus == OF_OTHERS:
        return True
    if Want.SEVERAL in asked.wants or candidate.score >= ASIDE or not candidate.sentence.names_drug:
        return False
    return not any(concept in candidate.held for concept in asked.concepts if not concept.names and not concept.carried)


def _repeats(candidate: Candidate, told: Candidate) -> bool:
    """Whether a told sentence says the same. "4 or more missed doses" beside "a missed dose in the first 6 days" is
    another finding however alike the two sound; so is what another trial found, where it is asked what they found.
    """
    if float(told.vector @ candidate.vector) < SAME_IDEA or _of_two_trials(candidate, told):
        return False
    new, old = figures(candidate.text), figures(told.text)
    return not (new - old and old - new)


def _of_two_trials(one: Candidate, other: Candidate) -> bool:
    """Whether each tells what its own trial found, of those that were asked about."""
    return one.hit.source != other.hit.source and min(one.features.asked_effect, other.features.asked_effect) > 0


def _statement(candidate: Candidate) -> Statement:
    hit, span = candidate.hit, candidate.span
    place = (span.start, span.end, hit.section, hit.page_of(span.start))
    citation = Citation(hit.source.number, hit.source, candidate.text, *place)
    text = " ".join(candidate.text.split())
    return Statement(text, (citation,), Support.UNSUPPORTED, candidate.editorial)
