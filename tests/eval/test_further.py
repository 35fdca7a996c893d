from eval.further import fit_further
from eval.judged import Judged
from ingest.progress import silent
from qa.compose import FURTHER

ALPHAMAB = (("alphamab", "Alphamab slowed disability"), ("alphamab", "In ONE"), ("alphamab", "Infusion reactions"))
BETANIB = (("betanib", "Betanib did not"), ("betanib", "Liver enzymes"), ("betanib", "Betanib should not"))
JUDGED = (
    Judged("Did alphamab slow disability progression in ONE?", "answered", (ALPHAMAB[:1],), ALPHAMAB[1:]),
    Judged("Did betanib slow progression in TWO?", "answered", (BETANIB[:1],), BETANIB[1:]),
    Judged("Who won the cup?", "not", (), ()),
)


def test_what_readers_gave_a_place_decides_what_else_is_told(assistant, capsys):
    weights = fit_further(assistant, JUDGED, silent)
    assert list(weights) == [*FURTHER, "bias"]
    assert weights["same_source"] > 0  # all of these belong, and none of another source
    assert "of those weighed  n=" in capsys.readouterr().out
