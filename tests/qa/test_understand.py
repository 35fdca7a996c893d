import pytest

from qa.answer import Turn
from qa.glossary import Kind, packaged_glossary
from qa.lexicon import Lexicon
from qa.spelling import english_words
from qa.understand import understand
from qa.wants import Want

COMMON = {"put": 2404, "cup": 2452, "slow": 4030, "progression": 14903}
HELD = {
    "slow": 9,
    "progress": 500,
    "ocrelizumab": 80,
    "siponimod": 60,
    "hazard": 40,
    "ratio": 50,
    "infus": 30,
    "edss": 40,
}
LEXICON = Lexicon(1000, lambda stem: HELD.get(stem, 0), list(HELD), COMMON.get)


def read(question, *earlier):
    return understand(question, [Turn(text) for text in earlier], packaged_glossary(), LEXICON)


def test_function_words_are_no_concepts():
    assert [concept.surface for concept in read("How does it slow the progression?").concepts] == [
        "slow",
        "progression",
    ]


def test_the_shorthand_of_messages_is_no_concept():
    assert [concept.surface for concept in read("pls tell me abt the latest progression, thx").concepts] == [
        "progression"
    ]


def test_a_brand_is_searched_under_its_generic_name():
    assert "ocrelizumab" in read("Does Ocrevus slow progression?").query
    assert "ocrelizumab" in read("Does Ocrevus slow progression?").expanded


def test_a_concept_is_there_in_any_of_its_names():
    concept = next(c for c in read("Does Ocrevus slow progression?").concepts if c.surface == "Ocrevus")
    assert concept.within({"ocrelizumab", "x"})
    assert not concept.within({"siponimod"})


def test_a_misspelling_is_reported_as_read():
    assert ("ocrelizimab", "ocrelizumab") in read("Does ocrelizimab slow progression?").repairs


@pytest.mark.parametrize("name", ["zorbatinib", "TERIKIDX", "velumimab", "sildenafil", "atorvastatin"])
def test_a_name_that_nothing_knows_is_unknown(name):
    assert read(f"Does {name} slow progression?").unknown == (name,)


def test_a_name_that_is_only_told_before_the_question_is_asked_nothing_of():
    told = "I take zorbatinib and bisoprolol."
    assert read(f"{told} Does siponimod slow SPMS?").unknown == ()
    assert read(f"{told} How fast is progression in SPMS?").unknown == ()
    assert read(f"{told} Does it slow SPMS?").unknown == ("zorbatinib", "bisoprolol")
    assert read("Does bisoprolol slow SPMS? I take siponimod.").unknown == ("bisoprolol",)


def test_a_name_told_in_a_turn_before_refuses_nothing_where_something_known_is_asked_about():
    turns = ("What is tested before siponimod?", "my heart is slow and i take bisoprolol, is it ok")
    assert read("and if I miss a few doses of it?", *turns).unknown == ()
    assert read("is it safe with bisoprolol?", turns[0]).unknown == ("bisoprolol",)
    assert read("and its side effects?", "What is zorbatinib?").unknown == ("zorbatinib",)


def test_of_listed_tests_those_that_nothing_knows_are_told_beside_the_answer():
    asked = read("Should EDSS, ZASAT or BIZAMS be used in PPMS?")
    assert (asked.unknown, asked.unheard) == ((), ("ZASAT", "BIZAMS"))
    assert read("Should ZASAT or BIZAMS be used in PPMS?").unknown == ("ZASAT", "BIZAMS")
    assert read("Did EXPAND or ZORBAX slow SPMS?").unknown == ("ZORBAX",)
    assert read("Is EDSS enough, or ZASAT?").unknown == ("ZASAT",)


def test_known_names_are_not_unknown():
    assert read("Does fenebrutinib slow PPMS in FENtrepid?").unknown == ()


def test_an_everyday_word_says_little_however_rare_it_is_in_the_documents():
    put, strange = read("put naltrexone").concepts
    assert LEXICON.rarity(put) < 2 < LEXICON.rarity(strange)


@pytest.mark.parametrize("question", ["and its side effects?", "What about the infusions?", "how often?"])
def test_a_follow_up_carries_the_drug_of_the_turn_before(question):
    names = read(question, "Does ocrelizumab slow PPMS?").named(Kind.DRUG)
    assert [name.canonical for name in names] == ["ocrelizumab"]


