import pytest

from qa.feedback import FILE, LONGEST, Feedback, FeedbackError, keep, read

ONE = Feedback(False, "Wrong", "It is 3.", "How many?", "Four. [1]", (1,))


def test_what_was_kept_is_read_again_with_its_time(tmp_path):
    keep(tmp_path, ONE)
    keep(tmp_path, ONE)
    first, second = read(tmp_path)
    assert (first.reason, first.cited, first.helpful) == ("Wrong", (1,), False)
    assert first.at <= second.at


def test_without_a_file_there_is_none(tmp_path):
    assert read(tmp_path) == []


def test_long_texts_are_cut(tmp_path):
    keep(tmp_path, Feedback(True, "", "x" * 10_000, "", ""))
    assert len(read(tmp_path)[0].remark) == LONGEST


def test_a_line_that_is_no_entry_is_named(tmp_path):
    (tmp_path / FILE).write_text("{}\n", encoding="utf-8")
    with pytest.raises(FeedbackError, match="line 1 is no entry"):
        read(tmp_path)


def test_a_folder_that_cannot_be_written_is_an_error_with_the_remedy(tmp_path):
    with pytest.raises(FeedbackError, match="permissions"):
        keep(tmp_path / "none", ONE)
