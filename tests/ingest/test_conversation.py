import numpy as np
import pytest

from ingest.conversation import LEANING, conversation, encode_questions, readings


def test_a_conversation_is_one_line_of_text():
    assert conversation("and\n its  cost?", ["What is alphamab?"]) == "What is alphamab? >> and its cost?"
    assert conversation("What is alphamab?") == "What is alphamab?"


def test_a_conversation_is_read_as_its_last_question_and_as_a_whole():
    assert readings("What is alphamab? >> and betanib? >> why?") == ("why?", "What is alphamab? and betanib? why?")
    assert readings("why?") == ("why?", "why?")


def test_a_follow_up_lies_near_its_own_words_and_nearer_with_the_same_subject(embedder):
    followed, same, other, before = encode_questions(
        embedder, ["alphamab works >> side effects", "alphamab side effects", "betanib side effects", "alphamab works"]
    )
    assert followed @ same > followed @ other > followed @ before


def test_vectors_are_those_of_the_texts_in_order_and_of_unit_length(embedder):
    texts = ["alphamab works", "alphamab works >> why", "alphamab works"]
    vectors = encode_questions(embedder, texts)
    assert np.linalg.norm(vectors, axis=1) == pytest.approx(np.ones(3), abs=1e-6)
    alone, last, whole = embedder.encode(["alphamab works", "why", "alphamab works why"])
    assert np.array_equal(vectors[0], vectors[2])
    assert vectors[0] == pytest.approx(alone, abs=1e-6)
    mixed = last + LEANING * whole
    assert vectors[1] == pytest.approx(mixed / np.linalg.norm(mixed), abs=1e-6)
