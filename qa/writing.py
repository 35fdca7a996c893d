"""A model's reply, as it streams in, cut into sentences with the marks that belong to each."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from ingest.sentences import split_sentences
from qa.faults import Fault, ModelFault
from qa.prompts import NO_ANSWER

LONGEST_REPLY = 20_000  # characters; four sentences need a twentieth
LONGEST_SENTENCE = 1_200  # characters without an end
MOST_SENTENCES = 12
REPEATS = 3  # times that one sentence may be written before the model is taken to go round in circles
NUMBERS = r"\d{1,3}(?:\s*(?:,|;|and|&)\s*(?:passages?\s+)?\d{1,3})*"
MARK = re.compile(rf"\[\s*(?:(?:passage|source)s?\s+)?({NUMBERS})\s*\]", re.IGNORECASE)
UNFINISHED_MARK = re.compile(r"\s*\[[^\]\n]{0,40}$")
MARKS = rf"(?:\[\s*(?:(?:passage|source)s?\s+)?{NUMBERS}\s*\][ \t,;]*)+"
STOP_BEFORE_MARKS = re.compile(rf"([.!?][\"'”’)]*)[ \t]*({MARKS})(?:\.(?=\s|$))?", re.IGNORECASE)
THOUGHT = re.compile(r"^\s*<think>.*?(?:</think>|$)", re.DOTALL)
SPACE_BEFORE_STOP = re.compile(r"[\s,;]*\s([.!?])|[,;]+([.!?])|\s+([,;:])")
ENGLISH = frozenset(
    """a an and are as at be been between but by can did do does for from had has have in is it may no not of on or
    should than that the their there these they this to under was were when which who with without""".split()
)
FOREIGN = frozenset(
    """bei das dem den der des die ein eine für ist mit nicht oder und von wurde zu au aux avec chez dans du est et la
    le les par pas pour que qui sur un une con da de del di el en es gli il los las lo para por se com em na não os uma
    een het niet van voor""".split()
)
LONG = 12  # words
LAST_LETTER = ord("ω")  # Latin and Greek letters come before
NOT_PROSE = re.compile(r"^\s*(?:```\w*\s*)?(?:\{|\[\s*[{\"]|<(?:tool|function|\|)|<\w+[ >])")
REFUSAL = re.compile(
    r"^\W*(?:i['’]?m (?:very )?sorry|sorry\b|i apologi[sz]e|unfortunately, i|"
    r"i (?:can(?:['’]?t|not)|am (?:unable|not able)|won['’]?t)|as an ai\b)",
    re.IGNORECASE,
)
ITEM = re.compile(r"(?m)^[ \t]*(?:[-*•+]|\d{1,2}[.)])[ \t]+")
EMPHASIS = re.compile(r"\*\*|__|`|^#+\s*", re.MULTILINE)
OPENING = re.compile(
    r"^(?:(?:yes|no|answer|in (?:summary|short|conclusion)|overall|additionally|furthermore|moreover|also|finally)\b"
    r"\s*[,.:;!]\s*|"
    r"(?:according to|as (?:stated|reported|described|noted) in|based on|as per) (?:the )?"
    r"(?:provided |given |numbered )?(?:passages?|sources?|text|information|documents?)(?: provided| given)?"
    r"(?:\s+\d{1,2})?\s*,?\s*(?:that )?|"
    r"(?:the )?(?:passages?|sources?|documents?)(?:\s+\d{1,2})? "
    r"(?:states?|says?|reports?|shows?|indicates?|mentions?|notes?) that )",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Written:
    """One sentence of a reply: its wording, the numbers of the passages that it cites, and how it stood there."""

    text: str
    marks: tuple[int, ...]
    raw: str


def written_sentences(pieces: Iterable[str]) -> Iterator[Written]:
    """The sentences of a reply, each as soon as it is complete. Raises ModelFault for a reply that is no prose."""
    seen: Counter[str] = Counter()
    for raw in _raw_sentences(pieces):
        sentence = parsed(raw)
        if not sentence.text:
            continue
        seen[sentence.text.casefold()] += 1
        if seen[sentence.text.casefold()] >= REPEATS:
            raise ModelFault(Fault.REPEATING)
        yield sentence
        if seen.total() >= MOST_SENTENCES:
            return


def parsed(raw: str) -> Written:
    """A sentence without its marks, without Markdown and without openings such as "According to passage 2,"."""
    marks = tuple(int(number) for match in MARK.finditer(raw) for number in re.findall(r"\d+", match[1]))
    text = " ".join(EMPHASIS.sub("", ITEM.sub("", MARK.sub(" ", raw))).split())
    text = SPACE_BEFORE_STOP.sub(lambda match: match[1] or match[2] or match[3], text)
    opened = OPENING.match(text)
    while opened:
        text = text[opened.end() :]
        text = text[:1].upper() + text[1:]
        opened = OPENING.match(text)
    return Written(text, tuple(dict.fromkeys(marks)), raw.strip())


def is_english(text: str) -> bool:
    """Whether a sentence holds no more function words of other languages than of English, and some if it is long."""
    words = re.findall(r"[^\W\d_]+", text.lower())
    foreign = sum(word in FOREIGN for word in words) + sum(ord(max(word)) > LAST_LETTER for word in words)
    english = sum(word in ENGLISH for word in words)
    return foreign <= english and (english > 0 or len(words) < LONG)


def _raw_sentences(pieces: Iterable[str]) -> Iterator[str]:
    reply, done = "", 0
    for piece in pieces:
        reply += piece
        if len(reply) > LONGEST_REPLY:
            raise ModelFault(Fault.TOO_LONG)
        text = THOUGHT.sub("", reply)
        _check_kind(text)
        complete = _split(UNFINISHED_MARK.sub("", text))[:-1]
        yield from complete[done:]
        done = max(done, len(complete))
        if len(text) - sum(map(len, complete)) > LONGEST_SENTENCE:
            raise ModelFault(Fault.REPEATING)
    yield from _split(THOUGHT.sub("", reply))[done:]


def _split(text: str) -> list[str]:
    """Sentences, marks behind the full stop moved before it, so that they stay with their sentence."""
    moved = STOP_BEFORE_MARKS.sub(lambda match: f" {match[2].strip()}{match[1]} ", text)
    return [span.of(moved) for span in split_sentences(moved)]


def _check_kind(text: str) -> None:
    if NOT_PROSE.match(text):
        raise ModelFault(Fault.NOT_PROSE)
    if REFUSAL.match(text):
        raise ModelFault(Fault.REFUSED)
    if text.strip().startswith(NO_ANSWER.rstrip(".")):
        raise ModelFault(Fault.DECLINED)
