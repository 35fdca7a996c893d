"""The last check before a statement is shown: does each quote stand where it says, and does it carry the statement?"""

from collections.abc import Callable
from dataclasses import replace

from qa.answer import Statement, Support

ReadDocument = Callable[[str], str]


def verify(statement: Statement, document_text: ReadDocument) -> Statement:
    """The statement with its verdict; `document_text` gives a document's text by its key.

    Supported: it has a citation, every quote equals its document's text at its offsets, and the statement is one of
    its quotes word for word (white space aside).
    """
    quoted = all(c.quote == document_text(c.source.key)[c.start : c.end] for c in statement.citations)
    verbatim = any(statement.text == " ".join(citation.quote.split()) for citation in statement.citations)
    return replace(statement, support=Support.SUPPORTED if quoted and verbatim else Support.UNSUPPORTED)
