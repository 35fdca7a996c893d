"""python -m ui: the chat on 127.0.0.1."""

import argparse
import os
import socket
import sys
from pathlib import Path


def parse_arguments(arguments: list[str] | None = None) -> argparse.Namespace:
    """The command line of `python -m ui`."""
    parser = argparse.ArgumentParser(prog="python -m ui", description="The chat in the browser. Ctrl-C ends it.")
    parser.add_argument("--host", default="127.0.0.1", help="address to listen on (default: this machine only)")
    parser.add_argument("--port", type=int, default=7860, help="default: %(default)s")
    parser.add_argument("--auth", metavar="NAME", help="ask for this user name and the password in $UI_PASSWORD")
    parser.add_argument("--index", type=Path, metavar="DIR", help="folder of the index")
    return parser.parse_args(arguments)


def main() -> int:
    """Run the command; returns the exit status."""
    options = parse_arguments()
    problem = _port_problem(options.host, options.port)
    password = os.environ.get("UI_PASSWORD")
    if options.auth and not password:
        problem = "--auth needs a password. Put it into the environment variable UI_PASSWORD."
    if problem:
        print(f"error: {problem}", file=sys.stderr)
        return 2
    from ingest.errors import IngestError
    from ingest.progress import progress_bar
    from qa.assistant import Assistant
    from ui.app import build_app, launch_options

    try:
        with progress_bar() as progress:
            assistant = Assistant.open(options.index, progress=progress)
    except IngestError as error:
        print(f"error: {error}", file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        print("Interrupted.", file=sys.stderr)
        return 130
    app = build_app(assistant)
    auth = (options.auth, password) if options.auth else None
    app.launch(
        server_name=options.host, server_port=options.port, auth=auth, prevent_thread_lock=True, **launch_options()
    )
    print(f"The chat is at http://{options.host}:{options.port} (Ctrl-C ends it)", flush=True)
    app.block_thread()
    return 0


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
