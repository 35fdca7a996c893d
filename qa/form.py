"""Parts of a message that only say in which form to answer: language, layout, length, citations. There is one here."""

import re

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
TAG = re.compile(r"</?[a-z_|]{2,20}>", re.IGNORECASE)
BEFORE_COLON = re.compile(r"([^:?]{1,80}):\s+(?=\S)")


def without_form(sentence: str) -> str:
    """One sentence without tags, and without a part before a colon that only says in which form to answer.

    Empty where all of it does.
    """
    bare = TAG.sub(" ", sentence)
    opening = BEFORE_COLON.match(bare)
    if opening and ONLY_FORM.fullmatch(opening[1]):
        bare = bare[opening.end() :]
    return "" if ONLY_FORM.fullmatch(bare) else bare
