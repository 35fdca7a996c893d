import random
import re

import pytest

from eval.alter import CONTRARY, KINDS, alter
from qa.glossary import packaged_glossary

SENTENCE = (
    "In EXPAND, siponimod 2 mg did not harm but may have reduced progression in people with RRMS by 21% over 36 months."
)


def changed(kind: str, sentence: str = SENTENCE, seed: int = 0) -> str | None:
    return alter(sentence, kind, packaged_glossary(), random.Random(seed))


def difference(before: str, after: str) -> tuple[str, str]:
    """What stands between the longest beginning and the longest end that two texts share, in whole words."""
    old, new = before.split(), after.split()
    while old and new and old[0] == new[0]:
        old, new = old[1:], new[1:]
    while old and new and old[-1] == new[-1]:
        old, new = old[:-1], new[:-1]
    return " ".join(old), " ".join(new)


@pytest.mark.parametrize(
    ("kind", "old"),
    [
        ("number", r"2|21%|36"),
        ("unit", r"mg|21%|months\."),
        ("drug", r"siponimod"),
        ("trial", r"EXPAND,"),
        ("phenotype", r"RRMS"),
        ("direction", r"reduced"),
        ("negation", r"not|may"),
        ("hedge", r"may"),
    ],
)
@pytest.mark.parametrize("seed", range(5))
def test_each_kind_changes_what_it_says_and_nothing_else(kind, old, seed):
    after = changed(kind, seed=seed)
    assert after != SENTENCE
    was, now = difference(SENTENCE, after)
    assert re.fullmatch(old, was) or (kind == "negation" and (was, now) == ("", "not"))


@pytest.mark.parametrize("kind", KINDS)
def test_the_same_draw_gives_the_same_change(kind):
    assert changed(kind, seed=3) == changed(kind, seed=3)


@pytest.mark.parametrize("kind", KINDS)
def test_a_sentence_without_the_kind_is_left_alone(kind):
    assert changed(kind, "Rest helps.") is None


def test_two_arms_can_change_their_numbers():
    sentence = "Infections occurred in 34% on siponimod and 28% on placebo."
    found = {changed("number", sentence, seed) for seed in range(10)}
    assert "Infections occurred in 28% on siponimod and 34% on placebo." in found


def test_every_mention_of_a_name_changes():
    after = changed("drug", "Siponimod slowed SPMS, and siponimod was tolerated.")
    assert "iponimod" not in after


def test_ms_is_not_exchanged_for_one_of_its_courses():
    assert changed("phenotype", "Rest helps in MS.") is None


def test_no_word_is_its_own_contrary():
    assert [word for word, contrary in CONTRARY.items() if word == contrary] == []
