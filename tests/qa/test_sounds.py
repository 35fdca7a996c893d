import pytest

from qa.glossary import packaged_glossary
from qa.repair import EverydayWords
from qa.sounds import Sounds, sound


@pytest.mark.parametrize(
    ("heard", "written"), [("okralizumab", "ocrelizumab"), ("infecshun", "infection"), ("everywun", "everyone")]
)
def test_words_that_are_spoken_alike_sound_alike(heard, written):
    assert sound(heard) == sound(written)


def test_short_words_and_codes_are_not_read_by_sound():
    words = Sounds(["infection", "amount", "absent", "progression"], 5)
    assert words.alike("infecshun") == ["infection"]
    assert words.alike("progreshun") == ["progression"]
    assert words.alike("amant") == words.alike("absinta7") == words.alike("améliorer") == []


def test_a_drug_is_read_by_its_sound():
    glossary = packaged_glossary()
    assert glossary.repair_sound("natalyzoomab") == "natalizumab"
    assert glossary.repair_sound("SUCRA") is None
    assert glossary.repair_sound("zorbatinib") is None
    assert glossary.repair_sound("preziosi") is None


@pytest.mark.parametrize(
    ("first", "second", "name"),
    [("okra", "lizumab", "ocrelizumab"), ("lem", "trada", "lemtrada"), ("tolly", "brutinib", "tolebrutinib")],
)
def test_a_drug_that_is_written_as_two_words_is_read(first, second, name):
    assert packaged_glossary().joined(first, second).lower() == name


def test_two_words_of_which_one_is_a_drug_are_not_joined():
    assert packaged_glossary().joined("natalyzoomab", "bio") is None
    assert packaged_glossary().joined("siponimod", "trada") is None


def test_an_everyday_word_is_read_by_its_sound_only_where_that_is_asked_for():
    words = EverydayWords({"progression": 20_000, "prognosis": 20_000}, set(), lambda _: 0.5)
    assert words.nearest("progreshun") == "progression"
    assert words.nearest("progreshun", by_sound=False) is None
