"""The chat model behind a name such as "ollama:qwen2.5:3b", through LangChain; its reply in pieces, in time."""

import asyncio
import logging
import os
import queue
import threading
import time
from collections.abc import AsyncGenerator, Callable, Iterator, Sequence
from contextlib import aclosing
from dataclasses import dataclass
from functools import lru_cache
from importlib.util import find_spec
from typing import TYPE_CHECKING, Any, cast

from qa.errors import ModelConfigurationError
from qa.faults import Fault, ModelFault, fault_of
from qa.settings import ModelSettings

if TYPE_CHECKING:
    from langchain_core.language_models import BaseChatModel
    from langchain_core.messages import BaseMessageChunk

LOG = logging.getLogger(__name__)
OWN_KEY = "PROGRESSIVE_MS_QA_LLM_KEY"  # for an address of one's own: no other key of the environment is sent there
_STARTING = threading.Lock()
Options = dict[str, Any]
Messages = Sequence[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Provider:
    """A provider that LangChain knows: the package to install, where its key is, what it calls our settings."""

    module: str
    extra: str
    keys: tuple[str, ...]
    options: Callable[[ModelSettings], Options]


def _usual(settings: ModelSettings) -> Options:
    found: Options = {"temperature": 0, "timeout": settings.seconds, "max_retries": settings.retries}
    found["max_tokens"] = settings.reply_tokens
    return found | ({"base_url": settings.base_url} if settings.base_url else {})


def _openai(settings: ModelSettings) -> Options:
    found = _usual(settings) | {"stream_usage": True, "stream_chunk_timeout": settings.seconds}
    if settings.base_url:
        del found["max_tokens"]  # sent as max_completion_tokens, which not every server reads
        found |= {"extra_body": {"max_tokens": settings.reply_tokens}, "api_key": os.environ.get(OWN_KEY) or "none"}
    return found


def _mistral(settings: ModelSettings) -> Options:
    return _usual(settings) | {"timeout": max(1, round(settings.seconds))}


def _ollama(settings: ModelSettings) -> Options:
    room = settings.prompt_tokens + settings.reply_tokens + 1000  # its default cuts the passages off without a word
    found: Options = {"temperature": 0, "num_predict": settings.reply_tokens, "num_ctx": room}
    found["client_kwargs"] = {"timeout": settings.seconds}
    return found | ({"base_url": settings.base_url} if settings.base_url else {})


PROVIDERS = {
    "ollama": Provider("langchain_ollama", "ollama", (), _ollama),
    "openai": Provider("langchain_openai", "openai", ("OPENAI_API_KEY",), _openai),
    "anthropic": Provider("langchain_anthropic", "anthropic", ("ANTHROPIC_API_KEY",), _usual),
    "google_genai": Provider("langchain_google_genai", "google", ("GOOGLE_API_KEY", "GEMINI_API_KEY"), _usual),
    "mistralai": Provider("langchain_mistralai", "mistral", ("MISTRAL_API_KEY",), _mistral),
}


@dataclass(slots=True)
class Reply:
    """What is known of a reply once it has ended. Tokens are None where the server does not tell."""

    finish: str | None = None
    input_tokens: int | None = None
    output_tokens: int | None = None
    tool_called: bool = False


class ChatModel:
    """A chat model that answers within its time. Thread-safe."""

    def __init__(self, model: "BaseChatModel", settings: ModelSettings) -> None:
        self._model = model
        self._settings = settings

    def stream(self, messages: Messages, reply: Reply) -> Iterator[str]:
        """The reply's text as it comes; `reply` is filled in on the way. Raises ModelFault.

        The request runs in an event loop of its own and is cancelled, connection and all, when the time is up, when
        nothing comes for too long, and when the caller stops reading.
        """
        pieces: queue.SimpleQueue[str | BaseException | None] = queue.SimpleQueue()
        stopped = threading.Event()
        task = asyncio.run_coroutine_threadsafe(self._pump(messages, reply, pieces, stopped), _loop())
        deadline, begun = time.monotonic() + self._settings.seconds, False
        try:
            while True:
                left = deadline - time.monotonic()
                patience = min(left, self._settings.stall_seconds) if begun else left
                try:
                    piece = pieces.get(timeout=max(0.0, patience))
                except queue.Empty:
                    stalled = begun and patience < left
                    raise ModelFault(Fault.STALLED if stalled else Fault.TIMEOUT) from None
                if piece is None:
                    return
                if isinstance(piece, BaseException):
                    fault = fault_of(piece, begun=begun)
                    # the error's own text stays out: providers repeat part of the key in it
                    LOG.warning("%s: %s (%s)", self._settings.name, fault, type(piece).__name__)
                    raise ModelFault(fault)
                begun = begun or bool(piece)
                if time.monotonic() > deadline:
                    raise ModelFault(Fault.TIMEOUT)
                yield piece
        finally:
            stopped.set()
            task.cancel()

    async def _pump(
        self,
        messages: Messages,
        reply: Reply,
        pieces: "queue.SimpleQueue[str | BaseException | None]",
        stopped: threading.Event,
    ) -> None:
        try:
            async with asyncio.timeout(self._settings.seconds + 1):  # in case nobody reads any more
                stream = cast("AsyncGenerator[BaseMessageChunk]", self._model.astream(list(messages)))
                async with aclosing(stream):
                    async for chunk in stream:
                        if stopped.is_set():  # a client may lose a cancellation that comes together with data
                            return
                        _note(chunk, reply)
                        pieces.put(str(chunk.text))
            pieces.put(None)
        except Exception as error:  # clients raise whatever they like; all of it ends in a notice
            pieces.put(error)


def _note(chunk: "BaseMessageChunk", reply: Reply) -> None:
    """Keep what a piece of the reply says beside its text."""
    told = chunk.response_metadata
    reply.finish = told.get("finish_reason") or told.get("stop_reason") or told.get("done_reason") or reply.finish
    reply.tool_called |= bool(getattr(chunk, "tool_call_chunks", None))
    usage = getattr(chunk, "usage_metadata", None)
    if usage:
        reply.input_tokens = (reply.input_tokens or 0) + usage["input_tokens"]
        reply.output_tokens = (reply.output_tokens or 0) + usage["output_tokens"]


@lru_cache(maxsize=8)
def open_model(settings: ModelSettings) -> ChatModel:
    """The chat model of these settings. Raises ModelConfigurationError: unknown provider, package or key missing."""
    provider, _, name = settings.name.partition(":")
    known = PROVIDERS.get(provider)
    if known is None or not name:
        listed = ", ".join(f"{one}:..." for one in PROVIDERS)
        raise ModelConfigurationError(f"The language model is {settings.name!r}. Name provider and model: {listed}")
    if find_spec(known.module) is None:
        package = known.module.replace("_", "-")
        remedy = f'python -m pip install "progressive-ms-qa[{known.extra}]" (from a checkout: ".[{known.extra}]")'
        raise ModelConfigurationError(f"{settings.name} needs the package {package}. Install it with: {remedy}")
    keyless = provider == "openai" and settings.base_url
    if known.keys and not keyless and not any(os.environ.get(key) for key in known.keys):
        remedy = f"Put it into the environment variable {known.keys[0]}."
        raise ModelConfigurationError(f"{settings.name} needs a key. {remedy}")
    from langchain.chat_models import init_chat_model

    try:
        model = init_chat_model(name, model_provider=provider, **known.options(settings))
    except (ValueError, ImportError) as error:
        raise ModelConfigurationError(f"{settings.name} cannot be set up ({type(error).__name__}).") from error
    return ChatModel(model, settings)


def _loop() -> asyncio.AbstractEventLoop:
    """The event loop that all requests share: clients keep their connections, which belong to one loop."""
    with _STARTING:
        return _started_loop()


@lru_cache(maxsize=1)
def _started_loop() -> asyncio.AbstractEventLoop:
    loop = asyncio.new_event_loop()
    threading.Thread(target=loop.run_forever, name="language-model", daemon=True).start()
    return loop
