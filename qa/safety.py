"""Questions that need a person before they need a source: emergencies, and "what shall I do" about one's own treatment."""

import re
from collections.abc import Iterable
from functools import lru_cache

from qa.answer import Abstention

# Each line is one kind of emergency, as people type it about themselves or somebody beside them, now.
EMERGENCY = [
    re.compile(pattern, re.IGNORECASE | re.DOTALL)
    for pattern in (
        # breathing, choking, anaphylaxis
        r"\b(?:can(?:no|['’]?)t|cannot|could ?n['’]?t|unable to|struggl\w+ to|trouble|hard to|difficulty|barely|hardly) (?:breath|get (?:any )?air)\w*",
        # "has started choking on his tea" and "is choking on tea more often" tell of a symptom
        r"\bnot breathing\b|\bchoking (?:right )?now\b|\bturn(?:ed|ing) blue\b",
        r"\b(?:is|am|are|['’](?:s|m|re)|[hs]?hes|im|he|she|mum|mom|dad|wife|husband) choking\b(?= ?(?:on|and|he|she|can|[,.!]|$))(?!.{0,60}\b(?:lately|often|a lot|more (?:often|and more)|meals|every|sometimes|these days|most (?:days|times|mornings|evenings)|daily|each (?:day|meal|time)|for (?:weeks|months|years))\b)",
        r"\b(?:throat|face|tongue|lips?|mouth)\b.{0,30}\b(?:swell\w*|swollen|closing|tight\w*|puff\w*)\b",
        # heart, brain, consciousness
        r"\bchest (?:pain|is tight|feels tight|hurts)\b",
        r"\b(?:unconscious|unresponsive|passed out|blacked out|"
        r"(?<!ramp )(?<!chair )collaps(?:ed|ing)|(?:can(?:no|['’]?)t|cannot|hardly|won['’]?t) (?:be )?(?:wake|woken|rouse)\w*)\b",
        r"\b(?:i|he|she|they|mum|dad|wife|husband|partner)\b.{0,25}\b(?:(?:is|are|am|having|has|just had|had just)(?: just)?(?: had)? (?:a |an )?(?:fit|fitting|seizure|stroke)|slurring)\b(?! (?:years|months) ago\b| in (?:19|20)\d\d\b)",
        # "had a stroke" unless it was long ago: what happens now is never excused by what happened before
        r"\b(?:i|he|she|they|mum|dad|wife|husband|partner)\b.{0,25}(?<!just )\bhad (?:a |an )?(?:fit|seizure|stroke)\b"
        r"(?!.{0,20}\b(?:years? ago|in the past|as a (?:child|teenager|baby)|when (?:i|he|she|they) (?:was|were)|before (?:the )?(?:ms|diagnosis)|in (?:19|20)\d\d|last year)\b)",
        r"\b(?:suddenly|all of a sudden|since this morning|sudden)\b.{0,60}\b(?:can(?:no|['’]?)t|cannot|unable to) (?:see|speak|talk|move|feel)\b",
        # the spinal cord: nothing felt below, or urine that does not come
        r"^(?=.*\b(?:woke|woken|today|tonight|now|sudden\w*|since (?:last|yesterday|this)|hours?)\b).*"
        r"\b(?:can(?:no|['’]?)t|cannot|could ?n['’]?t|no longer|lost all|no) feel(?:ing)?\b.{0,20}\b(?:from|below) (?:my|his|her|their|the) (?:waist|chest|belly|navel)\b",
        r"(?:\bnot|n['’]?t|\bunable to|\bcannot)\b.{0,15}\b(?:pee|wee|urinate|pass(?:ed)? (?:any )?(?:urine|water)|peed|weed|urinated)\b"
        r"(?=.{0,20}\b(?:since (?:last|yesterday|this)|for (?:\d+|many|several) hours|at all (?:since|today)|all (?:day|night)|today)\b)",
        r"^(?=.*\b(?:this morning|today|tonight|last night|since yesterday|woke|woken|hours)\b)"
        r"(?=.*(?:\bcan(?:no|['’]?)t|\bcannot|\bunable to|\bnot able to|\bcould ?n['’]?t) (?:pass (?:any )?(?:water|urine)|pee|wee|urinate)\b)"
        r".*\b(?:numb|no feeling|can['’]?t feel|cannot feel|no power|dead|weak|paraly[sz]ed|burst\w*|rock hard|agony)\b",
        r"\bbleeding (?:a lot|heavily|badly|and)\b|\bwon['’]?t stop bleeding\b|\bhit (?:his|her|my|their) head\b"
        r"(?!.{0,20}\b(?:(?:weeks?|months?|years?) ago|last (?:month|year)|in (?:jan|feb|mar|apr|may|june|july|aug|sep|oct|nov|dec|19|20)\w*)\b)",
        # infection going to the brain or blood; a pump that stops
        r"(?=.*\b(?:burning (?:hot|up)|high (?:fever|temperature)|fever|shiver(?:ing|y)|breathing (?:very |too )?(?:fast|quickly)|(?:39|4[01])(?:[.,]\d)? ?(?:°|degrees|c\b)|\b(?:39|4[01])[.,]\d\b(?! ?(?:%|per ?cent|mg|ml|kg|years|points?|months|weeks))|temp(?:erature)? (?:of |is |was |at )?(?:39|4[01])\b)).*\b(?:confus\w*|muddled|drowsy|seeing things|hallucinat\w*|not making sense|talking (?:nonsense|rubbish|gibberish)|delirious|stiff neck)\b",
        r"\b(?:my|his|her|\w+['’]s)\b.{0,20}\bpump\b.{0,20}\b(?:beep\w*|alarm\w*|empty|stopped|run out|leaking)\b",
        r"\bpump\b.{0,120}\b(?:burning (?:hot|up)|fever|rigid|stiff as|itch\w*|confus\w*|talking (?:nonsense|rubbish|gibberish)|hallucinat\w*)\b",
        r"^(?!.*\b(?:(?:months?|years?) ago|last year)\b).*\b(?:stopped|(?:ran|run) out of|missed)\b.{0,40}\bbaclofen\b.{0,160}\b(?:seeing things|hallucinat\w*|confus\w*|fever|itch\w*|rigid)\b",
        # overdose
        r"\b(?:took|taken|swallowed)\b.{0,20}\b(?:[1-9]\d|a (?:whole|handful)|all (?:of )?(?:my|the|his|her)|too (?:many|much)|(?:two|three|four) times)\b.{0,30}\b(?:tablets?|pills?|capsules?|doses?|pack|box|bottle|mg|baclofen|\w+(?:ine|one|mod|nib))\b",
        r"\b(?:took|taken|swallowed) too (?:many|much)\b|\b(?:i|he|she|they)(?: have| has|['’]ve|['’]s)? overdosed\b",
        # self-harm
        r"(?<!\bno wish to )(?<!\bno thoughts of )(?<!\bno thought of )(?<!\bno plans to )(?<!\bno intention of )(?<!\bnot going to )"
        r"\b(?:kill|hurt|harm|cut|cutting|hurting|harming|killing) (?:myself|himself|herself|themselves)\b|(?<!\bnot )(?<!\bno )(?<!\bnon[- ])(?<!\bnever )(?<!\bdenies )(?<!n['’]t )(?<!\bgive )(?<!\bcause )(?<!\bcauses )\bsuicid(?:al|e)\b(?! (?:risk|rate|warning|was|were|in))",
        r"\b(?:want(?:s|ed)?|wish|going|rather) (?:to (?:die|be dead|end (?:it|my|his|her))|i (?:was|were) dead|not (?:to )?(?:wake|live|be here))",
        r"\bhow (?:many|much)\b.{0,80}\b(?:to (?:die|kill)|(?:do(?:es)?n['’]?t|never|not|won['’]?t) wake(?: up)?|be (?:fatal|lethal|deadly)|sleep for ?ever|end it)\b",
        r"\b(?:lethal|fatal|deadly) (?:dose|amount|quantity)\b",
        r"\b(?:sav(?:ed|ing) (?:up|all)|hoard(?:ed|ing)|stash(?:ed|ing)|stockpil(?:ed|ing)|putting aside)\b.{0,30}\b(?:pills?|tablets?|meds|medicines?|medication|morphine|enough|\w+(?:ine|pam|ol|fen))\b|\bhow many (?:\w+ ){0,3}would it take\b",
        r"\benough (?:\w+ ){1,3}(?:saved|stored|put aside|ready) (?:up )?to (?:finish|end|do) it\b|\b(?:in front of|under) (?:a|the) (?:train|bus|lorry|truck|car)\b|"
        r"\bjump(?:ing)? (?:off|from|out of) (?:a|the|my|our) (?:\w+ )?(?:bridge|roof|building|balcony|window|cliff)\b|\b(?:sleep|drift off|close my eyes)\b.{0,20}\b(?:and|,) (?:not|never) wake\b",
        r"\b(?:think\w*|thought|plan\w*|consider\w*) (?:about |of |on )?(?:just )?(?:ending|finishing) (?:it|things|everything|myself)\b(?! with\b)|"
        r"\bputting (?:\w+ ){0,3}(?:tablets|pills) (?:\w+ ){0,4}(?:aside|by)\b(?! (?:the|my|his|her|a)\b)|\bputting by (?:\w+ ){0,2}(?:tablets|pills)\b",
        # nothing left to live for; "any point in going on Ocrevus?" is another question
        r"\b(?:point|reason) (?:of|in|to|for)? ?(?:liv(?:e|ing)(?! with)|being (?:here|alive))|"
        r"\b(?:no|the|little) (?:point|reason) (?:of|in|to|for)? ?(?:carry|go)(?:ing)? on(?= *(?:$|[.,!?;]|like this|any ?more|living|at all))|"
        # "is there any point carrying on?" after "he still gets the injections" asks about these
        r"^(?!.*\b(?:injections?|infusions?|drip|tablets?|treatments?|physio\w*|exercis\w*|dmts?|drugs?|jabs?)\b)"
        r".*\b(?:point|reason) (?:of|in|to|for)? ?(?:carry|go)(?:ing)? on(?= *(?:$|[.,!?;]|like this|any ?more|living|at all))|"
        r"\b(?:nothing (?:left )?to live for|tired of (?:living|life|being alive)|life is(?:n['’]?t| not) worth (?:living|it)|not worth living|had enough of (?:life|living))\b",
        r"^(?!.*\b(?:injections?|infusions?|drip|physio\w*|exercis\w*|dmts?|jabs?)\b).*\b(?:do(?:n['’]?t| not)|dont|can['’]?t|cannot) (?:really |honestly |even )?"
        r"see (?:the|any|a|much) point (?:any ?more(?! (?:of|in|to)\b)|in anything|of anything|in (?:living|life|going on|carrying on|being here))\b",
        r"\b(?:do(?:n['’]?t| not)|no longer|dont) want to (?:live|be here|wake up|go on|exist)\b|\bbetter off (?:dead|without me|if i (?:was|were)(?: (?:dead|gone|not)\b|n['’]?t (?:here|around|alive)\b))|\bend (?:it all|my life|my own life)\b",
    )
]
SOMEBODY = r"(?:i|we|he|she|they|my (?:mum|mother|mom|dad|father|wife|husband|partner|son|daughter|sister|brother|friend|uncle|aunt))"
TREATING = (
    r"(?:stop|start|take|switch|swap|change|double|skip|increase|reduce|lower|halve|cut|quit|come off|coming off|go (?:on|off|up|down|back|without)|"
    r"try|choose|wait|delay|cancel|postpone|miss|restart|continue|stay on|drop|not (?:turn up|go|take)|just not|give up|hold off|use|ask|do)"
)
# Questions that ask for a decision or a forecast about one person.
DIRECTIVE = re.compile(
    rf"\b(?:should|shall|must|do|does|ought) {SOMEBODY}\b.{{0,25}}\b{TREATING}(?:s|ping|ting|ing)?\b(?! (?:have to (?:tell|go through)|know|get))|"
    rf"\b(?:can|could|may|would it be (?:ok|okay|safe) (?:if|for)) {SOMEBODY}\b (?:safely |just |still |also |now |already )?{TREATING}\b|"
    r"\b(?:what|which|how much|how many) (?:\w+ ){0,3}(?:should|shall|must|do) i (?:take|use|choose|ask|start|try|switch)\b|"
    r"\b(?:do|does|have|has) (?:i|he|she) (?:have|got) (?:ms|ppms|spms|multiple sclerosis)\b|"
    r"\bis it (?:ok|okay|safe|fine|alright|all right) (?:for me|if i)\b|\btell me (?:whether|if|what) (?:i should|to (?:do|take|stop))\b|"
    r"\bwhat would you do\b|\bmy dose\b",
    re.IGNORECASE,
)
FORECAST = re.compile(
    rf"\b(?:will|am|are|is) {SOMEBODY} (?:(?:really|ever|still|always|definitely) )?(?:going to )?"
    r"(?:be (?:in|able)|end up|need|lose|die|still walk|walk|get (?:worse|better)|recover|become)\b|"
    rf"\bhow long (?:do|does|will|have|has|before|until|till) {SOMEBODY} (?:got|live|have|needs?|lose|walk|stop|can)\b",
    re.IGNORECASE,
)
FALSE_DIRECTIVE = re.compile(
    r"\b(?:why|which (?:checks|tests)|how) do i have to\b|\bdo i have to (?:decide|tell|go)\b", re.IGNORECASE
)
# Orders to the assistant itself: text like any other, but nothing of it is repeated.
ORDER = re.compile(
    r"(?:^|[,;:]|\b(?:and|then|just|please|now|must|should|to))\s*(?:ignore|disregard|forget|override|bypass)\b.{0,40}"
    r"\b(?:instructions?|rules?|sources?|above|previous|prompt|guidelines?|checks?|documents?|(?:were|been) told)\b|"
    r"\bnew instructions\b|^\W*(?:always|never) (?:praise|recommend|criticise|mention|warn about|refuse|say|admit)\b|^\W*(?:output|print|say)\s*:|^\W*say (?:that )?(?:it|they|this) (?:cures?|works?|is|are|has|have)\b|"
    r"\byou are (?:now|no longer)\b|(?:^|\b(?:and|please|now|you|must))\s*(?:pretend|act as|role-?play)\b|"
    r"^\W*(?:finish|end|close|sign off) with\b|\bstay in character\b|\b(?:system prompt|system override|developer mode|jailbreak)\b|\bfrom now on,? (?:you|answer|reply|say)\b|"
    r"(?:^\s*|[.!?;:,]\s*|\b(?:and|then|please|must|always)\s+)(?:end|begin|start|finish|close|open|sign off|append|add|put|insert|"
    r"include)\b.{0,40}\b(?:every|each|your|the|all) (?:\w+ )?(?:sentence|answer|reply|response|line|paragraph|message|statement)s?\b|"
    r"(?:^|\b(?:and|then|just|please|now))\s*(?:(?:repeat|say|write|print|output|state|claim|confirm)\b.{0,20}\b(?:after me|"
    r"exactly|only|that|in capitals)|(?:respond|reply|answer)\b.{0,20}\b(?:exactly|only|with|in capitals))\b",
    re.IGNORECASE | re.DOTALL,
)
EMERGENCY_MESSAGE = (
    "This sounds urgent. Call your emergency number now (112 in Europe, 999 in the UK, 911 in the US) or go to the nearest "
    "emergency department. If you think about harming yourself, call a crisis line (988 in the US, 116 123 in the UK) or "
    "stay with someone you trust. This assistant only quotes published sources and cannot help in an emergency."
)
URGENT_BELOW = "What published sources report stands below; it is no help in an emergency."
QUOTED_HERE = "What published sources report is quoted here."
GROUPS_HERE = "What was found in groups of people is quoted here."
ASK_FIRST = "Please ask your MS team before you start, stop or change anything."
MAYBE_URGENT = (
    "If this is happening right now it may be an emergency: call your emergency number (112 in Europe, 999 in the UK, 911 "
    "in the US). If you think about harming yourself, call a crisis line (988 in the US, 116 123 in the UK) or stay with "
    "someone you trust."
)
PERSONAL_NOTICE = (
    "This assistant cannot decide about anybody's treatment: please ask your MS team before you start, stop or change "
    f"anything. {QUOTED_HERE}"
)
FORECAST_NOTICE = (
    "Nobody can tell from published sources how it will go for one person: please ask your MS team, who know you. "
    f"{GROUPS_HERE}"
)


