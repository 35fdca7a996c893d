def test_each_stage_shows_its_numbers(assistant):
    text = "\n".join(assistant.explain("What was the hazard ratio for progression with alphamab in ONE?").lines())
    for stage in ("1. Understand", "2. Retrieve", "3. Abstain", "4. Rank", "5. Compose"):
        assert stage in text
    assert "supported: In ONE, the hazard ratio" in text


def test_a_refusal_shows_its_probability(assistant):
    assert "probability" in "\n".join(assistant.explain("Who won the 1998 football world cup?").lines())
