"""What speaks for each sentence of the retrieved passages: a matrix with a row for each sentence."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, fields
from functools import cache

import numpy as np
from numpy.typing import NDArray

from qa.answer import Hit
from qa.filters import WIDER
from qa.glossary import Kind
from qa.lexicon import Concept
from qa.passage import Numbers, Passage, numbers_in
from qa.retrieve import Retrieved
from qa.times import confirmed_after
from qa.trials import RESULTS
from qa.understand import Understanding
from qa.wants import GIVEN, Want

EDITORIAL_SECTION = "Reading"
CONTEXT_SHARE = 0.5  # a concept found in the title or heading counts half
# Few questions ask whether something works; in these units the ridge of the fit leaves their features the weight that
# they earn. In units of 1, sentences are preferred for being long instead, as the right ones among them are.
EFFECT_UNIT, OUTCOME_UNIT = 3.0, 5.0
Rarity = Callable[[Concept], float]
Columns = dict[str, Numbers]


@dataclass(frozen=True, slots=True)
class Features:
    """What speaks for one sentence; most lie between 0 and 1, penalties between -1 and 0."""

    cosine: float
    coverage: float
    """Share of the question's concepts, weighted by rarity, that the sentence holds (those around it count half)."""
    adapted: float
    """Cosine with the vector of the question by the model for questions (see `ingest.tuning`)."""
    asked: float
    """Highest cosine with the questions written for it; its own cosine where none were."""
    adapted_rank: float
    """Share of all sentences found whose `adapted` is higher."""
    adapted_coverage: float
    """`adapted` times `coverage`."""
    asked_passage: float
    """Highest `asked` of a sentence of the same passage."""
    source_before: float
    """Of a follow-up: highest cosine of a sentence of its source with what it leans on, by the model for questions."""
    stated: float
    """Share of the question's numbers that it states."""
    passage: float
    """Fused retrieval score of its passage."""
    passage_cosine: float
    passage_coverage: float
    """The same share for the whole passage with title and heading."""
    focus: float
    """0 where it names a drug or trial that was asked for, -0.5 where only its source is about one, else -1."""
    other_drug: float
    """-1 where it names drugs, a drug or a transplant was asked about, and this is none of them."""
    other_time: float
    """-1 where it tells of worsening confirmed after another time than the one asked for."""
    phenotype: float
    """-1 where neither it nor its source concerns the form of MS that was asked for."""
    number: float
    """1 where a number was asked for and it holds one; the same for the six below."""
    percent: float
    people: float
    date: float
    place: float
    reason: float
    against: float
    asked_safety: float
    """1 where safety was asked about and it stands under Safety or Monitoring."""
    asked_design: float
    """1 where the people or the set-up were asked about and it stands under Who and how."""
    asked_result: float
    """1 where several things were asked about and it stands under Bottom line, Results or Status."""
    asked_effect: float
    """3 where it was asked whether something works and it stands under Bottom line or Results of a trial of that."""
    asked_outcome: float
    """5 times the share of the numbers of that trial's primary outcome that it states."""
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
    @cache
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
ASKED_SECTIONS = {
    "asked_safety": (Want.SAFETY, SECTIONS["safety"]),
    "asked_design": (Want.DESIGN, SECTIONS["design"]),
    "asked_result": (Want.SEVERAL, SECTIONS["bottom_line"] | SECTIONS["results"]),
}
PENALISED = {"focus": (Kind.DRUG, Kind.TRIAL), "phenotype": (Kind.PHENOTYPE,)}
TRANSPLANT = "AHSCT"  # a treatment that the glossary does not list among the drugs


