"""Whether something works is answered by the trials that put it to the test: which these are, for each drug."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache

from ingest.document import Source
from qa.filters import WIDER
from qa.glossary import Kind
from qa.lexicon import Concept
from qa.passage import stems_in
from qa.understand import Understanding
from qa.wants import ENDED, Want

MOST_TRIALS, MOST_OF_SEVERAL = 3, 2  # of one drug; of each where several are asked about
RESULTS = frozenset({"Bottom line", "Results"})  # headings under which a document says how its trial ended
# Words that ask whether something works, against what, or why trials disagree. Any other asks for something narrower.
OF_WORKING = """actual actually adult adults against another anything approval approvals approved arrest arrested
    back bad beat beaten believe beneficial benefit benefits better big bigger both brake clinical compare compared
    compares comparison conclusion conclusions conflict conflicting conflicts contradict contradictory contradicts
    current currently data decline delay delayed delaying delays deterioration differ difference different
    differently differs direction directions disability disagree disagrees disease down draw draws drug drugs dummy
    each earlier effect effects either evidence fail failed fails failure far finding findings first fit fits found
    gave give gives good halt halts happen happened have having help helped helping helps impact later latest left
    lesson lessons look looks ms multiple negative new newer newest number numbers odds older one ones opposite other
    outcome outcomes patient patients people person phase pilot place placebo point points positive primary progress
    progressing progression progressive proof prove proved proven put read really result results said say says
    sclerosis second secondary see seem seems seen set show shown shows slow slowed slowing slows small smaller
    sources state stop stopped stops studied studies study succeed success successful tablet taking tell tells test
    tested tests therapy think though told treat treating treatment trial trials tried true trust turn turned two
    use useful useless win wins won worse worsening worth yes yet"""
SHARE = re.compile(r"\d+(?:\.\d+)?(?=%)")  # told in words where an outcome has no single value
SUBJECTS = frozenset({Kind.DRUG, Kind.TRIAL, Kind.PHENOTYPE, Kind.CLASS})
PROGRESSIVE = frozenset({"PPMS", "SPMS", "progressive MS", "active SPMS", "non-relapsing SPMS"})


@dataclass(frozen=True, slots=True, eq=False)
class Trial:
    """A source with outcomes of its own, and the numbers in which its primary one is told."""

    source: Source
    drugs: frozenset[str]
    """Those of which it tells whether they work: of the first-named arms, where a primary outcome was met or not."""
    numbers: frozenset[str]
    """Value and interval, as `qa.passage.numbers_in` gives them."""


def trials(sources: Iterable[Source]) -> list[Trial]:
    """The sources that report outcomes."""
    return [_trial(source) for source in sources if source.outcomes]


def main_trials(asked: Understanding, known: Sequence[Trial]) -> list[Trial]:
    """The trials that tell whether the drugs of a question work, if it asks that: those that it names, if several.

    Else those in the form of MS asked about come first, then randomised before others, newer before older.
    """
    drugs = [name.canonical for name in asked.named(Kind.DRUG)]
    named = {name.source for name in asked.named(Kind.TRIAL)}
    wanted = {Want.EFFECT, Want.SEVERAL} & asked.wants or len(named) > 1
    beside = "side by side" in asked.question.lower()
    narrower = any(_is_narrower(c) for c in asked.concepts if not (beside and c.surface.lower() == "side"))
    if not ENDED.search(asked.question) and (narrower or not wanted):
        return []
    if len(named) > 1:
        return [trial for trial in known if trial.source.key in named]
    forms = {name.canonical for name in asked.named(Kind.PHENOTYPE)} - {"MS"}
    fitting = forms.union(*(WIDER.get(form, set()) for form in forms)) or PROGRESSIVE
    most = MOST_TRIALS if len(drugs) == 1 else MOST_OF_SEVERAL

    def order(trial: Trial) -> tuple[bool, bool, int]:
        source = trial.source
        return not fitting & set(source.phenotypes), source.kind != "randomized trial", -source.year

    chosen: dict[str, Trial] = {}
    for drug in drugs:
        own = sorted((trial for trial in known if drug in trial.drugs), key=order)
        if forms and own and fitting & set(own[0].source.phenotypes):
            own = [trial for trial in own if fitting & set(trial.source.phenotypes)]
        chosen |= {trial.source.key: trial for trial in own[:most]}
    return list(chosen.values())


def _is_narrower(concept: Concept) -> bool:
    if concept.carried or {name.kind for name in concept.names} & SUBJECTS:
        return False
    return not any(alternative <= _of_working() for alternative in concept.alternatives)


@cache
def _of_working() -> frozenset[str]:
    return stems_in(OF_WORKING)


def _trial(source: Source) -> Trial:
    primary = [dict(entry) for entry in source.outcomes if entry.get("met") is not None]
    compared = [str(entry.get("comparison", "")).partition(" vs ") for entry in primary]
    # a drug that stands in both arms was tried in another dose or form, not for whether it works
    drugs = frozenset(
        drug
        for drug in source.drugs
        if any(_names(drug, first) and not _names(drug, second) for first, _, second in compared)
    )
    told = [number for entry in primary for number in (entry.get("value"), *(entry.get("ci") or ()))]
    told += [share for entry in primary for share in SHARE.findall(str(entry.get("measure", "")))]
    return Trial(source, drugs, frozenset(map(_written, told)) - {""})


def _names(drug: str, arm: str) -> bool:
    return bool(re.search(rf"\b{re.escape(drug)}\b", arm))


def _written(number: object) -> str:
    """As a sentence writes it, without the sign; empty for what is no number or a single digit."""
    text = str(number).lstrip("-")
    return text if re.fullmatch(r"\d+\.\d+|\d{2,}", text) else ""
