import pytest

from qa.answer import Support
from qa.checker import Check, Quote, check, problems
from qa.glossary import packaged_glossary

PPMS_FAILED = "In INFORMS, fingolimod did not slow disability progression in people with PPMS."
CUT_24 = "In ORATORIO, ocrelizumab reduced 12-week confirmed disability progression by 24% versus placebo in PPMS."
RATIO = "In EXPAND, the hazard ratio for progression with siponimod in SPMS was 0.79 (95% CI 0.65 to 0.95)."
DOSE = "Ocrelizumab is given as 600 mg by infusion every 6 months."
APPROVED = "The EMA approved ocrelizumab for early PPMS on 8 January 2018."
COURSE = "In ORATORIO, ocrelizumab slowed progression in people with PPMS."
SAME_RATE = "Infections were as frequent with siponimod as with placebo: there was no difference in EXPAND."
FELL = "Relapses fell with ofatumumab compared with teriflunomide in ASCLEPIOS."
LIVER = "Liver enzymes rose in people on siponimod."
UNPROVEN = "Simvastatin may slow brain atrophy in SPMS, according to MS-STAT."
ADVICE = "The label does not recommend live vaccines during treatment with ocrelizumab."


def verdict(statement: str, *quotes: str):
    return check(statement, [Quote(text) for text in quotes], glossary=packaged_glossary())


@pytest.mark.parametrize(
    ("quotes", "statement"),
    [
        pytest.param([RATIO], RATIO, id="word for word"),
        pytest.param(
            [RATIO], "The hazard ratio with siponimod in EXPAND was 0.79 (0.65-0.95).", id="number and interval"
        ),
        pytest.param([DOSE], "Ocrelizumab: 600 mg every six months by infusion.", id="number in words, with its unit"),
        pytest.param([DOSE], "Ocrevus is given as an infusion of 600 mg every 6 months.", id="brand for generic name"),
        pytest.param([APPROVED], "In January 2018, the EMA approved ocrelizumab for early PPMS.", id="coarser date"),
        pytest.param(
            [CUT_24], "Versus placebo, ocrelizumab reduced confirmed progression by 24%.", id="trial left out"
        ),
        pytest.param([COURSE], "Ocrelizumab slowed primary progressive MS in ORATORIO.", id="phenotype spelt out"),
        pytest.param([SAME_RATE], "In EXPAND, infections did not differ between siponimod and placebo.", id="same"),
        pytest.param([FELL], "Ofatumumab reduced relapses compared with teriflunomide.", id="direction, another word"),
        pytest.param([ADVICE], "Live vaccines are not recommended during ocrelizumab treatment.", id="denied in both"),
        pytest.param([UNPROVEN], "Simvastatin might slow brain atrophy in SPMS.", id="hedge in both"),
        pytest.param(
            [COURSE, DOSE],
            "Ocrelizumab, given as 600 mg every 6 months, slowed progression in people with PPMS in ORATORIO.",
            id="two quotes joined",
        ),
        pytest.param([PPMS_FAILED], "Fingolimod failed to slow progression in PPMS in INFORMS.", id="failed to"),
    ],
)
def test_what_the_quotes_say_is_supported(quotes, statement):
    found = verdict(statement, *quotes)
    assert (found.support, found.kind) == (Support.SUPPORTED, None), found.reason


