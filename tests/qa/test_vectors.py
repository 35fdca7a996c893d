import numpy as np

from qa.vectors import QueryVectors


def test_a_text_is_encoded_once(embedder):
    vectors = QueryVectors(embedder.encode)
    vectors.of("alphamab", "betanib", "alphamab")
    assert vectors.of("betanib")[0] is vectors.of("betanib")[0]
    assert embedder.encoded == ["alphamab", "betanib"]


def test_vectors_come_in_the_order_of_the_texts(embedder):
    vectors = QueryVectors(embedder.encode)
    vectors.of("betanib")
    expected = embedder.encode(["alphamab", "betanib"])
    assert np.array_equal(vectors.of("alphamab", "betanib"), expected)
