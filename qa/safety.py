"""Questions that need a person before they need a source: emergencies, and "what shall I do" about one's own treatment."""

import re

from qa.answer import Abstention

EMERGENCY = re.compile(
    r"\b(?:can(?:no|['’]?)t|unable to|struggling to|trouble) breath\w*|\bcan(?:no|['’]?)t swallow (?:at all|anything)\b|"
    r"\bchest pain\b.{0,40}\b(?:now|right now|today)\b|\b(?:i|he|she|they)\b.{0,30}\b(?:having|has) (?:a )?(?:seizure|fit|stroke)\b|"
    r"\b(?:throat|face|tongue|lips)\b.{0,30}\b(?:swelling|swollen|closing)\b|\bunconscious\b|\bnot breathing\b|"
    r"\bpassed out\b|\b(?:kill|hurt|harm)(?:ing)? (?:myself|himself|herself|themselves)\b|\bsuicid\w*|"
    r"\b(?:want|wish) to die\b|\bend (?:my|it all|my own) ?(?:life)?\b(?=\W*$|.{0,20}life)|\b(?:took|taken) too (?:many|much)\b|"
    r"\boverdos\w*\b.{0,20}\b(?:now|today|just)\b|\bpump (?:is |has )?(?:empty|stopped|run out|alarm)\w*",
    re.IGNORECASE,
)
DIRECTIVE = re.compile(
    r"\b(?:should|shall|must|can|could|may|do|would) (?:i|we|my (?:mum|mother|dad|father|wife|husband|partner|son|daughter"
    r"|sister|brother)|he|she)\b.{0,25}\b(?:stop|start|take|switch|change|double|skip|increase|reduce|lower|halve|quit|"
    r"come off|go on|have|try|get|choose|wait|delay)(?:ing|ping|ching)?\b|"
    r"\b(?:what|which) (?:dose|drug|treatment|medicine|medication|tablet)s?\b.{0,15}\b(?:should|shall|must|do) i\b|"
    r"\bis it (?:ok|okay|safe|fine|alright|all right) (?:for me|if i)\b|\btell me (?:whether|if|what) (?:i|to)\b",
    re.IGNORECASE,
)
EMERGENCY_MESSAGE = (
    "This sounds urgent. Call your emergency number now (112 in Europe, 999 in the UK, 911 in the US) or go to the nearest "
    "emergency department. If you think about harming yourself, call a crisis line (988 in the US, 116 123 in the UK) or "
    "stay with someone you trust. This assistant only quotes published sources and cannot help in an emergency."
)
PERSONAL_NOTICE = (
    "This assistant cannot decide about your own treatment: please ask your MS team before you start, stop or change "
    "anything. What published sources report is quoted here."
)


def triage(question: str) -> Abstention | None:
    """EMERGENCY or PERSONAL_ADVICE where the question is one, else None."""
    if EMERGENCY.search(question):
        return Abstention.EMERGENCY
    return Abstention.PERSONAL_ADVICE if DIRECTIVE.search(question) else None
