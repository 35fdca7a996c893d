"""python -m ui: the chat on 127.0.0.1."""

import argparse
import os
import socket
import sys
from collections.abc import Callable
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any

from qa.errors import ModelConfigurationError
from qa.options import add_model_arguments, model_settings
from qa.settings import ModelSettings
from ui.limits import LOOPBACK, Limits

if TYPE_CHECKING:
    from ingest.progress import Progress
    from ui.server import Server

EPILOG = """
Example:  python -m ui --port 7861 --mcp
Others reach the chat only with --host, which demands --auth NAME (and $UI_PASSWORD) or --anyone.
Exit status: 0 ended with Ctrl-C; 2 an error (the message says what to do).
"""


def parse_arguments(arguments: list[str] | None = None) -> argparse.Namespace:
    """The command line of `python -m ui`."""
    parser = argparse.ArgumentParser(
        prog="python -m ui",
        description="The chat in the browser. Ctrl-C ends it.",
        epilog=EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--host", default="127.0.0.1", help="address to listen on (default: this machine only)")
    parser.add_argument("--port", type=int, default=7860, help="default: %(default)s")
    parser.add_argument("--auth", metavar="NAME", help="ask for this user name and the password in $UI_PASSWORD")
    parser.add_argument("--anyone", action="store_true", help="with --host: let everybody in who reaches the address")
    parser.add_argument("--index", type=Path, metavar="DIR", help="folder of the index")
    parser.add_argument("--collection", metavar="NAME", help="begin with a collection of your own")
    parser.add_argument("--only", action="store_true", help="offer no other collection than the one it begins with")
    parser.add_argument("--mcp", action="store_true", help="offer ask, search and get_source as MCP tools")
    parser.add_argument("--rate", type=int, default=Limits().calls, help="calls a minute of one address; 0: no limit")
    add_model_arguments(parser)
    return parser.parse_args(arguments)


def main() -> int:
    """Run the command; returns the exit status."""
    options = parse_arguments()
    problem = _problem_of(options) or _port_problem(options.host, options.port)
    try:
        model = model_settings(options, os.environ)
    except ModelConfigurationError as error:
        problem = str(error)
    if problem:
        print(f"error: {problem}", file=sys.stderr)
        return 2
    import uvicorn

    from ui.server import Server, guarded

    def stop() -> None:
        served.should_exit = True

    def announce() -> None:
        print(f"The chat is at http://{options.host}:{options.port} (Ctrl-C ends it)", flush=True)

    server = Server(_loader(options, model), stop, announce)
    limits = Limits(calls=options.rate, hosts=LOOPBACK if options.host in LOOPBACK else ())
    config = uvicorn.Config(
        guarded(server, limits), host=options.host, port=options.port, log_level="error", access_log=False
    )
    served = uvicorn.Server(config)
    print(f"Getting ready at http://{options.host}:{options.port} ...", flush=True)
    try:
        served.run()
    except KeyboardInterrupt:
        return 0
    return _outcome(server)


def _loader(options: argparse.Namespace, model: ModelSettings | None) -> Callable[[Callable[[str], None]], Any]:
    """What makes the app: the assistant opened, its page built; told stage by stage."""

    def load(report: Callable[[str], None]) -> Any:
        from ingest.progress import progress_bar
        from qa.assistant import Assistant
        from qa.settings import AskSettings

        settings = AskSettings(model=model)
        with progress_bar() as shown:
            progress = _reporting(shown, report)
            assistant = Assistant.open(
                options.index, collection=options.collection, settings=settings, progress=progress
            )
        report("The sources are loaded; making the page.")
        from fastapi import FastAPI

        from ui.app import mount
        from ui.library import Library

        auth = (options.auth, os.environ["UI_PASSWORD"]) if options.auth else None
        library = Library(assistant, others=not options.only)
        return mount(FastAPI(openapi_url=None), library, mcp=options.mcp, auth=auth)

    return load


def _reporting(shown: "Progress", report: Callable[[str], None]) -> "Progress":
    """Progress on the terminal and on the waiting page."""

    def progress(stage: str, done: int, total: int) -> None:
        shown(stage, done, total)
        report(f"Building the index, once: {stage}, {done} of {total}.")

    return progress


def _outcome(server: "Server") -> int:
    from ingest.errors import IngestError

    if isinstance(server.failure, (IngestError, ValueError)):
        print(f"error: {server.failure}", file=sys.stderr)
        return 2
    if server.failure:
        raise server.failure
    return 0


def _problem_of(options: argparse.Namespace) -> str | None:
    """Why the chat cannot be opened like this, with the remedy; None when it can."""
    if options.auth and not os.environ.get("UI_PASSWORD"):
        return "--auth needs a password. Put it into the environment variable UI_PASSWORD."
    if options.mcp and find_spec("mcp") is None:
        return "--mcp needs the package mcp. Install it with: python -m pip install 'mcp>=1.21,<2'"
    if options.host not in LOOPBACK and not options.auth and not options.anyone:
        return f"--host {options.host} lets others in. Add --auth NAME, or --anyone if that is what you want."
    return None


def _port_problem(host: str, port: int) -> str | None:
    """Why the address cannot be listened on, with the remedy; None when it can."""
    with socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except (OSError, OverflowError) as error:
            return f"Port {port} on {host} cannot be used ({error}). Choose another one with --port."
    return None


if __name__ == "__main__":
    sys.exit(main())
