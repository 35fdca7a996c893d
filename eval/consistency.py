"""The same question in other words: does it get the same sources?"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from eval.measures import Row, rounded
from eval.suite import QuestionFileError
from qa.assistant import Assistant

CONSISTENCY_FILE = Path(__file__).with_name("consistency.yaml")
CATEGORY = "consistency"
NAME, MISSPELT, PARAPHRASED = "other name", "misspelt", "paraphrased"


@dataclass(frozen=True, slots=True)
class Twin:
    """Two questions that mean the same; `group` names what is varied, `variation` how."""

    group: str
    variation: str
    question: str
    other: str


@dataclass(frozen=True, slots=True)
class Compared:
    """The sources cited for the two questions of a twin, in the order of first use."""

    twin: Twin
    cited: tuple[str, ...]
    other_cited: tuple[str, ...]

    @property
    def same(self) -> bool:
        """Whether the same set of documents is cited; two refusals agree too."""
        return set(self.cited) == set(self.other_cited)

    @property
    def shared(self) -> float:
        """Jaccard index of the two sets of documents (Jaccard 1912): shared / all; 1 for two refusals."""
        one, other = set(self.cited), set(self.other_cited)
        return len(one & other) / len(one | other) if one | other else 1.0

    @property
    def both_refused(self) -> bool:
        """Whether neither was answered: consistent, and of no use."""
        return not self.cited and not self.other_cited

    def to_dict(self) -> dict[str, Any]:
        """The questions, what was cited and how alike it is, as plain JSON values."""
        return {**asdict(self.twin), "cited": self.cited, "other_cited": self.other_cited, "same": self.same}


def load_twins(path: Path = CONSISTENCY_FILE) -> list[Twin]:
    """The pairs of questions in a file: each variant of a drug against its generic name, and the paraphrases.

    Raises QuestionFileError, which names the entry at fault.
    """
    import yaml

    try:
        data = yaml.load(path.read_text(encoding="utf-8"), Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))
    except (OSError, yaml.YAMLError) as error:
        raise QuestionFileError(f"{path}: cannot be read: {error}") from error
    try:
        named = [twin for drug in data["drugs"] for twin in _of_drug(drug, data["templates"])]
        reworded = [Twin(one, PARAPHRASED, one, other) for one, other in data["paraphrases"]]
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        problem = f"{type(error).__name__}: {error}"
        remedy = "It needs templates, drugs (generic, brand, code, misspelt) and paraphrases (pairs of questions)."
        raise QuestionFileError(f"{path}: an entry cannot be used ({problem}). {remedy}") from error
    return [*named, *reworded]


def _of_drug(drug: dict[str, Any], templates: Sequence[str]) -> Iterator[Twin]:
    written = [(NAME, drug["brand"]), (NAME, drug["code"]), *((MISSPELT, word) for word in drug["misspelt"])]
    for template in templates:
        plain = template.format(drug=drug["generic"])
        for variation, surface in written:
            yield Twin(drug["generic"], variation, plain, template.format(drug=surface))


def compare_twins(assistant: Assistant, twins: Iterable[Twin]) -> Iterator[Compared]:
    """Ask both questions of each pair, every question once."""
    known: dict[str, tuple[str, ...]] = {}

    def cited(question: str) -> tuple[str, ...]:
        if question not in known:
            citations = assistant.ask(question).citations
            known[question] = tuple(dict.fromkeys(citation.source.key for citation in citations))
        return known[question]

    for twin in twins:
        yield Compared(twin, cited(twin.question), cited(twin.other))


def rows_of(compared: Sequence[Compared]) -> list[Row]:
    """One row for each drug or paraphrase: its pairs share questions and are resampled together."""
    groups = list(dict.fromkeys(one.twin.group for one in compared))
    return [_row(group, [one for one in compared if one.twin.group == group]) for group in groups]


def _row(group: str, compared: Sequence[Compared]) -> Row:
    scores: dict[str, tuple[float, float]] = {}
    for variation in dict.fromkeys(one.twin.variation for one in compared):
        pairs = [one for one in compared if one.twin.variation == variation]
        scores[f"same sources, {variation}"] = (float(sum(one.same for one in pairs)), float(len(pairs)))
        scores[f"shared sources, {variation}"] = (sum(one.shared for one in pairs), float(len(pairs)))
    return Row(f"{CATEGORY}: {group}", CATEGORY, None, rounded(scores))
