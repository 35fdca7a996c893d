"""What can go wrong with a language model, and the one line that the reader gets when it does."""

from collections.abc import Iterator
from enum import StrEnum
from typing import Any


class Fault(StrEnum):
    """Why a language model's reply is not the answer."""

    UNREACHABLE = "unreachable"
    KEY = "key"
    FORBIDDEN = "forbidden"
    NOT_FOUND = "not_found"
    LIMIT = "limit"
    REJECTED = "rejected"
    SERVER = "server"
    TIMEOUT = "timeout"
    STALLED = "stalled"
    BROKEN = "broken"
    CUT_OFF = "cut_off"
    EMPTY = "empty"
    TOO_LONG = "too_long"
    REPEATING = "repeating"
    LANGUAGE = "language"
    REFUSED = "refused"
    DECLINED = "declined"
    NOT_PROSE = "not_prose"
    NO_MARKS = "no_marks"
    UNSUPPORTED = "unsupported"


HAPPENED = {
    Fault.UNREACHABLE: "could not be reached",
    Fault.KEY: "did not accept the key (401)",
    Fault.FORBIDDEN: "denied access (403)",
    Fault.NOT_FOUND: "does not know this model or address (404)",
    Fault.LIMIT: "takes no more requests at the moment (429)",
    Fault.REJECTED: "did not take the request",
    Fault.SERVER: "failed",
    Fault.TIMEOUT: "did not answer in time",
    Fault.STALLED: "stopped in the middle of its answer",
    Fault.BROKEN: "broke off in the middle of its answer",
    Fault.CUT_OFF: "did not finish its answer",
    Fault.EMPTY: "answered nothing",
    Fault.TOO_LONG: "did not come to an end",
    Fault.REPEATING: "repeated itself",
    Fault.LANGUAGE: "did not answer in English",
    Fault.REFUSED: "refused to answer",
    Fault.DECLINED: "found no answer in the passages",
    Fault.NOT_PROSE: "answered with something other than sentences",
    Fault.NO_MARKS: "named no sources",
    Fault.UNSUPPORTED: "wrote no answer that the sources carry",
}
BY_STATUS = {401: Fault.KEY, 403: Fault.FORBIDDEN, 404: Fault.NOT_FOUND, 408: Fault.TIMEOUT, 429: Fault.LIMIT}


def notice_of(fault: Fault) -> str:
    """One line for the reader."""
    return f"The language model {HAPPENED[fault]}; these sentences are quoted from the sources instead."


class ModelFault(Exception):
    """A reply that cannot be used."""

    def __init__(self, fault: Fault) -> None:
        super().__init__(HAPPENED[fault])
        self.fault = fault


def fault_of(error: BaseException, *, begun: bool) -> Fault:
    """What an error of a provider's client means; `begun` says whether part of the reply had come.

    Told by what all clients share, status codes and the names of their errors, so that none need be imported here.
    """
    chain = list(_causes(error))
    for one in chain:
        status = _status(one)
        if status is not None:
            return BY_STATUS.get(status, Fault.SERVER if status >= 500 else Fault.REJECTED)
    if begun:
        return Fault.BROKEN
    names = " ".join(f"{kind.__name__}" for one in chain for kind in type(one).__mro__)
    if "Timeout" in names:
        return Fault.TIMEOUT
    return Fault.UNREACHABLE if "Connect" in names or "OSError" in names else Fault.SERVER


def _causes(error: BaseException) -> Iterator[BaseException]:
    seen: list[BaseException] = []
    one: BaseException | None = error
    while one is not None and one not in seen:
        seen.append(one)
        yield one
        one = one.__cause__ or one.__context__


def _status(error: BaseException) -> int | None:
    response: Any = getattr(error, "response", None)
    told = [getattr(error, "status_code", None), getattr(response, "status_code", None), getattr(error, "code", None)]
    return next((value for value in told if isinstance(value, int) and 400 <= value < 600), None)
