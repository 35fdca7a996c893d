"""What kind of answer a question wants, and which sentences are of that kind."""

import re
from enum import StrEnum


class Want(StrEnum):
    """One kind of answer; a question may want several, or none of these."""

    NUMBER = "number"
    PERCENT = "percent"
    PEOPLE = "people"
    DATE = "date"
    PLACE = "place"
    SAFETY = "safety"
    DESIGN = "design"
    REASON = "reason"
    AGAINST = "against"
    NEWEST = "newest"
    STATUS = "status"
    EFFECT = "effect"
    SEVERAL = "several"


ASKED = {
    Want.NUMBER: r"how (?:many|much|often|long|old|big|large|high|low|likely|common|far|strong|soon)|hazard ratio|percent(?:age)?|"
    r"per cent|proportion|portion|share|rates?|number of|numbers|doses?|dosage|dosing|figures?|p[- ]value|"
    r"confidence interval|ci|hr|what age|odds|chances?|n|size|effect size|by what",
    Want.PERCENT: r"percent(?:age)?|per cent|proportion|portion|share|rates?|how (?:likely|common|often)|chances?|risk|how many|"
    r"how much",
    Want.PEOPLE: r"how many (?:people|patients|participants|men|women|adults|were|took|had|got)|sample size|enrol\w*|recruit\w*|"
    r"took part|n|size",
    Want.DATE: r"when|what (?:date|year|month|day)|which (?:date|year|month)|in what year|how recent(?:ly)?|since when|deadline",
    Want.PLACE: r"where|which (?:country|countries|city|cities|hospitals?|centres?|centers?)|what countr(?:y|ies)",
    Want.SAFETY: r"side[- ]effects?|safe(?:ty|ly)?|harms?|harmful|dangers?|dangerous|risks?|risky|adverse|problems?|wrong|warnings?|"
    r"contra[- ]?ind\w*|must ?n[o']?t|should ?n[o']?t|who (?:can't|cannot|should not)|infections?|monitor\w*|checks?|tests?|toxic\w*|"
    r"deaths?|died|reactions?|upset|watch (?:out )?for|avoid|stop(?:ped|ping)?|interact\w*",
    Want.DESIGN: r"who (?:was|were|could|took|had)|which people|what kind of (?:people|patients|trial|study)|design\w*|eligib\w*|"
    r"inclu\w*|exclu\w*|allowed|let in(?:to)?|enrol\w*|recruit\w*|how long did|how was .{0,30} (?:given|done|tested|measured)|"
    r"compared with what|took part|where|run by|what was tested|what did they (?:give|get)|dose",
    Want.REASON: r"why|how come|reasons?|because|what for|rationale|explain\w*",
    Want.AGAINST: r"(?:who|whom|people|patients|anyone|anybody|when|which|what) (?:[\w'’]+ ){0,6}"
    r"(?:not|never|cannot|(?:ca|must|should)n?['’]?t) (?:ever |yet )?(?:have|take|receive|be (?:on|used|given|taken))|"
    r"contra[- ]?ind\w*|unsuitable|not suitable|unsafe for|no[- ]?gos?|off limits|steer clear|(?:should|must) avoid|"
    r"reasons? (?:not to|against)",
    Want.NEWEST: r"new(?:est|er|ly)?|latest|now|nowadays|current(?:ly)?|recent(?:ly)?|today|still|yet|up[- ]to[- ]date|so far|"
    r"202[5-9]|this year|any news|these days",
    Want.STATUS: r"approv\w*|licen[cs]\w*|authoris\w*|authoriz\w*|available|availability|indicated|indication|recommended|nhs|"
    r"prescrib\w*|reimburs\w*|on the market|latest|newest|current(?:ly)?|nowadays|get hold|still",
    Want.EFFECT: r"how (?:well|effective|good|successful|much (?:do|does|did|can|will))|effective(?:ly|ness)?|efficacy|efficacious|"
    r"work(?:s|ed|ing)?|help(?:s|ed|ful|ing)?|benefit\w*|any (?:good|use|better)|use(?:ful|less)|worth|slow(?:s|ed|ing)?|"
    r"success\w*|fail(?:s|ed|ure)?|(?:do|does|did) (?:\w+ ){1,3}(?:do|anything)|difference|results?|outcomes?|found|find|"
    r"improv\w*|delay\w*|prevent\w*|stop(?:s|ped)?|evidence|what happened|turn(?:ed)? out|(?:role|place) (?:left )?for",
    Want.SEVERAL: r"compar\w*|versus|vs|differ\w*|difference|both|each|either|side by side|against|rather than|better|worse|"
    r"same|agree\w*|disagree\w*|contradict\w*|conflict\w*|inconsisten\w*|at odds|two|change[ds]?|between|list|all the|"
    r"which (?:\w+ ){0,2}(?:are|were|do|should|can|need)|what (?:\w+ ){0,3}(?:are|were) (?:there|the)|side effects|options|"
    r"treatments|ways|kinds|types|tests|checks|reasons|risks|symptoms|signs|what else",
}
QUESTION_PATTERNS = {want: re.compile(rf"\b(?:{pattern})\b", re.IGNORECASE) for want, pattern in ASKED.items()}
# Asks how trials ended beside each other, whatever else is told of them.
ENDED = re.compile(
    r"\bfit together\b|\b(?:these|they|those|(?:the )?two|both) (?:\w+ )?(?:fit|be (?:true|right))\b|"
    r"\bdifferent (?:stories|lessons|results|directions|conclusions|answers|verdicts|findings)\b|"
    r"\b(?:contradict|conflict|disagree)\w*|\b(?:each|both|either|they)(?: of them)? (?:do|fare|end|perform)\b|"
    r"\b(?:each|both|either)(?: of them)? (?:find|found|show|showed|slow|slowed|work|worked)\b",
    re.IGNORECASE,
)
MONTH = r"(?:January|February|March|April|May|June|July|August|September|October|November|December)"
GIVEN = {
    Want.NUMBER: re.compile(r"\d"),
    Want.PERCENT: re.compile(r"\d ?%|\bper 1000\b"),
    Want.PEOPLE: re.compile(r"\b\d[\d,]* (?:\w+ ){0,2}(?:people|participants|adults|patients|men|women|volunteers)\b"),
    Want.DATE: re.compile(rf"\b{MONTH}\b|\bin (?:19|20)\d\d\b|\b(?:19|20)\d\d to (?:19|20)\d\d\b"),
    Want.PLACE: re.compile(r"\b(?:in|at|from) (?:the )?[A-Z][a-z]+|\bcentres?\b|\bcountries\b"),
    Want.REASON: re.compile(
        r"\b(?:because|since|so that|due to|reason|rationale|in order to|therefore|to (?:avoid|prevent))\b"
    ),
    Want.AGAINST: re.compile(
        r"\bcontraindicat\w+|\bmust not\b|\bnot be (?:used|given|taken|started|treated)\b|\bnot recommended\b|"
        r"\bshould (?:be )?avoid\w*|\bnot advised\b"
    ),
}


def wants(question: str) -> frozenset[Want]:
    """The kinds of answer that a question asks for."""
    asked = {want for want, pattern in QUESTION_PATTERNS.items() if pattern.search(question)}
    return frozenset(asked | {Want.SEVERAL} if ENDED.search(question) else asked)


def gives(sentence: str, want: Want) -> bool:
    """Whether a sentence is of the wanted kind, for kinds that show in the sentence itself."""
    return bool(GIVEN[want].search(sentence))
