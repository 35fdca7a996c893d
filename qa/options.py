"""The options that name a language model, the same for every command."""

import argparse
from collections.abc import Mapping

from qa.errors import ModelConfigurationError
from qa.settings import REPLY_SECONDS, ModelSettings

NAME, ADDRESS = "PROGRESSIVE_MS_QA_LLM", "PROGRESSIVE_MS_QA_LLM_URL"


def add_model_arguments(parser: argparse.ArgumentParser) -> None:
    """Add --llm and what goes with it."""
    group = parser.add_argument_group("language model", "Without one, answers are quoted sentences; see docs.")
    group.add_argument("--llm", metavar="PROVIDER:MODEL", help=f"let a chat model write the answers (or ${NAME})")
    group.add_argument("--llm-url", metavar="ADDRESS", help=f"its server: http://127.0.0.1:8080/v1 (or ${ADDRESS})")
    waiting = "how long a reply may take (default: %(default)g)"
    group.add_argument("--llm-seconds", type=float, default=REPLY_SECONDS, metavar="N", help=waiting)
    group.add_argument("--llm-cache", metavar="DIR", help="keep replies in this folder and use them again")


def model_settings(options: argparse.Namespace, environment: Mapping[str, str]) -> ModelSettings | None:
    """The model that options or environment name; None where they name none. Raises ModelConfigurationError."""
    name = options.llm or environment.get(NAME)
    address = options.llm_url or environment.get(ADDRESS) or None
    if not name:
        if options.llm_url:
            raise ModelConfigurationError("--llm-url names a server but no model. Add --llm openai:MODEL.")
        return None
    try:
        return ModelSettings(name, address, options.llm_seconds, cache=options.llm_cache)
    except ValueError as error:
        raise ModelConfigurationError(f"The language model cannot be used: {error}.") from error
