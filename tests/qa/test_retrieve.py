import pytest

from qa.retrieve import convex_fusion


def test_fusion_prefers_a_chunk_that_both_rankings_found():
    fused = convex_fusion({"a": 0.9, "b": 0.8, "x": 0.1}, {"b": 7.0, "c": 6.0, "y": 0.0}, 0.5)
    assert next(iter(fused)) == "b"


def test_fusion_scales_each_ranking_to_its_own_range():
    assert convex_fusion({"a": 3.0, "b": 1.0}, {"a": 10.0, "c": 0.0}, 0.6) == {"a": 1.0, "b": 0.0, "c": 0.0}


@pytest.mark.parametrize(("weight", "first"), [(1.0, "dense"), (0.0, "sparse")])
def test_the_weight_decides_which_ranking_counts(weight, first):
    assert next(iter(convex_fusion({"dense": 1.0, "z": 0.0}, {"sparse": 1.0, "z": 0.0}, weight))) == first


def test_a_tie_keeps_the_order_of_first_appearance():
    assert list(convex_fusion({"a": 1.0, "b": 1.0}, {}, 0.6)) == ["a", "b"]


def test_hits_are_ranked_from_one_and_scores_fall(assistant):
    hits = assistant.retrieve("progression with alphamab", 4)
    assert [hit.rank for hit in hits] == [1, 2, 3, 4]
    assert [hit.score for hit in hits] == sorted((hit.score for hit in hits), reverse=True)


def test_a_hit_is_its_documents_text_at_its_offsets(assistant):
    hit = assistant.retrieve("standing frame", 1)[0]
    assert hit.text == assistant.document(hit.source.key).text[hit.start : hit.end]


def test_k_below_one_is_refused(assistant):
    with pytest.raises(ValueError, match="k is 0"):
        assistant.retrieve("x", 0)
