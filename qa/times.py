"""After how long a worsening was confirmed: "12-week" and "3-month confirmed progression" are the same outcome."""

import re

CONFIRMED = re.compile(
    r"\b(\d+)[- ](week|wk|month|mo)s?\b(?=[^.?;]{0,25}\b(?:confirm\w*|sustain\w*|cdp|progress\w*|worsen\w*|disab\w*))|"
    r"\b(?:confirmed|sustained) (?:after|at|for|over) (?:at least )?(\d+)[- ](week|wk|month|mo)s?\b",
    re.IGNORECASE,
)
WEEKS_OF_A_MONTH = 4  # as trials count: 12 weeks for 3 months, 24 for 6


def confirmed_after(text: str) -> frozenset[int]:
    """The times in weeks, a month counted as four of them."""
    found = set()
    for number, unit, other_number, other_unit in CONFIRMED.findall(text):
        weeks = 1 if (unit or other_unit).lower().startswith("w") else WEEKS_OF_A_MONTH
        found.add(int(number or other_number) * weeks)
    return frozenset(found)
