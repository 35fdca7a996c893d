import pytest

from ingest.build import build_index
from ingest.settings import IndexSettings
from qa.assistant import Assistant
from qa.times import confirmed_after


@pytest.mark.parametrize(
    ("text", "weeks"),
    [
        ("In the trial, 12-week confirmed disability progression occurred in 32.9%.", {12}),
        ("the 3-month and the 6-month confirmed progression", {12, 24}),
        ("worsening confirmed after 24 weeks", {24}),
        ("24 week CDP please", {24}),
        ("Progression fell by 24% in 120 weeks.", set()),
        ("It was given for 12 weeks.", set()),
    ],
)
def test_times_after_which_worsening_was_confirmed_are_read(text, weeks):
    assert confirmed_after(text) == weeks


def test_a_sentence_on_another_time_is_known_as_such(write_document, tmp_path, embedder):
    text = (
        "The 12-week confirmed progression fell by 24%.\nThe 6-month confirmed progression fell by 25%.\n"
        "Confirmed progression fell.\n"
    )
    folder = write_document("times", 1, text).parent
    build_index(tmp_path / "times-index", IndexSettings(), paths=[folder], embedder=embedder)
    assistant = Assistant.open(tmp_path / "times-index", embedder=embedder)
    found = {
        c.text: c.features.other_time for c in assistant.candidates("By how much fell 24-week confirmed progression?")
    }
    assert [text for text, value in found.items() if value] == ["The 12-week confirmed progression fell by 24%."]
    assert len(found) == 3
    assert not any(c.features.other_time for c in assistant.candidates("By how much fell confirmed progression?"))