@pytest.mark.parametrize(
    ("quotes", "statement", "kind"),
    [
        pytest.param([RATIO], "The hazard ratio with siponimod in EXPAND was 0.76.", Check.NUMBER, id="number"),
        pytest.param(
            [RATIO], "With siponimod it was 0.79 (95% CI 0.65 to 0.98) in EXPAND.", Check.NUMBER, id="interval"
        ),
        pytest.param([DOSE], "Ocrelizumab is given as 600 g every 6 months.", Check.UNIT, id="unit of a dose"),
        pytest.param([DOSE], "Ocrelizumab is given as 600 mg every 6 weeks.", Check.UNIT, id="unit of time"),
        pytest.param([APPROVED], "The EMA approved ocrelizumab for early PPMS in January 2019.", Check.DATE, id="date"),
        pytest.param([FELL], "Relapses fell with natalizumab compared with teriflunomide.", Check.DRUG, id="drug"),
        pytest.param([DOSE], "Kesimpta is given as 600 mg by infusion every 6 months.", Check.DRUG, id="other brand"),
        pytest.param(
            [COURSE], "In EXPAND, ocrelizumab slowed progression in people with PPMS.", Check.TRIAL, id="trial"
        ),
        pytest.param([APPROVED], "The EMA and the FDA approved ocrelizumab for early PPMS.", Check.REGION, id="region"),
        pytest.param([COURSE], "Ocrelizumab slowed progression in people with SPMS.", Check.PHENOTYPE, id="phenotype"),
        pytest.param([COURSE], "Ocrelizumab slowed progression in MS.", Check.PHENOTYPE, id="wider group"),
        pytest.param([COURSE], "Ocrelizumab slowed progression in people with MS.", Check.PHENOTYPE, id="wider phrase"),
        pytest.param(
            [FELL], "Relapses rose with ofatumumab compared with teriflunomide.", Check.DIRECTION, id="opposite"
        ),
        pytest.param(
            [SAME_RATE], "In EXPAND, infections were more frequent with siponimod.", Check.DIRECTION, id="none"
        ),
        pytest.param([FELL], "Relapses fell with teriflunomide compared with ofatumumab.", Check.COMPARATOR, id="arms"),
        pytest.param([ADVICE], "The label recommends live vaccines during ocrelizumab.", Check.NEGATION, id="not lost"),
        pytest.param(
            [APPROVED], "The EMA has not approved ocrelizumab for early PPMS.", Check.NEGATION, id="not added"
        ),
        pytest.param([UNPROVEN], "Simvastatin slows brain atrophy in SPMS.", Check.HEDGE, id="hedge lost"),
        pytest.param([UNPROVEN], "It is proven that simvastatin may slow SPMS.", Check.CERTAINTY, id="certainty added"),
        pytest.param([LIVER], "Siponimod suits walkers who swim at weekends.", Check.WORDING, id="other matter"),
        pytest.param([COURSE, DOSE], "Ocrelizumab 300 mg every 6 months slowed PPMS.", Check.NUMBER, id="two quotes"),
        pytest.param([], COURSE, Check.QUOTE, id="no quote"),
        pytest.param([COURSE], " ", Check.QUOTE, id="no statement"),
    ],
)
def test_what_the_quotes_do_not_say_is_unsupported(quotes, statement, kind):
    found = verdict(statement, *quotes)
    assert (found.support, found.kind) == (Support.UNSUPPORTED, kind), found.reason


@pytest.mark.parametrize(
    "statement",
    [
        "Fingolimod helps in primary progressive MS.",
        "Fingolimod is effective in PPMS.",
        "Ocrelizumab cut progression by 26%.",
        "Ocrelizumab cut progression by 26% versus placebo in PPMS, and fingolimod did not slow it.",
    ],
)
def test_famous_errors_about_progressive_ms_are_unsupported(statement):
    assert verdict(statement, PPMS_FAILED, CUT_24).support is Support.UNSUPPORTED


def test_a_number_may_not_change_arms():
    quote = "Infections occurred in 34% of people on siponimod and 28% on placebo."
    swapped = "Infections occurred in 28% of people on siponimod and 34% on placebo."
    assert verdict(swapped, quote).kind is Check.NUMBER


def test_the_title_of_a_document_names_what_its_sentences_are_about():
    quote = Quote("The hazard ratio for progression was 0.79.", title="Siponimod in SPMS (EXPAND)")
    assert not problems(
        "With siponimod the hazard ratio for progression was 0.79.", [quote], glossary=packaged_glossary()
    )


def test_every_check_that_fails_is_named_once():
    statement = "Ocrelizumab 300 mg accelerated progression in people with SPMS."
    found = problems(statement, [Quote(COURSE)], glossary=packaged_glossary())
    assert [problem.kind for problem in found] == [Check.NUMBER, Check.PHENOTYPE, Check.DIRECTION, Check.WORDING]


def test_likeness_decides_only_where_words_leave_it_open():
    asked = []

    def similarity(one: str, other: str) -> float:
        asked.append((one, other))
        return 1.0

    def passes(statement: str) -> bool:
        return not problems(statement, [Quote(LIVER)], glossary=packaged_glossary(), similarity=similarity)

    assert passes("Siponimod: liver enzymes rose.")
    assert not asked
    assert passes("Siponimod shifted liver chemistry.")
    assert asked
