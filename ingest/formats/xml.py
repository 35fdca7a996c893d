"""XML and HTML parsed without entities, network or size bombs."""

from typing import Any

from ingest.formats.draft import UnreadableError


def parse_xml(content: bytes, *, what: str = "XML") -> Any:
    """The root element. Raises UnreadableError when there is nothing to be read in it."""
    from lxml import etree

    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False, recover=True, remove_comments=True
    )
    try:
        root = etree.fromstring(content, parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        raise UnreadableError(f"is no valid {what} ({error})", "Download or export it again.") from error
    if root is None:
        raise UnreadableError(f"is no valid {what} (no element in it)", "Download or export it again.")
    return root