def test_the_model_for_questions_reads_a_follow_up_behind_what_it_leans_on():
    followed = read("is that so for Mayzennt too?", "How is Ocrevus given in PPMS?")
    assert followed.asking == "How is ocrelizumab given in PPMS >> is that so for siponimod too"
    assert followed.query == "How is ocrelizumab given in PPMS is that so for siponimod too"
    assert read("And siponimod?", "Does Ocrevus slow PPMS?").asking == "Does siponimod slow PPMS"
    single = read("Does Ocrevus slow PPMS?")
    assert single.asking == single.query == "Does ocrelizumab slow PPMS"


@pytest.mark.parametrize(
    "question", ["What happens if that suddenly runs dry?", "how common is that exactly, roughly?"]
)
def test_a_question_about_that_leans_on_the_turn_before(question):
    names = read(question, "How does a pump with intrathecal baclofen work?").named(Kind.DRUG)
    assert [name.canonical for name in names] == ["baclofen"]


def test_a_question_that_stands_alone_forgets_the_turn_before():
    names = read("Does siponimod slow progression in SPMS?", "Does ocrelizumab slow PPMS?").named(Kind.DRUG)
    assert [name.canonical for name in names] == ["siponimod"]


def test_what_a_word_is_made_of_makes_it_english():
    assert Lexicon(9, {}.get, [], {"stiff": 900}.get).is_english("stiffen")


def test_a_misspelling_stands_for_a_word_of_the_field_before_one_of_english():
    counts = {"consolation": 9000, "constipation": 80}
    known = Lexicon(
        9, lambda stem: 3 * (stem == "constip"), [], {}.get, asked=lambda: {"constpatio"}, dictionary=lambda: counts
    )
    assert known.nearest("constpation") == "constipation"
    assert known.nearest("consolaton") == "consolation"


def test_short_words_and_a_first_word_with_a_capital_are_repaired():
    counts = {"many": 950_267, "with": 12_309_955, "constipation": 8000, "hurt": 400_000, "mess": 60_000}
    known = Lexicon(9, lambda _: 0, [], {}.get, dictionary=lambda: counts)

    def readings(question):
        return understand(question, (), packaged_glossary(), known).repairs

    assert readings("Constapation in mnay wiht PPMS") == (
        ("Constapation", "constipation"),
        ("mnay", "many"),
        ("wiht", "with"),
    )
    assert readings("does Constapation come with hrt or meds") == ()


def test_a_drug_two_errors_away_is_no_nearer_than_an_everyday_word():
    known = Lexicon(9, lambda _: 0, [], {}.get, dictionary=lambda: {"interval": 9000})
    assert understand("what interavl", (), packaged_glossary(), known).repairs == (("interavl", "interval"),)
    for other in ("Simoa", "famotidine"):
        assert understand(f"was {other} used", (), packaged_glossary(), known).repairs == ()


def test_a_rare_word_of_a_dictionary_is_no_misspelling():
    known = {"canberra": 900, "reject": 800}
    spelt = Lexicon(9, {}.get, [], known.get, lambda: sorted(known), dictionary=english_words)
    for word in ("cranberry", "reinject"):
        assert understand(f"does {word} help", (), packaged_glossary(), spelt).repairs == ()


def test_two_english_words_in_one_are_no_misspelling():
    english = Lexicon(9, {}.get, ["meantime"], {"meal": 900, "times": 800, "put": 700}.get)
    assert english.is_english("mealtimes")
    assert not english.is_english("mealput")


def test_a_drug_goes_with_the_trial_that_tried_it():
    assert read("Did glatiramer slow PPMS in PROMiSe?").each == ()
    assert read("Fingolimod (INFORMS) or glatiramer (PROMiSe)?").each == (
        "fingolimod INFORMS or",
        "or glatiramer acetate PROMiSe",
    )
    assert read("ORATORIO or siponimod?").each == ("ORATORIO or", "or siponimod")


def test_whether_there_is_a_role_for_a_drug_asks_whether_it_works():
    asked = read("Is there any role left for siponimod in SPMS?")
    assert Want.EFFECT in asked.wants
    assert [concept.surface for concept in asked.concepts if not concept.names] == ["left"]


