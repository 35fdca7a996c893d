"""Reference data that a person writes beside a file: `paper.pdf.yaml` or `paper.yaml`."""

from dataclasses import replace
from pathlib import Path
from typing import Annotated, Any

from ingest.errors import DocumentError
from ingest.formats.draft import Draft

LARGEST = 64 << 10  # bytes
ENDINGS = (".yaml", ".yml")


def sidecar_of(path: Path) -> Path | None:
    """The sidecar of a file, None where there is none."""
    candidates = [*(path.with_name(path.name + e) for e in ENDINGS), *(path.with_suffix(e) for e in ENDINGS)]
    return next((p for p in candidates if p != path and p.is_file()), None)


def is_sidecar(path: Path, names: set[str]) -> bool:
    """Whether a file describes another one of `names`, the files of its folder."""
    if path.suffix.lower() not in ENDINGS:
        return False
    return path.stem in names or any(Path(name).stem == path.stem for name in names if name != path.name)


def completed(draft: Draft, sidecar: Path) -> tuple[Draft, dict[str, Any]]:
    """The draft with the sidecar's fields, and the lists (topics, phenotypes, drugs) that only a sidecar gives.

    What a person wrote wins over what the file says of itself. Raises DocumentError naming the field at fault.
    """
    import yaml
    from pydantic import ValidationError

    remedy = "docs/formats.md lists the fields."
    try:
        content = sidecar.read_bytes()
        if len(content) > LARGEST or any(isinstance(e, yaml.AliasEvent) for e in yaml.parse(content, yaml.SafeLoader)):
            raise DocumentError(sidecar, "sidecar", "is too long, or uses aliases", remedy)
        given = _model().model_validate(yaml.safe_load(content) or {})
    except OSError as error:
        raise DocumentError(
            sidecar, "sidecar", f"cannot be read ({error.strerror})", "Check its permissions."
        ) from error
    except (yaml.YAMLError, RecursionError, UnicodeDecodeError) as error:
        problem = "is not valid YAML: " + " ".join(str(error).split())[:200]
        raise DocumentError(sidecar, "sidecar", problem, "Quote values that hold ': ' or '#'.") from error
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        field = ".".join(map(str, first["loc"])) or "sidecar"
        raise DocumentError(sidecar, field, first["msg"], remedy) from error
    values = given.model_dump(exclude_none=True)
    lists = {name: tuple(values.pop(name)) for name in ("topics", "phenotypes", "drugs") if name in values}
    if "as_of" in values:
        lists["as_of"] = (values.pop("as_of"),)
    return replace(draft, **values), lists


def _model() -> Any:
    from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

    from ingest.front_matter import Phenotype, Text

    def joined(value: object) -> object:
        return ", ".join(map(str, value)) if isinstance(value, list) else value

    class Sidecar(BaseModel):
        """What a sidecar may hold."""

        model_config = ConfigDict(extra="forbid")
        title: Text | None = None
        authors: Annotated[Text | None, BeforeValidator(joined)] = None
        container: Text | None = None
        year: Annotated[int, Field(ge=1800, le=2100)] | None = None
        kind: Text | None = None
        doi: Text | None = None
        pmid: Text | None = None
        nct: Text | None = None
        url: Annotated[str, Field(pattern=r"^https?://\S+$")] | None = None
        topics: list[Text] | None = None
        phenotypes: list[Phenotype] | None = None
        drugs: list[Text] | None = None
        as_of: Annotated[Text, Field(pattern=r"^\d{4}(-\d{2}){0,2}$")] | None = None

    return Sidecar
