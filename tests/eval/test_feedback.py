from argparse import Namespace

from eval.feedback import main
from qa.feedback import Feedback, keep


def test_the_command_counts_and_shows_what_was_kept(tmp_path, capsys):
    keep(tmp_path, Feedback(False, "Wrong", "It is 3.", "How many?", "Four. [1]", (1,)))
    assert main(Namespace(index=tmp_path, json=False)) == 0
    shown = capsys.readouterr().out
    assert "answers judged by readers: 1, of which helpful: 0" in shown
    assert "How many?" in shown


def test_without_feedback_it_says_so(tmp_path, capsys):
    assert main(Namespace(index=tmp_path, json=False)) == 0
    assert "Nobody has left feedback yet" in capsys.readouterr().out
