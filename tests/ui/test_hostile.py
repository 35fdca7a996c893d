"""Forty hostile strings as questions, in documents and in what a model wrote: nothing executes, nothing breaks."""

from dataclasses import replace
from pathlib import Path

import pytest

from ingest.document import Document, Source
from qa.answer import Answer, Citation, Hit, Mode, Removed, Statement, Support, Usage
from qa.events import ComposedEvent, DoneEvent, RetrievedEvent, StatementEvent
from qa.settings import AskSettings
from ui.talk import converse

RUN = "window.hacked=1"
HOSTILE = [
    f"<script>{RUN}</script>",
    f"</script><script>{RUN}</script>",
    f"<ScRiPt src=data:,{RUN}></sCrIpT>",
    f"<script nonce=''>{RUN}</script>",
    f"<img src=x onerror={RUN}>",
    f'"><img src=x onerror="{RUN}">',
    f"'><img src=x onerror='{RUN}'>",
    f"<svg onload={RUN}>",
    f"<svg><script>{RUN}</script></svg>",
    f"<svg><animate onbegin={RUN} attributeName=x dur=1s>",
    f"<math><mtext><script>{RUN}</script></mtext></math>",
    f"<body onload={RUN}>",
    f'<iframe src="javascript:parent.{RUN}"></iframe>',
    f"<iframe srcdoc='<script>parent.{RUN}</script>'></iframe>",
    f'<object data="javascript:{RUN}"></object>',
    f'<embed src="javascript:{RUN}">',
    f'<a href="javascript:{RUN}">click</a>',
    f"<details open ontoggle={RUN}>x</details>",
    f"<input autofocus onfocus={RUN}>",
    f"<video><source onerror={RUN}></video>",
    f"<marquee onstart={RUN}>x</marquee>",
    f'<form action="javascript:{RUN}"><button>go</button></form>',
    f'<button formaction="javascript:{RUN}">go</button>',
    f"<meta http-equiv=refresh content='0;url=javascript:{RUN}'>",
    "<base href='http://192.0.2.1/'>",
    "<link rel=stylesheet href=http://192.0.2.1/x.css>",
    "<style>#msqa{display:none!important}</style>",
    "<style>@import 'http://192.0.2.1/x.css';</style>",
    f"<template><script>{RUN}</script></template>",
    f'<noscript><p title="</noscript><img src=x onerror={RUN}>">',
    f"[click](javascript:{RUN})",
    "![x](http://192.0.2.1/x.png)",
    f"<javascript:{RUN}>",
    f"javascript:{RUN}",
    "</div></div></article></main></body></html>",
    "<!-- unclosed <![CDATA[ <?php",
    f"`${{{RUN}}}` {{{{constructor.constructor('{RUN}')()}}}}",
    f"${{{RUN}}} <%= {RUN} %>",
    "**bold** # heading\n\n> quote\n\n| a | b |\n|---|---|\n$$x$$ \u202eright to left",
    "&lt;script&gt; &#60;img src=x onerror=window.hacked=1&#62; \0 \x1b[2J",
]


def source(number, text):
    """A source whose every field is hostile; its address stands for a javascript: link."""
    link = text if text.startswith("javascript") else "javascript:window.hacked=1"
    status = ({"region": text, "decision": "approved", "population": text, "date": "2020-01"},)
    outcome = {"measure": text, "population": text, "comparison": f"{text} vs {text}", "effect": "HR", "value": 0.5}
    outcomes = ({**outcome, "ci": [0.4, 0.6], "p": text, "n": 3, "direction": "better", "met": True},)
    lists = {"topics": (text,), "phenotypes": (text,), "drugs": (text, f"{number}{text}")}
    words = {"title": text, "authors": text, "container": text, "kind": text, "as_of": text, "doi": text, "nct": text}
    return Source(f"key{number}", number, year=2020, url=link, **words, **lists, outcomes=outcomes, status=status)


