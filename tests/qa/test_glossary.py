from pathlib import Path

import pytest

from ingest.load import PACKAGED, find_files, load_document
from qa.glossary import Kind, packaged_glossary, words_of

GLOSSARY = packaged_glossary()


def names_in(text, kind):
    return [name.canonical for mention in GLOSSARY.find(words_of(text)) for name in mention.names if name.kind is kind]


def test_a_name_that_is_an_everyday_word_counts_in_capitals_only():
    assert names_in("PML in the TOUCH registry", Kind.TRIAL) == ["TOUCH"]
    assert names_in("pain that paracetamol does not touch", Kind.TRIAL) == []


@pytest.mark.parametrize(
    ("written", "generic"),
    [
        ("Ocrevus", "ocrelizumab"),
        ("ocrevus zunovo", "ocrelizumab"),
        ("Mayzent", "siponimod"),
        ("BAF312", "siponimod"),
        ("SAR442168", "tolebrutinib"),
        ("Cenrifki", "tolebrutinib"),
        ("GDC-0853", "fenebrutinib"),
        ("Tysabri", "natalizumab"),
        ("Gilenya", "fingolimod"),
        ("FTY720", "fingolimod"),
        ("Kesimpta", "ofatumumab"),
        ("Mavenclad", "cladribine"),
        ("Novantrone", "mitoxantrone"),
        ("MabThera", "rituximab"),
        ("Fampyra", "fampridine"),
        ("4-aminopyridine", "fampridine"),
        ("MD1003", "biotin"),
        ("Sativex", "nabiximols"),
        ("Zocor", "simvastatin"),
        ("Tecfidera", "dimethyl fumarate"),
        ("ocrelizumap", "ocrelizumab"),
        ("NTZ", "natalizumab"),
    ],
)
def test_brands_codes_and_shorthand_resolve_to_the_generic_name(written, generic):
    assert names_in(f"Does {written} help?", Kind.DRUG) == [generic]


@pytest.mark.parametrize(
    ("typed", "generic"),
    [
        ("ocrelizimab", "ocrelizumab"),
        ("sipomimod", "siponimod"),
        ("natalizumba", "natalizumab"),
        ("tolebrutinab", "tolebrutinib"),
        ("fingolimd", "fingolimod"),
        ("simvastatine", "simvastatin"),
        ("cladribin", "cladribine"),
        ("ofatumumap", "ofatumumab"),
    ],
)
def test_a_misspelling_is_read_as_the_one_name_it_can_mean(typed, generic):
    read = typed if GLOSSARY.knows(typed) else GLOSSARY.repair(typed)
    assert names_in(read or "", Kind.DRUG) == [generic]


@pytest.mark.parametrize("other", ["satralizumab", "eculizumab", "siponezumab", "lecanemab", "ravulizumab", "tofersen"])
def test_another_drug_is_never_taken_for_one_of_ours(other):
    assert GLOSSARY.repair(other) is None


@pytest.mark.parametrize(
    ("text", "phenotype"),
    [
        ("non-active SPMS", "non-relapsing SPMS"),
        ("active SPMS", "active SPMS"),
        ("primary progressive", "PPMS"),
        ("nrSPMS", "non-relapsing SPMS"),
        ("relapsing remitting MS", "RRMS"),
    ],
)
def test_the_longest_phenotype_name_wins(text, phenotype):
    assert names_in(f"What about {text}?", Kind.PHENOTYPE) == [phenotype]


def test_short_names_match_only_in_capitals():
    assert names_in("is it ok for us", Kind.REGION) == []
    assert names_in("approved in the US", Kind.REGION) == ["US"]


def test_every_drug_of_every_document_is_in_the_glossary():
    documents = [load_document(file) for file in find_files([PACKAGED])]
    missing = {d for document in documents for d in document.source.drugs if not names_in(d, Kind.DRUG)}
    assert missing == set()


def test_every_trials_source_is_a_document():
    keys = {Path(file.path).stem for file in find_files([PACKAGED])}
    assert {name.source for name in GLOSSARY.names(Kind.TRIAL) if name.source} <= keys


def test_each_written_form_of_a_drug_means_one_drug():
    forms = [(o.lower(), n.canonical) for n in GLOSSARY.names(Kind.DRUG) for o in (n.canonical, *n.others)]
    assert {form for form, _ in forms if len({c for f, c in forms if f == form}) > 1} == set()


def test_a_number_glued_to_its_unit_is_two_words():
    assert [word.text for word in words_of("wk120 and 12wk")] == ["wk", "120", "and", "12", "wk"]
    assert [word.text for word in words_of("off 3/52, 1/12 of them")] == ["off", "3", "weeks", "1", "12", "of", "them"]


def test_a_misspelt_word_of_a_name_of_several_words_is_read():
    assert [packaged_glossary().repair(word) for word in ("dimethil", "fumerate", "fumorate")] == [
        "dimethyl",
        "fumarate",
        "fumarate",
    ]


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("SMPS", "SPMS"),
        ("PPMMS", "PPMS"),
        ("ESDS", "EDSS"),
        ("SPSM", "SPMS"),
        ("PSMS", None),
        ("SPNS", None),
        ("NOVAA", None),
        ("smps", None),
        ("SPMS", None),
    ],
)
def test_an_abbreviation_with_two_letters_swapped_or_one_doubled(typed, meant):
    assert GLOSSARY.repair_capitals(typed) == meant


@pytest.mark.parametrize("text", ["Does baclofen act on GABA?", "Teri says baclofen", "clad in warm socks, baclofen"])
def test_words_and_first_names_are_no_short_names_of_drugs(text):
    assert names_in(text, Kind.DRUG) == ["baclofen"]
