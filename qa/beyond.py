"""Questions for what passages rarely state however near they lie: prices, length of life, other illnesses, places."""

import re
from collections.abc import Iterable

from qa.answer import Abstention
from qa.evidence import Evidence

LOOKED_AT = 10  # sentences, best first

ASKS_PRICE = re.compile(
    r"(?:^|,)\W*(?:and |so |but |roughly |about )*(?:how much|what)\b[^.?]*"
    r"\b(?:costs?|prices?|pay(?:ing)?|charges?|fees?)\b|"
    r"^[^.?,]{0,60}\b(?:prices?|costs?) (?:of|per|in|for)\b|\b(?:list|launch|street|retail) price\b|\bprices?\W*$|"
    r"\bout[- ]of[- ]pocket\b|\bhow (?:expensive|cheap|much (?:cheaper|dearer))\b|\bper qaly\b",
    re.IGNORECASE,
)
STATES_PRICE = re.compile(
    r"[£$€]\s?\d|\d[\d,.]*(?: (?:thousand|million|billion))? (?:pounds|dollars|euros|GBP|USD|EUR|CHF)\b", re.IGNORECASE
)
ASKS_LIFESPAN = re.compile(
    r"\blife[- ]?(?:expectancy|span)\b|\bshorten\w* (?:\w+ ){0,2}(?:life|lives|lifespan)\b|"
    r"\b(?:do|does|did|can|will|would|could) (?:people|you|one|anyone|anybody|i|we|he|she|they|somebody|someone) "
    r"(?:\w+ ){0,2}die (?:of|from|because of) (?:\w+ ){0,3}(?:MS|PPMS|SPMS|multiple sclerosis)\b|"
    r"\b(?:life|lives) (?:be )?shorten\w*|"
    r"\bdie (?:young|younger|early|earlier|sooner)\b|"
    r"\blive (?:as long|a normal|to (?:be )?old|less long|shorter)\b|"
    r"\bhow long (?:do|does|can|will|would) (?:\w+ ){1,6}(?:live|survive)\b|"
    r"\byears (?:of life|off (?:my|your|his|her|their|a))",
    re.IGNORECASE,
)
STATES_LIFESPAN = re.compile(
    r"\blife[- ]?(?:expectancy|span)\b|\bsurviv|\bmortality|\blive as long|\bshorten\w* life|\byears of life\b",
    re.IGNORECASE,
)
ASKS_WAIT = re.compile(
    r"\bwaiting[- ](?:times?|lists?)\b|\bhow long (?:is|are) (?:\w+ ){0,3}(?:wait|waits|queue)\b", re.IGNORECASE
)
STATES_WAIT = re.compile(r"\bwait(?:ing|ed|s)?\b", re.IGNORECASE)
ASKS_NEARBY = re.compile(
    r"\b(?:opening (?:hours|times)|(?:phone|telephone) number|near(?:est)? (?:me|us|to me|to us)|"
    r"in (?:my|our) (?:town|city|village|area|street|neighbou?rhood|postcode)|"
    r"(?:best|good) (?:neurologist|doctor|physio(?:therapist)?|hospital|clinic)s?)\b",
    re.IGNORECASE,
)
# Illnesses beside MS, as people name them. Symptoms of MS and what its drugs are known to cause are not among them.
ILLNESSES = re.compile(
    r"\b(?:down(?:['’]?s)? syndrome|diabet(?:es|ic)|asthma|copd|emphysema|psoriasis|psoriatic arthritis|"
    r"crohn(?:['’]?s)?|ulcerative colitis|coeliac disease|celiac disease|lupus|rheumatoid arthritis|"
    r"osteoarthritis|parkinson(?:['’]?s)?|alzheimer(?:['’]?s)?|huntington(?:['’]?s)?|als|"
    r"motor neurone disease|myasthenia(?: gravis)?|nmosd|neuromyelitis optica|mogad|guillain[- ]barr[eé]|"
    r"cidp|heart failure|atrial fibrillation|angina|kidney (?:failure|disease)|dialysis|cirrhosis|"
    r"tuberculosis|hiv|long covid|osteoporosis|hashimoto(?:['’]?s)?|sickle cell|ha?emophilia|glaucoma|"
    r"uveitis|endometriosis|bipolar|schizophrenia|autis(?:m|tic)|adhd|gout|fibromyalgia|"
    r"lyme(?: disease)?|sj[oö]gren(?:['’]?s)?|sarcoidosis|scleroderma|eczema|cerebral palsy|spina bifida|"
    r"muscular dystrophy|spinal cord injury|brain tumou?r|breast cancer|prostate cancer|bowel cancer|"
    r"lung cancer|lymphoma|leuka?emia|melanoma|parkinsonism|narcolepsy)\b",
    re.IGNORECASE,
)


# "What is recommended for Parkinson's tremor?", not "Why take metformin, which I take for diabetes?"
OWNER = r"(?:my |his |her |our |their |the |mild |severe |bad )*"
TREATS_ANOTHER = re.compile(
    r"\b(?:what|which|any|best|recommended)\b[^.?]{0,40}\b(?:medicines?|medications?|drugs?|treatments?|tablets?|"
    rf"therap(?:y|ies)|inhalers?)\b[^.?]{{0,25}}\b(?:for|against|in) {OWNER}(?P<one>{ILLNESSES.pattern})|"
    rf"\b(?:do|does|did|would|will|can|could)\b[^.?]{{0,60}}\b(?:help|work|treat|cure)s? (?:in |with |for |against )?"
    rf"{OWNER}(?P<other>{ILLNESSES.pattern})(?![^?]*\b(?:MS|PPMS|SPMS|multiple sclerosis)\b)",
    re.IGNORECASE,
)


def other_illnesses(question: str) -> list[str]:
    """The illnesses beside MS that a question names, as typed, each once."""
    return list(dict.fromkeys(ILLNESSES.findall(question)))


def beyond(found: Evidence) -> Abstention | None:
    """Why not to answer although the evidence lies near, or None."""
    sentences = (candidate.text for candidate in found.ranked[:LOOKED_AT])
    return Abstention.INSUFFICIENT if goes_beyond(found.asked.question, sentences) else None


def goes_beyond(question: str, sentences: Iterable[str]) -> bool:
    """Whether the question wants a price, a length of life, a waiting time or a treatment of another illness that none
    of the sentences states, or something of the reader's surroundings.

    Sentences about the same drug or illness look like answers to these, so likeness cannot tell.
    """
    last, told = re.split(r"(?<=[.!?])\s+", question.strip())[-1], list(sentences)
    stated = ((ASKS_PRICE, STATES_PRICE), (ASKS_LIFESPAN, STATES_LIFESPAN), (ASKS_WAIT, STATES_WAIT))
    missing = (asks.search(last) and not any(map(states.search, told)) for asks, states in stated)
    illnesses = {(found["one"] or found["other"]).lower() for found in TREATS_ANOTHER.finditer(question)}
    unheard_of = any(not any(illness in sentence.lower() for sentence in told) for illness in illnesses)
    return bool(ASKS_NEARBY.search(last)) or any(missing) or unheard_of
