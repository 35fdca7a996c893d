from qa.render import to_terminal


def test_markdown_lists_each_source_with_its_quote_and_link(assistant):
    text = assistant.ask("What was the hazard ratio for progression with alphamab in ONE?").to_markdown()
    assert r"0.76 (95% CI 0.59 to 0.98). \[1\]" in text
    assert "<https://doi.org/10.1000/example>" in text
    assert "> In ONE, the hazard ratio" in text


def test_markdown_of_an_answer_escapes_markup(assistant):
    answer = assistant.ask("Who is <script>alert(1)</script> *bold*?")
    assert "<script>" not in answer.to_markdown()


def test_the_terminal_shows_the_link_and_keeps_to_the_width(assistant):
    answer = assistant.ask("What was the hazard ratio for progression with alphamab in ONE?")
    lines = to_terminal(answer, width=60).splitlines()
    assert any("https://doi.org/10.1000/example" in line for line in lines)
    assert max(map(len, lines)) <= 60
