"""No socket beyond this machine is opened while ingesting, asking and chatting."""

import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
# Chats through the very app that `python -m ui` serves, over HTTP as the page does.
SCRIPT = """
import sys
from pathlib import Path
from ingest.build import build_index
from ingest.settings import IndexSettings
index = Path(sys.argv[1])
build_index(index, IndexSettings(), paths=[Path(sys.argv[2])])
from qa import Assistant
assistant = Assistant.open(index)
assert assistant.ask("Did alphamab slow progression in ONE?").statements
import socket
from ui.app import build, page_options
with socket.socket() as probe:
    probe.bind(("127.0.0.1", 0))
    port = probe.getsockname()[1]
app = build(assistant)
app.launch(server_name="127.0.0.1", server_port=port, prevent_thread_lock=True, quiet=True, **page_options())
from urllib.request import urlopen
assert "gradio" in urlopen(f"http://127.0.0.1:{port}").read().decode()
app.close()
print("done")
"""
ADDRESS = re.compile(r"AF_INET6?, .*?(?:inet_addr\(\"([^\"]+)\"\)|inet_pton\(AF_INET6, \"([^\"]+)\")")


@pytest.mark.models
def test_ingesting_asking_and_chatting_stay_on_this_machine(small_corpus, tmp_path):
    if shutil.which("strace") is None:
        pytest.skip("strace is missing; install it to see every socket (Debian: apt-get install strace)")
    log = tmp_path / "sockets"
    trace = ["strace", "-f", "-qq", "-e", "trace=connect,sendto,sendmsg,bind", "-o", str(log)]
    command = [*trace, sys.executable, "-c", SCRIPT, str(tmp_path / "index"), str(small_corpus)]
    done = subprocess.run(command, capture_output=True, text=True, cwd=ROOT, timeout=300, check=False)
    assert done.stdout.strip().endswith("done"), done.stderr[-2000:]
    reached = {first or second for first, second in ADDRESS.findall(log.read_text(errors="replace"))}
    assert "127.0.0.1" in reached
    assert reached <= {"127.0.0.1", "::1"}
