"""All sources as a table that the page searches, sorts and filters."""

from collections.abc import Iterable, Sequence

from ingest.document import Source
from ui.escape import safe

COLUMNS = (
    ("number", "No."),
    ("title", "Source"),
    ("drugs", "Drug"),
    ("phenotypes", "Form of MS"),
    ("kind", "Kind"),
    ("year", "Year"),
    ("regions", "Region"),
)


def table_html(sources: Sequence[Source]) -> str:
    """Head with sort buttons, one row for each source; a row carries its values for the filters."""
    heads = "".join(
        f'<th scope="col" aria-sort="{"ascending" if name == "number" else "none"}">'
        f'<button type="button" class="sort" data-column="{place}">{label}</button></th>'
        for place, (name, label) in enumerate(COLUMNS)
    )
    rows = "".join(_row(source) for source in sources)
    return (
        '<table class="sources-table"><caption class="unseen">All sources; the buttons in the head sort</caption>'
        f"<thead><tr>{heads}</tr></thead><tbody>{rows}</tbody></table>"
    )


def choices(sources: Sequence[Source]) -> dict[str, list[str]]:
    """What can be chosen in each filter, as it occurs in the sources."""
    return {
        "drug": _sorted(drug for source in sources for drug in source.drugs),
        "form": _sorted(form for source in sources for form in source.phenotypes),
        "kind": _sorted(source.kind for source in sources),
        "region": _sorted(region for source in sources for region in regions(source)),
        "year": [str(year) for year in sorted({source.year for source in sources if source.year}, reverse=True)],
    }


def regions(source: Source) -> list[str]:
    """Where the source reports decisions, each once."""
    return list(dict.fromkeys(str(status["region"]) for status in source.status))


def filter_data(drugs: Iterable[str], forms: Iterable[str], kind: str, places: Iterable[str], year: str) -> str:
    """The attributes that the page's filters read; no `year` is before any."""
    values = {"drugs": drugs, "forms": forms, "kinds": [kind], "regions": places}
    told = " ".join(f'data-{name}="{safe("|".join(value))}"' for name, value in values.items())
    return f'{told} data-year="{year}"'


def _row(source: Source) -> str:
    opener = f'<button type="button" class="open" data-key="{safe(source.key)}">{safe(source.title)}</button>'
    values = (
        str(source.number),
        f'{opener}<span class="meta">{safe(source.authors)}</span>',
        safe(", ".join(source.drugs)),
        safe(", ".join(source.phenotypes)),
        safe(source.kind),
        source.dated,
        safe(", ".join(regions(source))),
    )
    cells = "".join(f'<td data-label="{label}">{value}</td>' for (_, label), value in zip(COLUMNS, values, strict=True))
    data = filter_data(source.drugs, source.phenotypes, source.kind, regions(source), source.dated)
    words = " ".join([source.title, source.authors, source.container, *source.topics, source.nct or "", source.key])
    return f'<tr {data} data-words="{safe(words.lower())}">{cells}</tr>'


def _sorted(values: Iterable[str]) -> list[str]:
    return sorted(set(values), key=str.lower)
