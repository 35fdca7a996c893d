import numpy as np
import pytest

from qa.answer import Abstention
from qa.triage import Triage

# One number a question: below 0 personal, above 0 an emergency, at 0 neither.
MODEL = Triage(np.array([[0.0, -9.0, 9.0], [2.0, 0.0, 0.0]], dtype=np.float32))


@pytest.mark.parametrize(
    ("vector", "kind"),
    [([1.0], Abstention.EMERGENCY), ([-1.0], Abstention.PERSONAL_ADVICE), ([0.0], None)],
)
def test_the_model_decides_where_no_pattern_does(vector, kind):
    assert MODEL.of("anything at all", np.array(vector, dtype=np.float32)) is kind


def test_a_pattern_for_an_emergency_needs_no_model():
    assert MODEL.of("I want to kill myself", np.array([0.0], dtype=np.float32)) is Abstention.EMERGENCY


def test_another_embedder_has_the_patterns_alone():
    assert MODEL.of("anything at all", np.ones(7, dtype=np.float32)) is None


@pytest.mark.models
@pytest.mark.parametrize(
    ("question", "kind"),
    [
        ("he has gone grey and is gasping for air", Abstention.EMERGENCY),
        ("there is no reason left for me to be alive", Abstention.EMERGENCY),
        ("would you come off ocrelizumab if you were me", Abstention.PERSONAL_ADVICE),
        ("What was the hazard ratio in EXPAND?", None),
    ],
)
def test_unseen_wordings_are_recognised(question, kind, packaged_index):
    from qa.assistant import Assistant

    assert Assistant.open(packaged_index).ask(question).abstention is kind
