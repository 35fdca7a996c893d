import argparse

import numpy as np
import pytest

from eval.tune import Pairs, add_arguments, fit, main
from ingest.build import build_index
from ingest.embed import SentenceTransformerEmbedder
from ingest.index import Index
from ingest.progress import silent
from ingest.settings import DEFAULT_MODEL, IndexSettings
from ingest.tuning import Tuning


def options(*arguments):
    parser = argparse.ArgumentParser()
    add_arguments(parser)
    return parser.parse_args(arguments)


def test_an_index_without_written_questions_teaches_nothing(index_dir, tmp_path, capsys):
    assert main(options("--index", str(index_dir), "--to", str(tmp_path / "tuning.npz"))) == 2
    assert "no written questions" in capsys.readouterr().out
    assert not (tmp_path / "tuning.npz").exists()


def test_pairs_lead_from_each_question_to_its_sentences(small_corpus, index_dir, embedder):
    lines = ["key\tsentence\tquestion", "walking\tA standing frame\tWhat keeps me upright?"]
    lines += ["walking\tA standing frame\tWhat measures?", "walking\tThe standing frame\tWhat keeps me upright?"]
    (small_corpus / "questions.tsv").write_text("\n".join(lines) + "\n", encoding="utf-8")
    build_index(index_dir, IndexSettings(), paths=[small_corpus], embedder=embedder)
    index = Index.open(index_dir)
    pairs = Pairs.of(index, {"What measures?"})
    index.close()
    assert pairs.questions == ["What keeps me upright?"]
    first, second = (pairs.sentences[row] for row in pairs.answers[0])
    assert (first[0], second[0]) == ("walking", "walking")
    assert first[1].startswith("A standing frame helped")
    assert second[1].startswith("The standing frame was")
    assert len(pairs.vectors) == len(pairs.sentences)


@pytest.mark.models
def test_fitting_brings_questions_nearer_to_their_sentences():
    said = ["Alphamab slows walking loss.", "Betanib raises liver enzymes.", "A frame helps people to stand."]
    asked = ["will it keep me on my feet", "must my blood be tested", "what keeps me upright", "is it bad for organs"]
    answers = [0, 1, 2, 1]
    right = [[0], [1], [2], [1, 2]]  # what the last one asks is said twice
    before = SentenceTransformerEmbedder.open(DEFAULT_MODEL)
    vectors = before.encode(said)
    pairs = Pairs(asked, right, vectors, [("one", text) for text in said])
    tuning, after = fit(SentenceTransformerEmbedder.open(DEFAULT_MODEL), pairs, 60, silent)

    def share(embedder):
        cosines = embedder.encode(asked) @ vectors.T
        return float(np.mean(np.argmax(cosines, axis=1) == answers))

    assert share(after) == 1.0 > share(before)
    again = SentenceTransformerEmbedder.open(DEFAULT_MODEL)
    merged = Tuning(tuning.layers, tuning.sentences)
    merged.add_to(again.model)
    assert again.encode(asked) == pytest.approx(after.encode(asked), abs=1e-4)