class Held:
    """Which of a question's concepts each sentence holds, as matrices of 0 and 1 with a column for each concept.

    `inside`: the sentence by itself; `whole`: with its title and heading; `together`: its whole passage.
    """

    def __init__(self, concepts: Sequence[Concept], passages: Sequence[Passage]) -> None:
        self.concepts = concepts
        self._stems = frozenset(stem for concept in concepts for stems in concept.alternatives for stem in stems)
        self._rows: dict[frozenset[str], tuple[bool, ...]] = {}
        self._sets: dict[tuple[bool, ...], frozenset[Concept]] = {}
        inside, whole, together = [], [], []
        for passage in passages:
            around = passage.around & self._stems
            own = [sentence.stems & self._stems for sentence in passage.sentences]
            inside += [self._row(stems) for stems in own]
            whole += [self._row(stems | around) for stems in own]
            together += [self._row(around.union(*own))] * len(own)
        self.sets = [self._set(row) for row in whole]
        self.inside, self.whole, self.together = map(self._matrix, (inside, whole, together))

    def _row(self, stems: frozenset[str]) -> tuple[bool, ...]:
        """Few stems of a text are a question's, so that the same few come again and again."""
        row = self._rows.get(stems)
        if row is None:
            row = self._rows[stems] = tuple(concept.within(stems) for concept in self.concepts)
        return row

    def _set(self, row: tuple[bool, ...]) -> frozenset[Concept]:
        held = self._sets.get(row)
        if held is None:
            pairs = zip(self.concepts, row, strict=True)
            held = self._sets[row] = frozenset(concept for concept, is_held in pairs if is_held)
        return held

    def _matrix(self, rows: list[tuple[bool, ...]]) -> Numbers:
        return np.array(rows, dtype=np.float64).reshape(len(rows), len(self.concepts))

    def any_inside(self, concepts: Iterable[Concept]) -> NDArray[np.bool_]:
        """For each sentence whether it holds one of these concepts by itself."""
        wanted = set(concepts)
        return np.asarray(self.inside[:, [concept in wanted for concept in self.concepts]].any(axis=1))


def feature_matrix(
    asked: Understanding, retrieved: Retrieved, passages: Sequence[Passage], held: Held, rarity: Rarity
) -> Numbers:
    """A row for each sentence in order, a column for each of `Features.names()`; `passages` are those of the hits."""
    counts = [len(passage.sentences) for passage in passages]
    by_passage = {**_by_passage(asked, retrieved.hits), **_penalties(asked, retrieved.hits)}
    columns = {name: np.repeat(np.array(values, dtype=np.float64), counts) for name, values in by_passage.items()}
    columns |= _likeness(retrieved, passages) | _of_the_turn_before(retrieved, passages)
    columns |= _coverage(held, np.array([rarity(concept) for concept in held.concepts]))
    columns["adapted_coverage"] = columns["adapted"] * columns["coverage"]
    columns |= _by_sentence(asked, passages)
    columns |= _of_trials(retrieved, passages) | _of_other_drugs(asked, retrieved.hits, passages, held)
    for penalty, kinds in PENALISED.items():
        columns[penalty] *= ~held.any_inside(c for c in asked.subjects if any(n.kind in kinds for n in c.names))
    return np.column_stack([columns[name] for name in Features.names()])


def _by_passage(asked: Understanding, hits: Sequence[Hit]) -> dict[str, list[float]]:
    """What was found of each passage as a whole; what section and source say, where the question wants it."""
    newest = Want.NEWEST in asked.wants
    columns = {
        "passage": [hit.score for hit in hits],
        "passage_cosine": [hit.dense for hit in hits],
        "newness": [newest * min(1.0, max(0.0, (hit.source.year - 2000) / 26)) for hit in hits],
        "superseded": [-float(hit.source.superseded_by is not None) for hit in hits],
    }
    for name, sections in SECTIONS.items():
        columns[name] = [float(hit.section in sections) for hit in hits]
    for name, (want, sections) in ASKED_SECTIONS.items():
        columns[name] = [float(want in asked.wants and hit.section in sections) for hit in hits]
    return columns


def _penalties(asked: Understanding, hits: Sequence[Hit]) -> dict[str, list[float]]:
    """For sources about another drug, trial or form of MS than those asked for; a sentence that names one is spared."""
    names = [name for concept in asked.subjects for name in concept.names]
    drugs = {name.canonical for name in names if name.kind is Kind.DRUG}
    keys = {name.source for name in names if name.kind is Kind.TRIAL}
    forms = {name.canonical for name in asked.named(Kind.PHENOTYPE)} - {"MS"}
    fitting = forms.union(*(WIDER.get(form, set()) for form in forms))
    nothing = [0.0] * len(hits)
    focus = [-0.5 if drugs & set(hit.source.drugs) or hit.source.key in keys else -1.0 for hit in hits]
    phenotype = [0.0 if fitting & set(hit.source.phenotypes) else -1.0 for hit in hits]
    return {"focus": focus if drugs or keys else nothing, "phenotype": phenotype if forms else nothing}