def test_a_question_in_capitals_is_read_as_one_in_small_letters():
    shouted = read("DOES OCREVUS SLOW THE WOBBLING IN PPMS? EDSS AND WHO?")
    assert shouted.query == "does ocrelizumab slow the wobbling in PPMS EDSS and who"
    assert [name.canonical for name in read("WHO SHOULD NOT TAKE IT, US OR THEM?").named(Kind.REGION)] == []
    assert shouted.unknown == ()
    assert read("ZORBLAX IN PPMS").unknown == ("ZORBLAX",)


def test_a_misspelt_place_is_read_where_it_has_a_capital():
    assert read("Is siponimod licensed in Britsih hospitals or by the Fench?").repairs == (
        ("Britsih", "British"),
        ("Fench", "French"),
    )
    assert ("fench", "French") not in read("Is siponimod licensed by the fench?").repairs
    assert read("Was Zorblania tried?").repairs == ()


@pytest.mark.parametrize(
    ("question", "query"),
    [
        ("Does cholecalciferol help?", "Does vitamin D help"),
        ("Does vitamine D help?", "Does vitamin D help"),
        ("Does Copaxone help?", "Does glatiramer acetate help"),
    ],
)
def test_a_drug_is_searched_for_under_the_name_that_the_documents_use(question, query):
    passages = {"vitamin": 7, "cholecalciferol": 3, "glatiram": 6, "acet": 5}
    known = Lexicon(100, lambda stem: passages.get(stem, 0), (), lambda _: 1)
    assert understand(question, (), packaged_glossary(), known).query == query


@pytest.mark.parametrize("word", ["wasnt", "havent", "shouldnt", "arent", "theyre", "youve"])
def test_a_contraction_without_its_apostrophe_is_no_misspelt_word(word):
    assert read(f"my surgery {word} sure about siponimod").repairs == ()


def test_a_drug_written_as_two_words_is_told_as_read():
    asked = read("Does okra lizumab slow progression?")
    assert "ocrelizumab" in asked.query
    assert ("okra lizumab", "ocrelizumab") in asked.repairs
    assert asked.unknown == ()


def test_names_of_two_words_stay_as_they_are():
    assert not any(" " in typed for typed, _ in read("Does dimethyl fumarate slow progression?").repairs)


def test_words_typed_short_are_read_in_full():
    assert read("wot slows progression in ppl?").query == "what slows progression in people"


def test_what_is_told_beside_a_question_on_a_named_drug_only_says_what_it_is_about():
    asked = read("Does siponimod slow progression? We are in Sweden.")
    assert {c.surface for c in asked.concepts if c.carried} == {"Sweden"}
    assert not any(c.carried for c in read("We are in Sweden. Does it slow progression?").concepts)


def test_the_words_of_a_question_are_looked_at_without_the_names_of_drugs():
    names = {read(f"Does {name} slow progression?").nameless for name in ("Ocrevus", "ocrelizumab", "ocrelizimab")}
    assert len(names) == 1


def test_regions_are_read_in_small_letters_where_they_are_no_words():
    assert [n.canonical for n in read("what is approved in the us").named(Kind.REGION)] == ["US"]
    assert [n.canonical for n in read("what is approved in the uk or the eu").named(Kind.REGION)] == ["UK", "EU"]
    assert read("will it help the rest of us").named(Kind.REGION) == ()


def test_a_name_of_two_words_in_an_earlier_turn_carries_no_word_of_the_question():
    asked = read("hazard ratio?", "Does okra lizumab slow progression?")
    assert {c.surface for c in asked.concepts if not c.carried} == {"hazard ratio"}


def test_a_drug_that_is_only_told_is_no_subject():
    asked = read("Does siponimod slow progression? I was on Tysabri before.")
    assert [c.surface for c in asked.subjects if c.names] == ["siponimod", "slow progression"]
    assert any(c.surface == "Tysabri" for c in read("Is siponimod better than Tysabri?").subjects)
    assert any(
        c.surface == "ocrelizumab" for c in read("does siponimod raise it more?", "Did ocrelizumab raise it?").subjects
    )
