"""Answers as Markdown and as plain text for a terminal."""

from textwrap import indent, wrap

from ingest.document import Source
from qa.answer import Answer, Citation, Hit
from qa.references import cited_sources

ABOUT = "Information from published sources, no medical advice. Decisions belong to you and your MS team."


def to_markdown(answer: Answer) -> str:
    """Answer, then each cited source with its quotes and link."""
    parts = []
    for group, statements in answer.grouped():
        parts += [f"**{_escaped(group)}**"] if group else []
        parts += [_escaped(statement.marked) for statement in statements]
    parts = parts or [_escaped(answer.message)]
    if answer.notice:
        parts.insert(0, f"> {_escaped(answer.notice)}")
    if answer.citations:
        parts.append("### Sources")
        parts += [_markdown_source(source, answer.citations) for source in cited_sources(answer.citations)]
    elif answer.related:
        parts.append("### What the sources do hold")
        parts.append("\n".join(f"- {_escaped(line)}" for line in related_lines(answer.related)))
    parts += [f"*{_escaped(told)}*" for told in (_origin(answer), ABOUT) if told]
    return "\n\n".join(parts) + "\n"


def _origin(answer: Answer) -> str:
    """Which collection was asked; empty for the index itself."""
    return f"From the collection “{answer.collection}”." if answer.collection else ""


def _markdown_source(source: Source, citations: list[Citation]) -> str:
    cited = [c for c in citations if c.source == source]
    quotes = [f"> {_escaped(' '.join(c.quote.split()))}{f' (p. {c.page})' if c.page else ''}" for c in cited]
    return "\n\n".join([f"**\\[{source.number}\\]** {_escaped(source.reference)} <{source.url}>", *quotes])


def _escaped(text: str) -> str:
    """Markdown's and HTML's special characters made harmless."""
    for character in "\\`*_[]<>|":
        text = text.replace(character, f"\\{character}")
    return text


def related_lines(hits: tuple[Hit, ...]) -> list[str]:
    """One line for each related source: title, section and number."""
    sources = {hit.source.key: hit for hit in reversed(hits)}
    return [
        f"{hit.source.title} ({hit.source.year or 'n.d.'}) [{hit.source.number}]" for hit in reversed(sources.values())
    ]


def to_terminal(answer: Answer, *, width: int = 100) -> str:
    """Answer, then the cited sources with their links, wrapped to `width` columns."""
    lines: list[str] = []
    if answer.notice:
        lines += [*wrap(answer.notice, width), ""]
    for group, statements in answer.grouped():
        lines += wrap(group, width)
        for statement in statements:
            lines += wrap(
                f"- {statement.marked}" if group else statement.marked, width, subsequent_indent="  " * bool(group)
            )
    if not answer.statements:
        lines += wrap(answer.message, width)
    if answer.citations:
        lines += ["", "Sources"]
        for source in cited_sources(answer.citations):
            lines += wrap(f"[{source.number}] {source.reference}", width, subsequent_indent="    ")
            places = [c.place for c in answer.citations if c.source == source and c.page]
            lines += wrap("; ".join(dict.fromkeys(places)), width, initial_indent="    ", subsequent_indent="    ")
            lines += [f"    {source.url}"]
    elif answer.related:
        lines += ["", "What the sources do hold:"]
        lines += [indent("\n".join(wrap(f"- {line}", width - 2)), "  ") for line in related_lines(answer.related)]
    return "\n".join([*lines, "", *wrap(f"{_origin(answer)} {ABOUT}".strip(), width)])
