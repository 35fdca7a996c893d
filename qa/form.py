"""Parts of a message that only say in which form to answer: language, layout, length, citations."""

import re

from qa.follow_up import FUNCTION_WORDS

LANGUAGE = (
    r"english|german|french|spanish|italian|dutch|portuguese|polish|russian|turkish|arabic|hindi|chinese|japanese|"
    r"deutsch|fran[cç]ais|espa[nñ]ol|italiano|nederlands|portugu[eê]s"
)
HOW = (
    r"just|only|exactly|under|at most|no more than|a|an|one|two|three|five|ten|\d+|few|single|simple|plain|easy|"
    r"everyday|lay|short|brief"
)
SHAPE = (
    rf"(?:(?:{HOW}) )*(?:{LANGUAGE}|json|xml|yaml|html|markdown|latex|csv|capitals|capital letters|rhymes?|verse|"
    r"emojis?|poem|haiku|limerick|song|rap|list|table|tweet|joke|story|essay|e-?mail|letter|bullet points?|words?|"
    r"sentences?|lines?|paragraphs?|terms|language|yes or no)"
)
TELL = (
    r"(?:answer|reply|respond|write|translate|give|format|output|put|phrase|explain|say|tell|summari[sz]e|present|return)"
    r"(?: (?:it|this|that|me|everything|back|only|just|(?:your|the|all|any) (?:answers?|reply|response|results?)))*"
)
ONLY_FORM = re.compile(
    r"\W*(?:(?:and|then|please|kindly|also|just|now|but) )*(?:"
    rf"{TELL}(?: (?:in|into|as|with|using|to))? {SHAPE}(?: (?:only|format))*|"
    r"antworten? (?:bitte )?(?:auf|in) \w+(?: bitte)?|r[ée]pond(?:s|ez|re)? en \w+(?: s['’]il (?:te|vous) pla[iî]t)?|"
    r"respond[ea] en \w+(?: por favor)?|rispond[ia] in \w+|"
    r"cite (?:only )?(?:source|reference|number)s?(?: number)? \S+|"
    r"(?:without|(?:give|use) no) (?:any )?(?:citations?|sources)|(?:be|keep it) (?:brief|concise|short)"
    r")(?: please)?\W*",
    re.IGNORECASE,
)
# Words of which at least one stands in a sentence that only says how to answer, and those that may stand beside it.
FORM = frozenset(
    """answer answers reply replies respond response return output format phrase json xml yaml html markdown latex csv
    emoji emojis sentence sentences word words paragraph paragraphs line lines bullet bullets list lists table tables
    poem haiku rhyme rhymes verse caveat caveats disclaimer disclaimers hedge hedging hedges waffle
    citation citations source sources reference references footnote footnotes jargon""".split()
)
BESIDE = frozenset(
    """absolutely add all always any avoid begin beginning bold brief bulleted capital capitals character characters
    close concise each end english every exactly few first five formal four german french spanish friendly give
    headings include introduction key keep language last layman laymans leave lengthy less letter letters limit long
    maximum max minimum need never nothing number numbered only order other please point points polite put short shout
    simple single skip spaces start starting straight style talk ten terms text three title tone true two under upper
    upfront valid want warnings without write writing yes case doctor chat small minimal plain basic simply""".split()
)
QUOTED = re.compile(r"\"[^\"]*\"|“[^”]*”|(?<!\w)'[^']*'(?!\w)|\d+")
WORD = re.compile(r"[^\W\d_]+")


def is_form(text: str) -> bool:
    """Whether a text only says how to answer: "No sources, no hedging", "Return only valid JSON with the key 'n'"."""
    if ONLY_FORM.fullmatch(text):
        return True
    content = {word.lower() for word in WORD.findall(QUOTED.sub(" ", text))} - FUNCTION_WORDS
    return bool(content & FORM) and content <= FORM | BESIDE
