"""The frame of the page: what stands on it before anything is asked."""

from collections.abc import Iterable, Sequence
from pathlib import Path
from string import Template

from ingest.document import Source
from qa.render import ABOUT
from qa.settings import LONGEST_QUESTION
from ui.escape import safe
from ui.library import Library
from ui.table import choices

HERE = Path(__file__).parent
EXAMPLES = {
    "Living with MS": (
        "What can help with fatigue?",
        "Can I get Ocrevus for primary progressive MS?",
        "Does physiotherapy help with walking?",
    ),
    "Clinician": (
        "Which tests are needed before starting siponimod?",
        "How is PML monitored with natalizumab?",
        "What is the risk of liver injury with tolebrutinib?",
    ),
    "Researcher": (
        "Compare siponimod and tolebrutinib in SPMS",
        "What was the hazard ratio in HERCULES?",
        "Is simvastatin of use in secondary progressive MS?",
    ),
}


def shell_html(library: Library) -> str:
    """The frame as one line: a blank line inside HTML would start Markdown."""
    sources = library.first.sources()
    chosen = choices(sources)
    options = {name: _options(values) for name, values in chosen.items()}
    page = Template((HERE / "shell.html").read_text(encoding="utf-8")).substitute(
        options,
        about=safe(ABOUT),
        held=safe(held(sources)),
        collections=_chooser(library),
        longest=LONGEST_QUESTION,
        examples="".join(_audience(name, questions) for name, questions in EXAMPLES.items()),
        form_boxes=_boxes(chosen["form"]),
        kind_boxes=_boxes(chosen["kind"]),
        region_boxes=_boxes(chosen["region"]),
        model="" if library.first.settings.model else "hidden",
    )
    return " ".join(page.split())


def held(sources: Sequence[Source]) -> str:
    """How many sources there are and up to when they are current, in a sentence."""
    count, newest = len(sources), max((source.currency for source in sources), default="")
    told = f"{count} source{'s' * (count != 1)}"
    return f"The {told} {'is' if count == 1 else 'are'} current up to {newest}." if newest else f"{told} can be asked."


def _chooser(library: Library) -> str:
    """The list of collections; nothing where there is only one."""
    names = library.names()
    if len(names) < 2:
        return ""
    chosen = {library.start: " selected"}
    items = "".join(
        f'<option value="{safe(name)}"{chosen.get(name, "")}>{safe(library.label(name))}</option>' for name in names
    )
    return (
        f'<label>Collection <select name="collection">{items}</select></label>'
        '<p class="loading" role="status" hidden></p>'
    )


def _audience(name: str, questions: Iterable[str]) -> str:
    items = "".join(
        f'<li><button type="button" data-ask="{safe(text)}">{safe(text)}</button></li>' for text in questions
    )
    return f"<div><h3>{safe(name)}</h3><ul>{items}</ul></div>"


def _options(values: Iterable[str]) -> str:
    return "".join(f'<option value="{safe(value)}">{safe(value)}</option>' for value in values)


def _boxes(values: Iterable[str]) -> str:
    return "".join(
        f'<label class="line"><input type="checkbox" value="{safe(value)}"> {safe(value)}</label>' for value in values
    )
