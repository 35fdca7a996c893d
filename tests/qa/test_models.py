import argparse
import asyncio
import threading
from contextlib import suppress

import pytest
from langchain_core.messages import AIMessageChunk

from qa.errors import ModelConfigurationError
from qa.models import OWN_KEY, PROVIDERS, ChatModel, Reply, open_model
from qa.options import ADDRESS, NAME, add_model_arguments, model_settings
from qa.settings import ModelSettings


def options(*arguments):
    parser = argparse.ArgumentParser()
    add_model_arguments(parser)
    return parser.parse_args(arguments)


@pytest.mark.parametrize(
    "name", ["llama", "acme:llama", "openai:", ""], ids=["no provider", "unknown", "no model", "empty"]
)
def test_a_name_without_a_known_provider_is_an_error_that_lists_them(name):
    with pytest.raises(ModelConfigurationError, match=r"ollama:\.\.\., openai:"):
        open_model(ModelSettings(name))


def test_a_missing_package_is_an_error_that_names_the_extra(monkeypatch):
    monkeypatch.setitem(PROVIDERS, "ollama", PROVIDERS["ollama"].__class__("no_such_package", "ollama", (), dict))
    with pytest.raises(ModelConfigurationError, match=r"no-such-package.*\[ollama\]"):
        open_model(ModelSettings("ollama:one"))


def test_a_missing_key_is_an_error_that_names_the_variable(monkeypatch):
    monkeypatch.delenv("OPENAI_API_KEY", raising=False)
    with pytest.raises(ModelConfigurationError, match="OPENAI_API_KEY"):
        open_model(ModelSettings("openai:two"))


def test_no_other_key_goes_to_an_address_of_ones_own(monkeypatch, model_server):
    monkeypatch.setenv("OPENAI_API_KEY", "sk-private")
    monkeypatch.setenv(OWN_KEY, "for-this-server")
    settings = PROVIDERS["openai"].options(ModelSettings("openai:m", base_url=model_server.url))
    assert settings["api_key"] == "for-this-server"
    monkeypatch.delenv(OWN_KEY)
    assert PROVIDERS["openai"].options(ModelSettings("openai:m", base_url=model_server.url))["api_key"] == "none"


@pytest.mark.parametrize("address", ["127.0.0.1:80", "ftp://host/", "http://me:key@host/v1"])
def test_an_address_that_is_none_or_holds_a_key_is_refused(address):
    with pytest.raises(ValueError, match="base_url"):
        ModelSettings("openai:m", base_url=address)


def test_the_option_goes_before_the_environment():
    environment = {NAME: "ollama:a", ADDRESS: "http://127.0.0.1:1/v1"}
    assert model_settings(options(), environment) == ModelSettings("ollama:a", "http://127.0.0.1:1/v1")
    assert model_settings(options("--llm", "openai:b"), environment).name == "openai:b"
    assert model_settings(options(), {}) is None


def test_an_address_without_a_model_is_an_error():
    with pytest.raises(ModelConfigurationError, match="--llm"):
        model_settings(options("--llm-url", "http://127.0.0.1:1/v1"), {})


class Deaf:
    """A client that loses a cancellation."""

    def __init__(self):
        self.ended = threading.Event()

    async def astream(self, _):
        try:
            for _ in range(3000):
                yield AIMessageChunk("more ")
                with suppress(asyncio.CancelledError):
                    await asyncio.sleep(0.01)
        finally:
            self.ended.set()


def test_a_request_whose_cancellation_is_lost_ends_with_its_next_piece():
    client = Deaf()
    pieces = ChatModel(client, ModelSettings("openai:test", seconds=60)).stream([("human", "?")], Reply())
    assert next(pieces) == "more "
    pieces.close()
    assert client.ended.wait(10)