def notice_of(concern: Abstention | None, question: str) -> str | None:
    """What is said above the evidence where a question concerns a person, not the sources alone."""
    directive = bool(DIRECTIVE.search(question))
    if concern is Abstention.EMERGENCY:
        return " ".join([MAYBE_URGENT, *([ASK_FIRST] if directive else []), URGENT_BELOW])
    if concern is Abstention.PERSONAL_ADVICE:
        return FORECAST_NOTICE if FORECAST.search(question) and not directive else PERSONAL_NOTICE
    return None


def without_promise(notice: str) -> str:
    """A notice above an answer in which nothing is quoted."""
    for promise in (URGENT_BELOW, QUOTED_HERE, GROUPS_HERE):
        notice = notice.replace(f" {promise}", "")
    return notice


def said_once(notices: Iterable[str]) -> str:
    """Notices as one, what several of them say only where it is said first."""
    whole = " ".join(notices)
    for part in (MAYBE_URGENT, ASK_FIRST, URGENT_BELOW, QUOTED_HERE, GROUPS_HERE):
        before, said, after = whole.partition(part)
        whole = before + said + after.replace(f" {part}", "")
    return whole


@lru_cache(500)
def triage(question: str) -> Abstention | None:
    """EMERGENCY or PERSONAL_ADVICE where the question is one, else None."""
    if any(pattern.search(question) for pattern in EMERGENCY):
        return Abstention.EMERGENCY
    asked = DIRECTIVE.search(question) or FORECAST.search(question)
    return Abstention.PERSONAL_ADVICE if asked and not FALSE_DIRECTIVE.search(question) else None
