"""The contract of a document's front matter (corpus/README.md), and errors that name the field and the remedy."""

import datetime
from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, StringConstraints, ValidationError

from ingest.document import Source
from ingest.errors import DocumentError

Kind = Literal[
    "randomized trial",
    "extension study",
    "observational study",
    "trial registration",
    "review",
    "guideline",
    "consensus",
    "label",
    "regulator decision",
    "press release",
    "patient information",
]
Phenotype = Literal["PPMS", "SPMS", "active SPMS", "non-relapsing SPMS", "RRMS", "relapsing MS", "progressive MS", "MS"]


def _as_text(value: object) -> object:
    """YAML reads 2025 as a number and 2025-08-01 as a date; both are meant as text."""
    if isinstance(value, bool):
        return value
    return str(value) if isinstance(value, int | float | datetime.date) else value


Text = Annotated[str, StringConstraints(min_length=1), BeforeValidator(_as_text)]


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid")


class Outcome(_Strict):
    """One result of a trial as data.

    `direction` is the first-named arm against the second, None where nothing is compared.
    """

    measure: Text
    population: Phenotype
    comparison: Text
    effect: Literal["HR", "RR", "OR", "difference", "proportion", "change", "none"]
    value: float | None
    ci: tuple[float, float] | None
    p: Text | None
    n: int | None
    direction: Literal["better", "worse", "no difference"] | None
    met: bool | None


class Status(_Strict):
    """One decision of a regulator or appraisal body as data."""

    region: Text
    decision: Text
    population: Text
    date: Text | None


class FrontMatter(_Strict):
    """Every field of the front matter; those with a default may be left out."""

    key: Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9-]*$")]
    number: Annotated[int, Field(ge=1)]
    title: Text
    authors: Text
    container: Text
    year: Annotated[int, Field(ge=1800, le=2100)]
    kind: Kind
    doi: Text | None
    pmid: Text | None
    nct: Text | None
    url: Annotated[str, Field(pattern=r"^https?://\S+$")]
    topics: list[Text]
    phenotypes: Annotated[list[Phenotype], Field(min_length=1)]
    drugs: list[Text]
    as_of: Annotated[str, BeforeValidator(_as_text), Field(pattern=r"^\d{4}(-\d{2}){0,2}$")]
    outcomes: list[Outcome] = []
    status: list[Status] = []
    superseded_by: Text | None = None
    see_also: list[Text] = []


REMEDIES = {
    "missing": "Add the field; corpus/README.md lists them",
    "extra_forbidden": "Remove the field or correct its spelling; corpus/README.md lists the fields",
    "literal_error": "Use one of the values named",
    "string_pattern_mismatch": "Write it as corpus/README.md shows",
    "int_parsing": "Write a whole number",
    "int_type": "Write a whole number",
    "list_type": "Write a list, [] when it is empty",
    "too_short": "Name at least one",
}


def parse_front_matter(values: object, path: str) -> Source:
    """Check the parsed YAML of one document and return its reference data.

    Raises DocumentError naming the first field at fault and what to do about it.
    """
    if not isinstance(values, dict):
        raise DocumentError(path, "front matter", "is not a mapping of fields", "Write it as 'field: value' lines")
    try:
        front = FrontMatter.model_validate(values)
    except ValidationError as error:
        raise _explained(error, path) from error
    return Source.from_dict(front.model_dump(mode="json"))


def _explained(error: ValidationError, path: str) -> DocumentError:
    first = error.errors()[0]
    field = ".".join(str(part) for part in first["loc"])
    given: Any = first.get("input")
    shown = "" if isinstance(given, dict) else f" (it is {str(given)[:60]!r})"
    remedy = REMEDIES.get(first["type"], "Correct the value; corpus/README.md says what it holds")
    others = f" ({error.error_count() - 1} more fields are at fault)" if error.error_count() > 1 else ""
    return DocumentError(path, field, f"{first['msg'][:1].lower()}{first['msg'][1:]}{shown}", f"{remedy}.{others}")
