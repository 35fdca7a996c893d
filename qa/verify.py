"""The last check before a statement is shown: does each quote stand where it says, and does it carry the statement?"""

from collections.abc import Callable
from dataclasses import replace

from qa.answer import Citation, Statement, Support
from qa.checker import Check, Quote, Similarity, Verdict, check
from qa.glossary import packaged_glossary
from qa.guard import guarded

ReadDocument = Callable[[str], str]


def verify(statement: Statement, document_text: ReadDocument, *, similarity: Similarity | None = None) -> Statement:
    """The statement with its verdict; `document_text` gives a document's text by its key."""
    return replace(statement, support=verdict(statement, document_text, similarity=similarity).support)


def verdict(statement: Statement, document_text: ReadDocument, *, similarity: Similarity | None = None) -> Verdict:
    """Whether a statement may be shown, and why not.

    Supported: it has a citation, every quote equals its document's text at its offsets, and the statement is one of
    its quotes word for word (white space aside), or each quote carries it alone: by `qa.guard` and by `qa.checker`,
    whose `similarity` is given here.
    """
    if not statement.citations:
        return Verdict(Support.UNSUPPORTED, "it cites nothing", Check.QUOTE)
    if any(c.quote != document_text(c.source.key)[c.start : c.end] for c in statement.citations):
        return Verdict(Support.UNSUPPORTED, "a quote does not stand in its document", Check.QUOTE)
    if any(statement.text == " ".join(citation.quote.split()) for citation in statement.citations):
        return Verdict(Support.SUPPORTED, "word for word")
    verdicts = [_carried(statement.text, citation, similarity) for citation in statement.citations]
    return next((found for found in verdicts if found.support is Support.UNSUPPORTED), verdicts[0])


def _carried(text: str, citation: Citation, similarity: Similarity | None) -> Verdict:
    found = check(text, [Quote.of(citation)], glossary=packaged_glossary(), similarity=similarity)
    reason = guarded(text, citation.quote) if found.support is Support.SUPPORTED else None
    return Verdict(Support.UNSUPPORTED, reason, Check.WORDING) if reason else found