class HostileAssistant:
    """Answers every question with forty hostile statements from forty hostile documents."""

    settings = AskSettings()
    corpus_hash = ""
    index_dir = Path("no index")

    def __init__(self):
        self._sources = [source(number, text) for number, text in enumerate(HOSTILE, start=1)]

    def sources(self):
        return self._sources

    def document(self, key):
        found = next(s for s in self._sources if s.key == key)
        return Document(found, f"## {found.title}\n\n{found.title}\n", "", "", "")

    def retrieve(self, _query, k=10, **_how):
        return [Hit(1, 1.0, 1.0, 1.0, "x", s, s.title, 0, 5, s.title) for s in self._sources[:k]]

    def ask(self, question, *_history, **_how):
        cited = [Citation(s.number, s, s.title, 0, len(s.title), s.title) for s in self._sources]
        statements = [Statement(c.quote, (c,), Support.SUPPORTED, group=c.quote) for c in cited]
        removed = tuple(Removed(text, text) for text in HOSTILE)
        answer = Answer(question, tuple(statements), notice=question, message=question, removed=removed)
        answer = replace(answer, mode=Mode.GENERATE, usage=Usage(question))
        return (
            answer
            if "nothing" not in question
            else replace(answer, statements=(), related=tuple(self.retrieve("", 40)))
        )

    def stream(self, question, *_history, **_how):
        answer = self.ask(question)
        yield RetrievedEvent(tuple(self.retrieve("")))
        yield ComposedEvent(answer.statements)
        for statement in answer.statements:
            yield StatementEvent(statement)
        yield DoneEvent(answer)


def test_there_are_forty_of_them():
    assert len(set(HOSTILE)) == 40


@pytest.mark.parametrize("question", ["x", "nothing"])
def test_no_tag_or_handler_of_theirs_stands_in_the_html(question):
    html = [message["html"] for message in converse(HostileAssistant(), question, [], {})]
    for shown in html:
        assert not any(tag in shown.lower() for tag in ("<script", "<img", "<iframe", "<style", "<base", 'href="java'))


@pytest.mark.browser
@pytest.mark.filterwarnings("ignore")  # of the libraries that serve the page in this process
def test_documents_and_models_cannot_run_anything(serve, visit, ask):
    page = visit(serve(HostileAssistant()))
    turn = ask(page, HOSTILE[0])
    shown = turn.locator(".statement").evaluate_all("all => all.map(s => s.firstChild.textContent.trim())")
    assert [text.split() for text in shown] == [text.replace("\0", "").split() for text in HOSTILE]
    for place in (0, 16, 39):
        turn.locator(f".mark[data-place='{place}']").hover()
        turn.locator(f".mark[data-place='{place}']").click()
    page.locator("#panel").get_by_role("button", name="Whole document").first.click()
    page.locator("#panel .document").wait_for()
    page.keyboard.press("Escape")
    page.locator("#panel").wait_for(state="hidden")
    for part in ("table", "forest", "timeline"):
        page.click("[data-view=evidence]")
        page.click(f"[data-part={part}]")
        page.locator("#evidence-body [data-words]").first.wait_for()
    page.click("[data-view=ask]")
    ask(page, "nothing").locator(".related").wait_for()
    page.reload()
    page.locator(".turn").nth(1).wait_for()
    assert page.evaluate("window.hacked") is None
    assert page.locator("#msqa a[href^='javascript']").count() == 0


@pytest.mark.browser
def test_questions_cannot_run_anything(page, ask):
    page.evaluate("document.addEventListener('securitypolicyviolation', () => (window.blocked = true))")
    for text in HOSTILE:
        shown = ask(page, text).locator(".question").text_content()
        assert shown.replace("\0", "").split() == text.replace("\0", "").split()
    assert page.locator(".turn").count() == 40
    page.reload()
    page.wait_for_selector("#msqa[data-ready]")
    assert page.evaluate("window.hacked") is None
    assert page.locator(".turn :is(script, img, iframe, style, base, link, object, embed)").count() == 0
