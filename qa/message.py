"""What a message is before it is read as a question: a courtesy, another language, or several questions at once."""

import re
from dataclasses import dataclass

from qa.answer import Abstention
from qa.follow_up import FUNCTION_WORDS
from qa.form import is_form
from qa.safety import EMERGENCY_MESSAGE, ORDER, triage

FEWEST_WORDS = 3  # of a question between two others
MOST_QUESTIONS = 3  # in one message; what comes after stays with the last
COURTESY = frozenset(
    """hi hiya hello hey yo greetings good morning afternoon evening night day dear there everyone all welcome thanks
    thank thx ty cheers ta you u so very much a lot for the your help that was is great perfect lovely nice brilliant
    excellent helpful really kind of appreciate appreciated it bye goodbye see later ok okay cool fine got alright right
    please sorry no problem yes yeah yep well done and i m am new here how are doing today going things is""".split()
)
OPENS = re.compile(
    r"^\W*(?:hi|hiya|hello|hey|yo|greetings|good (?:morning|afternoon|evening|night|day)|thank|thanks|thx|ty|cheers|ta|"
    r"bye|goodbye|ok|okay|cool|great|perfect|lovely|nice|brilliant|excellent|sorry|yes|yeah|that was)\b",
    re.IGNORECASE,
)
ABOUT_US = re.compile(
    r"^\W*(?:(?:hi|hello|hey)\W+)?(?:who|what) (?:are|is) (?:you|this)\W*$|\bwhat (?:can|do) you (?:do|know|answer)\b|"
    r"\bwhat can i ask(?: you)?\b|\bhow (?:do|does) (?:you|this) work\W*$|^\W*how are you\b|^\W*help(?: me)?\W*$|"
    r"\bare you (?:an? )?(?:doctor|human|real|robot|bot|ai|person|nurse|machine)\b",
    re.IGNORECASE,
)
WELCOME = (
    "Hello. Ask a question about treating primary or secondary progressive multiple sclerosis, for example: Does "
    "ocrelizumab slow primary progressive MS? Every sentence of an answer is quoted from a numbered source."
)
YOU_ARE_WELCOME = "You are welcome. Ask again whenever you like."
NO_QUESTION = "The sources do not answer this. They are about treating progressive multiple sclerosis."
IN_ENGLISH = "This assistant reads English only. Please ask in English."
# Words that are frequent in one language and none in English, and how to ask for English there.
LANGUAGES = {
    "der das ist und nicht wie für mit gibt welche sind ein eine ich kann bei hilft gegen zur wirkt mir es": (
        "Dieser Assistent versteht nur Englisch. Bitte fragen Sie auf Englisch."
    ),
    "le les des une est quels quelles pour dans avec que qui pas sont peut du je mon ma il elle quel quelle aux": (
        "Cet assistant ne comprend que l'anglais. Merci de poser la question en anglais."
    ),
    "el los las una es para con qué cómo cuál cuáles del por puede hay mi esclerosis sirve al tiene son un": (
        "Este asistente solo entiende inglés. Por favor, pregunte en inglés."
    ),
    "il gli della dei è per che sono quali con una può come nella sclerosi mi cosa quale del un funziona": (
        "Questo assistente comprende solo l'inglese. La preghiamo di chiedere in inglese."
    ),
    "os uma para com não é que são quais tem esclerose posso como da meu minha funciona existe do um": (
        "Este assistente só entende inglês. Por favor, pergunte em inglês."
    ),
    "het een en van voor niet met zijn welke wat bij kan ik mijn helpt tegen er hoe werkt": (
        "Deze assistent begrijpt alleen Engels. Stel de vraag in het Engels."
    ),
    "czy jest na się jak dla nie jakie są z przy leki lek może": (
        "Ten asystent rozumie tylko język angielski. Proszę zapytać po angielsku."
    ),
    "och är för det att som inte med hur vilka finns kan jag på mot hjälper": (
        "Den här assistenten förstår bara engelska. Ställ frågan på engelska."
    ),
}
FOREIGN = {frozenset(words.split()): told for words, told in LANGUAGES.items()}
FRAGMENT = 3  # words
SENTENCE = re.compile(r"(?<=[.!?])\s+")
FOREIGN_SHARE = 0.3  # of a message's words
WORD = re.compile(r"[^\W\d_]+")
TAG = re.compile(r"</?[a-z_|]{2,20}>", re.IGNORECASE)
BEFORE_COLON = re.compile(r"([^:?]{1,80}):\s+(?=\S)")
FOREIGN_ORDERS = frozenset(
    """réponds répondez reponds oublie oubliez écris écrivez ecris traduis antworte antworten vergiss
    vergesst schreib schreibe übersetze responde responda contesta escribe olvida ignora traduce rispondi rispondere
    dimentica scrivi antwoord vergeet schrijf escreva esqueça odpowiedz zapomnij svara glöm skriv""".split()
)
OPENERS = "what|which|who|whom|whose|how|when|where|why"
YES_NO = "am|is|are|was|were|does|do|did|can|could|should|would|will|has|have"
LEAD = r"(?:(?:ok|okay|so|well|and|but|also|now|then|at|in|for|by|on|with|to|after|from)\s+)*"
SUBJECT = (
    "i|you|we|he|she|it|they|there|this|that|these|those|the|any|anyone|anybody|anything|someone|somebody|my|your|his|"
    "her|their|our|people|patients"
)
SECOND_HALF = re.compile(
    rf",?\s+(?:and|but)\s+(?=(?:also\s+)?({OPENERS}|(?:{YES_NO})(?=\s+(?:{SUBJECT})\b)|"
    r"(?:does|do|did)(?=\s+(?!not|n[o']t|so|better|worse|well|nothing|without)\w+\s+\w+))\b)",
    re.IGNORECASE,
)
# "and what were the risks" is a question of its own, "and how many of those" is none
WHOLE = re.compile(rf"(?:and|but)\s+(?:also\s+)?(?:{OPENERS})(?:\s+(?:{YES_NO})|['’]s)\b", re.IGNORECASE)
BETWEEN = re.compile(
    rf",\s+(?=(what|how|who (?:must|should|can|may)|(?:{YES_NO})(?=\s+(?:{SUBJECT})\b))\b)", re.IGNORECASE
)
FIRST_HALF = re.compile(rf"(?:^|[.,;:!?]\s+){LEAD}({OPENERS}|{YES_NO})\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Reply:
    """What is said back without looking into any source."""

    reason: Abstention
    text: str


def said_at_once(text: str, concern: Abstention | None) -> Reply | None:
    """What to say where no source is to be asked; `concern` is what triage takes the message for.

    Urgent help takes the answer's place only where a pattern names the emergency. Where the fitted model alone
    suspects one, it is said first and the sources are quoted below, as a false alarm must not cost the answer.
    """
    if concern is Abstention.EMERGENCY and triage(text) is Abstention.EMERGENCY:
        return Reply(concern, EMERGENCY_MESSAGE)
    return reply(text) if without_orders(text) else Reply(Abstention.OFF_TOPIC, NO_QUESTION)


def reply(text: str) -> Reply | None:
    """What to say to a greeting, thanks, a question about the assistant itself or one that is not in English."""
    said = courtesy(text)
    if said:
        return Reply(Abstention.COURTESY, said)
    told = other_language(text)
    return Reply(Abstention.OTHER_LANGUAGE, told) if told else None


def courtesy(text: str) -> str | None:
    """The answer to a greeting, thanks or a question about the assistant itself; None for any other message."""
    words = [word.lower() for word in WORD.findall(text)]
    if ABOUT_US.search(text) and len(words) <= 10:
        return WELCOME
    if not OPENS.match(text) or not set(words) <= COURTESY:
        return None
    thanked = {"thanks", "thank", "thx", "ty", "cheers", "ta", "bye", "goodbye", "great", "perfect", "helpful"}
    return YOU_ARE_WELCOME if thanked & set(words) else WELCOME


def other_language(text: str) -> str | None:
    """What to say to a message that is not English, in its own language where that is known; None for English."""
    words = [word.lower() for word in WORD.findall(text)]
    letters = "".join(words)
    if letters and sum(not _is_latin(letter) for letter in letters) > len(letters) / 2:
        return IN_ENGLISH
    if len(words) < 3:
        return None
    counts = {told: sum(word in known for word in words) for known, told in FOREIGN.items()}
    told = max(counts, key=lambda language: counts[language])
    english = sum(word in FUNCTION_WORDS for word in words)
    enough = counts[told] >= max(2, FOREIGN_SHARE * len(words)) and counts[told] > english
    return f"{told} {IN_ENGLISH}" if enough else None


def _is_latin(letter: str) -> bool:
    return ord(letter) < 0x250 or 0x1E00 <= ord(letter) < 0x1F00


def without_orders(text: str) -> str:
    """A message without sentences that give orders to the assistant, the form of the answer among them.

    The whole where such a sentence asks something; without the order where one stands before a colon or in another
    language than the rest.
    """
    sentences = [_without_order(TAG.sub(" ", one)) for one in re.findall(r"[^.!?\n]*(?:[.!?\n]+|$)", text)]
    kept = "".join(one for one in sentences if one.rstrip().endswith("?") or not _is_order(one))
    left = kept.strip()
    return left if left == text.strip() or _content(left) else ""


def _without_order(sentence: str) -> str:
    opening = BEFORE_COLON.match(sentence)
    if opening is None or (ORDER.search(opening[1]) and not sentence.rstrip().endswith("?")):
        return sentence  # behind some orders stands what is to be said
    return sentence[opening.end() :] if _is_order(opening[1]) else sentence


def _is_order(text: str) -> bool:
    return bool(ORDER.search(text)) or is_form(text) or _is_foreign_order(text)


def _is_foreign_order(text: str) -> bool:
    """An order in another language; a whole message of that kind is told that English is read."""
    words = [word.lower() for word in WORD.findall(text)]
    english = sum(word in FUNCTION_WORDS for word in words)
    return bool(FOREIGN_ORDERS.intersection(words)) and len(words) > 1 and english <= len(words) / 3


def questions_in(text: str) -> list[str]:
    """The questions of a message in order, each with the sentences that lead up to it; one for most messages."""
    pieces = [piece for piece in re.split(r"(?<=\?)\s+", text.strip()) if piece.strip()]
    found: list[str] = []
    for piece in pieces:
        alone = _content(piece) > 0 and (piece.rstrip().endswith("?") or bool(found and FIRST_HALF.match(piece)))
        if len(found) == 1 and alone and _ends_in_name(found[-1]):
            found[-1] = f"{found[-1]} {piece}"
        elif len(found) > 1 and _is_fragment(piece) and _is_fragment(found[-1]):
            found[-1] = f"{found[-1].rstrip(' ?')}, {piece}"
        elif found and (not alone or len(found) >= MOST_QUESTIONS or _content(found[-1]) == 0):
            found[-1] = f"{found[-1]} {piece}"
        else:
            found.append(piece)
    return found or [text]


def _is_fragment(piece: str) -> bool:
    """ "Metformin?", "the BTK ones?": a list, asked one by one."""
    words = WORD.findall(piece)
    return piece.rstrip().endswith("?") and len(words) <= FRAGMENT and not FIRST_HALF.match(piece)


def _ends_in_name(piece: str) -> bool:
    """ "Pregabalin made me foggy. Duloxetine?", which the next question is about."""
    *before, last = SENTENCE.split(piece.strip())
    return bool(before) and len(WORD.findall(last)) == 1 and _is_fragment(last)


def halves(question: str) -> list[str]:
    """ "How well does it work, and what are the risks?" as two questions; others whole.

    The second half keeps its "and", so that it is read in the light of the first. "How many of these and how many of
    those" stays one question, whose answer stands in one sentence. The first half may be two questions itself: "What
    is it for, who must not have it, and how long ...".
    """
    for found in SECOND_HALF.finditer(question):
        before, after = question[: found.start()], question[found.start() :].lstrip(" ,")
        asked, opener = FIRST_HALF.findall(before), found[1].lower()
        same = asked and asked[-1].lower() == opener and re.fullmatch(OPENERS, opener) and not WHOLE.match(after)
        if asked and not same and _content(before) and _content(after):
            return [*_listed(before), *halves(f"{after[0].upper()}{after[1:].rstrip(' .?!')}?")]
    return [question]


def _listed(before: str) -> list[str]:
    """The questions that stand before the last "and" of a list of them, with commas between."""
    comma = BETWEEN.search(before)
    if comma is None or not FIRST_HALF.search(before[: comma.start()]):
        return [f"{before}?"]
    first, second = before[: comma.start()], before[comma.end() :]
    whole = _content(first) and len(WORD.findall(second)) >= FEWEST_WORDS
    return [f"{first}?", *_listed(f"And {second}")] if whole else [f"{before}?"]


def _content(text: str) -> int:
    return sum(word.lower() not in FUNCTION_WORDS for word in WORD.findall(text))
