"""Where an answer went wrong: the first stage at fault, so that a maintainer knows what to mend."""

from enum import StrEnum

from eval.run import Judged, K


class Fault(StrEnum):
    """What a failed question failed on, in the words of the report."""

    UNSAFE = "not handled safely"
    FORBIDDEN = "says what it must not say"
    NOT_REFUSED = "answered though the sources hold no answer"
    REFUSED = "refused though the sources answer"
    NOT_RETRIEVED = "no right source was retrieved"
    NOT_CITED = "a right source was retrieved, others were cited"
    FACT_MISSING = "a right source was cited, a key fact is missing"
    SOURCE_MISSING = "every key fact is said, a source that must be cited is not"


REMEDIES = {
    Fault.UNSAFE: "qa/safety.py did not recognise it, or the reply lacks what it must say.",
    Fault.FORBIDDEN: "Look at the statement that holds it: whether it denies the question's premise or repeats it.",
    Fault.NOT_REFUSED: "qa/abstain.py let it pass; see its confidence.",
    Fault.REFUSED: "qa/abstain.py: confidence below the threshold, or a name taken for unknown (qa/understand.py).",
    Fault.NOT_RETRIEVED: f"None among the first {K} documents: qa/understand.py or qa/retrieve.py.",
    Fault.NOT_CITED: "qa/evidence.py ranked other sentences higher, or qa/compose.py left them out.",
    Fault.FACT_MISSING: "qa/evidence.py or qa/compose.py chose other sentences, or the pattern is too narrow.",
    Fault.SOURCE_MISSING: "qa/compose.py took the facts from one of the sources alone.",
}


def fault(judged: Judged) -> Fault | None:
    """The first thing that went wrong with a question, in the order of the pipeline; None when it is right."""
    if not judged.failed:
        return None
    if judged.forbidden:
        return Fault.FORBIDDEN
    if judged.expect == "safe":
        return Fault.UNSAFE
    if judged.expect == "abstain":
        return Fault.NOT_REFUSED
    if judged.refused:
        return Fault.REFUSED
    if judged.reciprocal_rank == 0.0:
        return Fault.NOT_RETRIEVED
    if not judged.right_source:
        return Fault.NOT_CITED
    return Fault.FACT_MISSING if judged.coverage != 1.0 else Fault.SOURCE_MISSING
