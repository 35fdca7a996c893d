"""Do the quotes hold the words and the sense of a statement?"""

from qa.claim import Evidence, Similarity
from qa.wording import Wording, stems_of


LIGHT = stems_of(
    """use give take say show find found report include compare comparison case level respectively overall participant patient
    person people individual subject man trial study group result""".split()
)


def coverage(statement: Wording, evidence: Evidence) -> float:
    """Share of the content words of the statement that the quotes hold; a title's words count half."""
    stems = {key for w in evidence.sentences for key in (*w.stems, *w.keys)}
    titled = {key for w in evidence.titles for key in (*w.stems, *w.keys)}
    names = {n for w in evidence.sentences for m in w.mentions for n in m.names}
    inside = {p for m in statement.mentions if set(m.names) & names for p in range(m.start, m.end)}
    total = held = 0.0
    for place, token in enumerate(statement.tokens):
        if not statement.content[place] or token.text[0].isdigit() or token.stem in LIGHT:
            continue
        total += 1
        if place in inside or statement.keys[place] in stems or token.stem in stems:
            held += 1
        elif statement.keys[place] in titled:
            held += 0.5
    return held / total if total else 1.0


def similar(statement: str, evidence: Evidence, similarity: Similarity) -> float:
    """Highest similarity to a quoted sentence or to all of them together."""
    texts = [w.text for w in evidence.sentences]
    if len(texts) > 1:
        texts.append(" ".join(texts))
    return max(similarity(statement, t) for t in texts)
