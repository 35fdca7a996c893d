import pytest

from qa.faults import Fault, ModelFault
from qa.writing import is_english, parsed, written_sentences


def pieces(text, size):
    return [text[start : start + size] for start in range(0, len(text), size)]


def read(text, size=3):
    return [(written.text, written.marks) for written in written_sentences(pieces(text, size))]


@pytest.mark.parametrize("size", [1, 3, 1000])
@pytest.mark.parametrize(
    "text",
    [
        "A slowed X by 0.5% [1]. B did not [2][3].",
        "A slowed X by 0.5%. [1] B did not. [2] [3]",
        "- A slowed X by 0.5% [1].\n- B did not [2, 3].",
    ],
    ids=["before the stop", "behind the stop", "list"],
)
def test_marks_stay_with_their_sentence_however_the_reply_is_cut(text, size):
    assert read(text, size) == [("A slowed X by 0.5%.", (1,)), ("B did not.", (2, 3))]


@pytest.mark.parametrize(
    ("raw", "text"),
    [
        ("Yes, alphamab helps [1].", "Alphamab helps."),
        ("According to passage 2, alphamab helps [2].", "Alphamab helps."),
        ("**Alphamab** helps [1], [2].", "Alphamab helps."),
        ("No difference was found [1].", "No difference was found."),
    ],
    ids=["yes", "according to", "Markdown", "no as a word of the finding"],
)
def test_what_cannot_be_checked_is_left_out_of_the_wording(raw, text):
    assert parsed(raw).text == text


def test_a_sentence_is_given_before_the_reply_has_ended():
    def reply():
        yield "Alphamab helps [1]. Beta"
        raise AssertionError("read further than needed")

    assert next(iter(written_sentences(reply()))).text == "Alphamab helps."


def test_thoughts_are_no_part_of_a_reply():
    assert read("<think>Is it [1]? No.</think>Alphamab helps [1].") == [("Alphamab helps.", (1,))]


def test_a_reply_of_many_sentences_is_read_no_further_than_needed():
    assert len(read(" ".join(f"Sentence number {n} [1]." for n in range(50)))) == 12


@pytest.mark.parametrize(
    ("reply", "fault"),
    [('{"a": 1}', Fault.NOT_PROSE), ("I cannot help with that.", Fault.REFUSED), ("x" * 30_000, Fault.TOO_LONG)],
)
def test_a_reply_that_is_no_prose_is_a_fault(reply, fault):
    with pytest.raises(ModelFault) as raised:
        read(reply, 30_000)
    assert raised.value.fault is fault


def test_english_is_told_from_other_languages():
    assert is_english("Ocrelizumab slows PPMS.")
    assert not is_english("Ocrelizumab verlangsamt die Progression bei PPMS.")
    assert not is_english("奥瑞珠单抗 减缓 进展")
