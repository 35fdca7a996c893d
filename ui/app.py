"""The Gradio app: one page with a chat. The only file that knows Gradio."""

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from ingest.errors import IngestError
from qa.answer import Answer, Turn
from qa.assistant import Assistant, DoneEvent, StatementEvent
from qa.errors import QuestionError
from qa.render import ABOUT
from qa.settings import LONGEST_QUESTION
from ui.view import answer_html, paragraph_around, question_html, statements_html

HERE = Path(__file__).parent
EXAMPLES = (
    "Does ocrelizumab slow primary progressive MS?",
    "What was the result of the HERCULES trial of tolebrutinib?",
    "Which tests are needed before starting siponimod?",
    "What can help with fatigue?",
    "Is simvastatin of use in secondary progressive MS?",
    "What is the risk of PML with natalizumab?",
)
Messages = list[dict[str, Any]]
Turns = list[list[str]]  # [question, answer text] of each turn, as plain JSON


def build_app(assistant: Assistant) -> Any:
    """The page as a gr.Blocks; launch it with `launch_options`."""
    os.environ.setdefault("GRADIO_ANALYTICS_ENABLED", "False")  # read at import: no request leaves the machine
    import gradio as gr

    def respond(question: str, messages: Messages, turns: Turns) -> Iterator[tuple[str, Messages, Turns]]:
        try:
            yield from _respond(assistant, question, messages, turns)
        except QuestionError as error:
            gr.Warning(str(error))
            yield question, messages, turns
        except IngestError as error:
            raise gr.Error(str(error), duration=None) from error

    def choose(event: gr.SelectData) -> str:
        return str(event.value["text"])

    with gr.Blocks(title="Progressive MS: cited answers", analytics_enabled=False, fill_height=True) as app:
        gr.Markdown(f"# Treating progressive MS: answers with checked citations\n{ABOUT}", elem_id="about")
        chat = gr.Chatbot(
            show_label=False,
            elem_id="chat",
            scale=1,
            buttons=[],
            latex_delimiters=[],
            examples=[{"text": text} for text in EXAMPLES],
            placeholder=f"Ask in plain words. {len(assistant.sources())} sources; select a number to see the quote.",
        )
        turns = gr.State([])
        with gr.Row(elem_id="ask"):
            box = gr.Textbox(
                show_label=False,
                container=False,
                placeholder="Ask about treating PPMS or SPMS",
                max_length=LONGEST_QUESTION,
                autofocus=True,
                scale=8,
                elem_id="question",
            )
            send = gr.Button("Ask", variant="primary", scale=1, min_width=120)
            new = gr.Button("New chat", scale=1, min_width=120)
        fields = [box, chat, turns]
        gr.on([box.submit, send.click], respond, fields, fields, api_visibility="private")
        chosen = chat.example_select(choose, None, box, api_visibility="private")
        chosen.then(respond, fields, fields, api_visibility="private")
        new.click(lambda: ("", [], []), None, fields, api_visibility="private")
        chat.clear(lambda: [], None, turns, api_visibility="private")
    return app.queue(default_concurrency_limit=8)


def launch_options() -> dict[str, Any]:
    """What `launch` needs for the page to look and behave as meant."""
    script = (HERE / "chat.js").read_text(encoding="utf-8")
    return {
        "css_paths": HERE / "chat.css",
        "head": f"<script>{script}</script>",
        "footer_links": [],
        "ssr_mode": False,
        "share": False,
        "quiet": True,
        "show_error": True,
    }


def _respond(
    assistant: Assistant, question: str, messages: Messages, turns: Turns
) -> Iterator[tuple[str, Messages, Turns]]:
    """Show the question, then each statement as it passes its check, then the whole answer with its evidence."""
    shown = [*messages, _message("user", question_html(question))]
    turn, statements = len(turns), []
    history = [Turn(*pair) for pair in turns]
    for event in assistant.stream(question, history):
        if isinstance(event, StatementEvent):
            statements.append(event.statement)
            cited = Answer(question, tuple(statements)).citations
            html = f'<div class="answer">{statements_html(statements, turn, cited)}</div>'
            yield "", [*shown, _message("assistant", html)], turns
        elif isinstance(event, DoneEvent):
            answer = event.answer
            html = answer_html(answer, _paragraphs(assistant, answer), turn)
            yield "", [*shown, _message("assistant", html)], [*turns, [question.strip(), answer.text]]


def _paragraphs(assistant: Assistant, answer: Answer) -> list[tuple[str, str]]:
    return [paragraph_around(assistant.document(c.source.key).text, c.start, c.end) for c in answer.citations]


def _message(role: str, content: str) -> dict[str, Any]:
    return {"role": role, "content": content}
