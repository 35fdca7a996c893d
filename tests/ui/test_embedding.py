"""The examples of docs/embedding.md, run as they stand there; only the address of the chat is another."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = pytest.mark.models
ROOT = Path(__file__).parents[2]
BLOCK = re.compile(r"## (?P<heading>[^\n]+)|```(?P<language>python|bash)\n(?P<code>.*?)```", re.DOTALL)


def examples():
    """(heading, language, code) of each example, in order."""
    heading, found = "", []
    for match in BLOCK.finditer((ROOT / "docs" / "embedding.md").read_text(encoding="utf-8")):
        heading = match["heading"] or heading
        if match["code"]:
            found.append((heading, match["language"], match["code"]))
    return found


def outcome(heading, language, packaged_index, address="", more=""):
    """What the example under a heading prints."""
    code = next(c for h, kind, c in examples() if (h, kind) == (heading, language))
    code = code.replace("http://127.0.0.1:7860", address) + more
    command = [sys.executable, "-c", code] if language == "python" else ["bash", "-euo", "pipefail", "-c", code]
    environment = {**os.environ, "PROGRESSIVE_MS_QA_INDEX": str(packaged_index), "GRADIO_ANALYTICS_ENABLED": "False"}
    done = subprocess.run(command, capture_output=True, text=True, cwd=ROOT, env=environment, timeout=120, check=False)
    assert done.returncode == 0, done.stderr[-2000:]
    return done.stdout


def test_python(packaged_index):
    shown = outcome("Python", "python", packaged_index)
    assert "[1]" in shown
    assert "### Sources" in shown


def test_langchain(packaged_index):
    shown = outcome("LangChain", "python", packaged_index)
    assert "PML" in shown
    assert "siponimod" in shown


def test_http_with_curl(packaged_index, address):
    shown = outcome("HTTP", "bash", packaged_index, address)
    assert "event: complete" in shown
    assert '"abstention": null' in shown


def test_http_with_the_client_of_gradio(packaged_index, address):
    assert "siponimod" in outcome("HTTP", "python", packaged_index, address)


def test_mcp_with_a_real_client(packaged_index, address):
    shown = outcome("MCP", "python", packaged_index, address)
    assert "['ask', 'search', 'get_source']" in shown
    assert "wheelchair" in shown.lower()


def test_mounted_in_fastapi(packaged_index):
    more = (
        "\nfrom fastapi.testclient import TestClient\n"
        "with TestClient(app) as client:\n"
        "    print(client.get('/health').json(), 'msqa' in client.get('/chat/').text)\n"
        "    joined = client.post('/chat/gradio_api/call/v2/ask', json={'question': 'Does ocrelizumab slow PPMS?'})\n"
        "    print(client.get(f\"/chat/gradio_api/call/ask/{joined.json()['event_id']}\").text[:15])\n"
    )
    shown = outcome("FastAPI", "python", packaged_index, more=more)
    assert "{'status': 'up'} True" in shown
    assert "event: complete" in shown


def test_every_example_is_run():
    run = [("Python", "python"), ("LangChain", "python"), ("HTTP", "bash"), ("HTTP", "python"), ("MCP", "python")]
    assert [(heading, language) for heading, language, _ in examples()] == [*run, ("FastAPI", "python")]