def _likeness(retrieved: Retrieved, passages: Sequence[Passage]) -> Columns:
    """How near the sentences' vectors, and questions that were written for them, are to the question's."""
    chunks = [passage.stored for passage in passages]
    cosines = np.concatenate([one.vectors for one in chunks]) @ retrieved.vector
    question, adapter = retrieved.question, retrieved.adapter
    adapted = cosines if question is None or adapter is None else adapter.cosines(question, chunks)
    places = (place for passage in passages for place in passage.places)
    own = zip(places, cosines.tolist(), strict=True)
    asked = np.array([retrieved.asked.get(place, cosine) for place, cosine in own])
    ends = np.cumsum([len(passage.sentences) for passage in passages])
    highest = [np.full(len(part), part.max(initial=0.0)) for part in np.split(asked, ends[:-1])]
    lower = np.searchsorted(np.sort(adapted), adapted, side="right") / len(adapted)
    columns = {"cosine": cosines, "adapted": adapted, "asked": asked}
    return {**columns, "adapted_rank": 1 - lower, "asked_passage": np.concatenate(highest)}


def _of_the_turn_before(retrieved: Retrieved, passages: Sequence[Passage]) -> Columns:
    chunks = [passage.stored for passage in passages]
    counts = [len(passage.sentences) for passage in passages]
    if retrieved.before is None or retrieved.adapter is None:
        return {"source_before": np.zeros(sum(counts))}
    cosines = retrieved.adapter.cosines(retrieved.before, chunks)
    _, source = np.unique(np.repeat([one.chunk.key for one in chunks], counts), return_inverse=True)
    highest = np.full(len(passages), -1.0)
    np.maximum.at(highest, source, cosines)
    return {"source_before": highest[source]}


def _of_trials(retrieved: Retrieved, passages: Sequence[Passage]) -> Columns:
    """What the trials that tell whether something works say under the headings of their results."""
    effect, outcome = [], []
    for hit, passage in zip(retrieved.hits, passages, strict=True):
        tells = hit.source.key in retrieved.trials and hit.section in RESULTS
        numbers = retrieved.trials[hit.source.key] if tells else frozenset()
        effect += [EFFECT_UNIT * tells] * len(passage.sentences)
        shares = (len(numbers & sentence.numbers) / max(1, len(numbers)) for sentence in passage.sentences)
        outcome += [OUTCOME_UNIT * share for share in shares]
    return {"asked_effect": np.array(effect), "asked_outcome": np.array(outcome)}


def _of_other_drugs(asked: Understanding, hits: Sequence[Hit], passages: Sequence[Passage], held: Held) -> Columns:
    """A trial that was asked about stands for the drugs that it tried, and its own document for these."""
    treatments = [c for c in asked.subjects if any(n.kind is Kind.DRUG or n.canonical == TRANSPLANT for n in c.names)]
    trials = [c for c in asked.subjects if any(n.kind is Kind.TRIAL for n in c.names)]
    tried = {drug for c in trials for n in c.names for drug in n.drugs} if trials and not treatments else set()
    own = np.repeat([bool(tried & set(hit.source.drugs)) for hit in hits], [len(p.sentences) for p in passages])
    named = np.array([sentence.names_drug for passage in passages for sentence in passage.sentences], dtype=np.float64)
    return {"other_drug": -named * ~held.any_inside(treatments + trials) * ~own * bool(treatments or tried)}


def _coverage(held: Held, rarities: Numbers) -> Columns:
    weights = rarities / (rarities.sum() or 1.0)
    covered = (1 - CONTEXT_SHARE) * held.inside + CONTEXT_SHARE * held.whole
    return {"coverage": covered @ weights, "passage_coverage": held.together @ weights}


def _by_sentence(asked: Understanding, passages: Sequence[Passage]) -> Columns:
    """What the sentences' own words say."""
    given = np.concatenate([passage.given for passage in passages]) * [want in asked.wants for want in GIVEN]
    columns = {str(want): column for want, column in zip(GIVEN, given.T, strict=True)}
    sentences = [sentence for passage in passages for sentence in passage.sentences]
    numbers = numbers_in(asked.question)
    stated = [len(numbers & sentence.numbers) / max(1, len(numbers)) for sentence in sentences]
    times = confirmed_after(asked.question)
    another = [bool(times and (own := confirmed_after(s.text)) and times.isdisjoint(own)) for s in sentences]
    columns["other_time"] = -np.array(another, dtype=np.float64)
    return {**columns, "stated": np.array(stated), "length": np.array([one.words for one in sentences]) / 45}
