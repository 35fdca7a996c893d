import numpy as np
import pytest

from qa.answer import Abstention
from qa.triage import Triage

# Near the first direction personal, near the second an emergency, near the third neither.
MODEL = Triage(np.eye(3, dtype=np.float32)[:2], np.eye(2, dtype=np.float32), np.array([0.6, 0.6], dtype=np.float32))


@pytest.mark.parametrize(
    ("vector", "kind"),
    [([0, 1, 0], Abstention.EMERGENCY), ([1, 0, 0], Abstention.PERSONAL_ADVICE), ([0, 0, 1], None)],
)
def test_the_model_decides_where_no_pattern_does(vector, kind):
    assert MODEL.of("anything at all", np.array(vector, dtype=np.float32)) is kind


def test_a_model_is_read_as_it_was_written(tmp_path):
    MODEL.save(tmp_path / "triage.npz")
    read = Triage.load(tmp_path / "triage.npz")
    assert [part.tolist() for part in (read.vectors, read.weights, read.limits)] == [
        part.tolist() for part in (MODEL.vectors, MODEL.weights, MODEL.limits)
    ]


def test_a_pattern_for_an_emergency_needs_no_model():
    assert MODEL.of("I want to kill myself", np.eye(3, dtype=np.float32)[2]) is Abstention.EMERGENCY


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
