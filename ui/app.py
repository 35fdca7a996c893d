"""The chat as a Gradio app: the page, its events and the endpoints. The only file that knows Gradio."""

import os
from collections.abc import Iterator
from typing import Any

from qa.assistant import Assistant
from ui.api import endpoints
from ui.assets import script, style
from ui.feedback import Comments
from ui.library import Library
from ui.shell import shell_html
from ui.talk import Message, document, next_questions
from ui.visit import answered, evidence, moved

TITLE = "Progressive MS: answers with checked citations"
AT_ONCE = 8  # answers being made at the same moment; more wait in the queue
SESSIONS = 200  # more than can be under way: AT_ONCE and WAITING together
WAITING = 64  # questions that may wait; more are told to come back


def build(assistant: Assistant | Library, *, at_once: int = AT_ONCE) -> Any:
    """The page with its endpoints as a gr.Blocks, over an assistant, or a `Library` of collections to choose from.

    Serve it with `python -m ui`, with `mount`, or with `build(assistant).launch(**page_options())`.
    """
    os.environ.setdefault("GRADIO_ANALYTICS_ENABLED", "False")  # read at import: no request leaves the machine
    import gradio as gr
    from gradio.events import api

    library = _offered(assistant)
    with gr.Blocks(title=TITLE, analytics_enabled=False, fill_width=True) as app:
        # gr.HTML evaluates its template as JavaScript, which the content security policy forbids; Markdown does not.
        gr.Markdown(shell_html(library), sanitize_html=False, latex_delimiters=[], elem_id="shell")
        for function in endpoints(library):
            api(function, api_name=function.__name__, concurrency_id="answers", concurrency_limit=at_once)
        for function in _page_events(library):
            api(
                function,
                api_name=function.__name__,
                api_visibility="undocumented",
                concurrency_id="answers",
                concurrency_limit=at_once,
            )
    # Gradio keeps the configuration of the page for each of its last 10,000 calls; ours hold no state worth keeping.
    app.state_session_capacity = SESSIONS
    return app.queue(default_concurrency_limit=at_once, max_size=WAITING)


def page_options() -> dict[str, Any]:
    """What `launch` and `gr.mount_gradio_app` need for the page to look and behave as meant."""
    return {
        # Gradio rewrites what it gets as `css`, selector by selector, and breaks :is(); the head it leaves alone.
        "head": f"<style>{style()}</style><script>{script()}</script>",
        "footer_links": [],
        "ssr_mode": False,
        "show_error": True,
    }


def mount(app: Any, assistant: Assistant | Library, path: str = "/", *, mcp: bool = False, auth: Any = None) -> Any:
    """The chat inside somebody's FastAPI app under `path`; returns that app."""
    import gradio as gr

    blocks = build(assistant)
    return gr.mount_gradio_app(app, blocks, path=path, mcp_server=mcp, auth=auth, **page_options())


def _offered(assistant: Assistant | Library) -> Library:
    """An assistant alone offers nothing but itself, so that whoever mounts it exposes no collection unawares."""
    return assistant if isinstance(assistant, Library) else Library(assistant, others=False)


def _page_events(library: Library) -> tuple[Any, ...]:
    """What the page's script calls; errors that a person can act on become a text that the page shows."""
    comments = Comments(library)

    def page_ask(question: str, history: list[list[str]], settings: dict[str, Any]) -> Iterator[Message]:
        yield from answered(library, question, history, settings)

    def page_next(question: str, history: list[list[str]], collection: str = "") -> list[str]:
        return next_questions(library.get(collection), question, history)

    def page_open(key: str, start: int, end: int, collection: str = "") -> Message:
        return document(library.get(collection), key, start, end)

    def page_collection(collection: str) -> Iterator[Message]:
        yield from moved(library, collection)

    def page_evidence(collection: str = "") -> dict[str, str]:
        return evidence(library.get(collection))

    def page_feedback(entry: dict[str, Any]) -> dict[str, str]:
        return comments.take(entry)

    # gr.api reads the type of what is returned, and an iterator of messages is a message to the caller.
    page_ask.__annotations__["return"] = page_collection.__annotations__["return"] = Message
    return page_ask, page_next, page_open, page_collection, page_evidence, page_feedback
