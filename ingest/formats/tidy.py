"""Text made safe for everything behind it: no control characters, no endless lines, nothing that acts as markup."""

import re
import unicodedata

LONGEST_WORD = 1000  # characters; anything longer is data (base64, minified code), no word
LONGEST_PARAGRAPH = 4000  # characters; a longer one is cut at a sentence's end, or at white space
# Controls but for tab, line feed and carriage return; marks that reorder text; soft hyphen, zero width space, BOM.
INVISIBLE = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x84\x86-\x9f\u00ad\u200b\u2028-\u202e\u2060\u2066-\u2069\ufeff\ufff9-\ufffb]"
)
LIGATURES = {"ﬀ": "ff", "ﬁ": "fi", "ﬂ": "fl", "ﬃ": "ffi", "ﬄ": "ffl", "ﬅ": "st", "ﬆ": "st"}
LIGATURE = re.compile("[ﬀ-ﬆ]")
SURROGATE = re.compile("[\ud800-\udfff]")
TOO_LONG = re.compile(rf"\S{{{LONGEST_WORD},}}")
CUT = re.compile(rf".{{1,{LONGEST_PARAGRAPH}}}(?<=[.!?])\s|.{{1,{LONGEST_PARAGRAPH}}}(?:\s|\Z)", re.DOTALL)
BLANK_LINES = re.compile(r"\n[ \t]*\n\s*")
# What the chunker would take for a heading or a comment, where the source meant text.
MARKUP = re.compile(r"^(\s*)#{1,6}(?=[ \t])", re.MULTILINE)
# A heading of this name marks the editors' own judgement in documents of the corpus (qa.evidence).
EDITORS_HEADING = "reading"


def clean(text: str) -> str:
    """Composed characters (NFC), no controls, ligatures spelt out, words of any real language only."""
    text = text.replace("\r\n", "\n").replace("\r", "\n").replace("\x0b", "\n").replace("\x0c", "\n")
    text = text.replace("\x85", "\n").replace("\u2028", "\n").replace("\u2029", "\n\n")
    text = INVISIBLE.sub("", SURROGATE.sub("\ufffd", text))
    text = LIGATURE.sub(lambda match: LIGATURES[match.group()], text)
    text = TOO_LONG.sub("…", unicodedata.normalize("NFC", text))
    return text.replace("<!--", "<! --")


def paragraphs(text: str) -> list[str]:
    """The paragraphs of a text, cleaned; none empty, none longer than the sentence splitter likes."""
    found: list[str] = []
    for block in BLANK_LINES.split(MARKUP.sub(r"\1", clean(text))):
        stripped = block.strip()
        if len(stripped) <= LONGEST_PARAGRAPH:
            found += [stripped] if stripped else []
        else:
            found += [piece.strip() for piece in CUT.findall(stripped) if piece.strip()]
    return found


def heading_line(text: str) -> str:
    """A heading as one line of at most 200 characters."""
    line = " ".join(clean(text).split()).strip("# ")[:200]
    return f"{line}." if line.lower() == EDITORS_HEADING else line
