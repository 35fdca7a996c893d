import re

import pytest

from qa.context import leans


@pytest.mark.parametrize(
    "text", ["It slowed PPMS.", "However, they failed.", "This drug helps.", "The trial missed its aim."]
)
def test_a_sentence_that_needs_the_one_before_leans(text):
    assert leans(text)


@pytest.mark.parametrize(
    "text", ["Ocrelizumab slowed PPMS.", "The risk of PML is 1 in 1000.", "The trial of simvastatin failed."]
)
def test_a_sentence_that_names_its_subject_does_not(text):
    assert not leans(text)


def test_a_finding_about_another_drug_is_not_shown_without_its_name(assistant, model_server, with_model):
    def write(request):
        number = re.search(r'number="(\d)" [^\n]*\nLiver enzymes', request.prompt)[1]
        request.write([f"Liver enzymes rose in 4% of people [{number}]."])

    model_server.behave = write
    answer = assistant.ask("Do liver enzymes rise on alphamab in ONE?", settings=with_model())
    assert [removed.check for removed in answer.removed] == ["drug"]
