"""Whatever a language model or its server does wrong, the composed answer comes in time, with one line about it."""

import time

import pytest

from qa.answer import Mode
from qa.assistant import DoneEvent, StatementEvent
from qa.faults import Fault, ModelFault, fault_of, notice_of

QUESTION = "What was the hazard ratio for progression with alphamab in ONE?"
GOOD = "In ONE, the hazard ratio for progression with alphamab was 0.76 [1]. "
LATER = "Infusion reactions occurred in 34% of people on alphamab in ONE [1]. "
SECONDS = 3.0  # the budget of these tests
SLACK = 1.5


def stall(request):
    request.begin()
    request.say(GOOD + LATER)
    request.wait(30)


def break_off(request):
    request.begin(**{"Content-Length": "99999"})
    request.say(GOOD + LATER)


def close(request):
    request.begin()
    request.say(GOOD + "Infusion reac")


def trickle(request):
    request.begin()
    for word in ["slow "] * 300:
        request.say(word)
        request.wait(0.1)


def call_a_tool(request):
    request.begin()
    call = {"index": 0, "id": "c", "type": "function", "function": {"name": "search", "arguments": "{}"}}
    request.say("", tool_calls=[call])
    request.end("tool_calls")


def answers(*pieces, finish="stop"):
    return lambda request: request.write(pieces, finish)


def fails(status):
    return lambda request: request.fail(status)


FAULTS = {
    "wrong key": (fails(401), Fault.KEY),
    "forbidden": (fails(403), Fault.FORBIDDEN),
    "unknown model": (fails(404), Fault.NOT_FOUND),
    "too many requests": (lambda request: request.fail(429, {"Retry-After": "60"}), Fault.LIMIT),
    "prompt too long": (fails(400), Fault.REJECTED),
    "server error": (fails(500), Fault.SERVER),
    "overloaded": (fails(503), Fault.SERVER),
    "never answers": (lambda request: request.wait(30), Fault.TIMEOUT),
    "stalls in mid-stream": (stall, Fault.STALLED),
    "slower than the budget": (trickle, Fault.TIMEOUT),
    "breaks off": (break_off, Fault.BROKEN),
    "closes in mid-sentence": (close, Fault.CUT_OFF),
    "cut off by its length": (answers(GOOD, "Infusion reac", finish="length"), Fault.CUT_OFF),
    "empty": (answers(""), Fault.EMPTY),
    "no marks": (answers("The hazard ratio with alphamab was 0.76. ", "It is good."), Fault.NO_MARKS),
    "marks out of range": (answers(GOOD.replace("[1]", "[9]")), Fault.UNSUPPORTED),
    "repeats a sentence": (answers(*["Alphamab slowed progression in ONE [1]. "] * 200), Fault.REPEATING),
    "repeats a word": (answers(*["the "] * 2000), Fault.REPEATING),
    "another language": (answers("Alphamab verlangsamte die Progression bei PPMS in ONE [1]. "), Fault.LANGUAGE),
    "another script": (answers("阿尔法单抗 在 ONE 试验 中 减缓 了 进展 [1]。"), Fault.LANGUAGE),
    "refuses": (answers("I'm sorry, but I can't help with medical questions."), Fault.REFUSED),
    "blocked by a filter": (answers(GOOD, finish="content_filter"), Fault.REFUSED),
    "finds no answer": (answers("The sources do not", " answer this."), Fault.DECLINED),
    "JSON": (answers('{"answer": "Alphamab slowed progression in ONE [1]."}'), Fault.NOT_PROSE),
    "JSON in a fence": (answers("```json\n{", '"answer": 1}'), Fault.NOT_PROSE),
    "a tool call": (call_a_tool, Fault.NOT_PROSE),
    "200 kB at once": (answers("Alphamab slowed progression in ONE [1]. " * 5000), Fault.TOO_LONG),
    "200 kB of one sentence": (answers(*["very " * 10] * 4000), Fault.REPEATING),
    "not HTTP streaming at all": (lambda request: request.fail(200), Fault.SERVER),
    "says something else": (answers("Alphamab cured 99% of people with PPMS [1]."), Fault.UNSUPPORTED),
}


@pytest.mark.parametrize(("behave", "fault"), FAULTS.values(), ids=FAULTS)
def test_the_composed_answer_comes_in_time_with_a_line_about_the_fault(
    assistant, model_server, with_model, behave, fault
):
    model_server.behave = behave
    composed, settings = assistant.ask(QUESTION), with_model()
    started = time.monotonic()
    answer = assistant.ask(QUESTION, settings=settings)
    took = time.monotonic() - started
    print(f"{fault}: {took:.2f} s to the fallback")
    assert (answer.mode, answer.statements) == (Mode.COMPOSE, composed.statements)
    assert answer.usage.fault == fault
    assert notice_of(fault) in answer.notice
    assert "\n" not in answer.notice
    assert "secret" not in answer.notice
    assert took < SECONDS + SLACK


def test_without_a_server_the_composed_answer_comes(assistant, model_server, with_model):
    settings = with_model(base_url="http://127.0.0.1:9/v1")
    started = time.monotonic()
    answer = assistant.ask(QUESTION, settings=settings)
    print(f"unreachable: {time.monotonic() - started:.2f} s to the fallback")
    assert answer.usage.fault == Fault.UNREACHABLE
    assert answer.statements
    assert not model_server.requests


def test_retries_stay_within_the_budget(assistant, model_server, with_model):
    model_server.behave, settings = fails(500), with_model(retries=50)
    started = time.monotonic()
    answer = assistant.ask(QUESTION, settings=settings)
    assert time.monotonic() - started < SECONDS + SLACK
    assert answer.usage.fault == Fault.TIMEOUT
    assert len(model_server.requests) > 1


def test_a_stalled_server_does_not_hold_up_what_was_shown_before(assistant, model_server, with_model):
    model_server.behave = stall
    events = list(assistant.stream(QUESTION, settings=with_model()))
    assert any(isinstance(event, StatementEvent) for event in events[:-1])
    assert events[-1].answer.mode is Mode.COMPOSE


def test_whoever_stops_reading_ends_the_request(assistant, model_server, with_model):
    cut = []

    def talk(request):
        request.begin()
        request.say(GOOD + LATER)
        try:
            for _ in range(2400):  # two minutes: on a busy machine the first read may come late
                request.say("more ")
                request.wait(0.05)
        except (BrokenPipeError, ConnectionResetError):
            cut.append(True)

    model_server.behave = talk
    stream = assistant.stream(QUESTION, settings=with_model(seconds=90, stall_seconds=60))
    next(event for event in stream if isinstance(event, StatementEvent))
    stream.close()
    deadline = time.monotonic() + 60
    while not cut and time.monotonic() < deadline:
        time.sleep(0.05)
    assert cut


def test_many_questions_at_once_all_get_their_answers(assistant, model_server, with_model):
    from concurrent.futures import ThreadPoolExecutor

    model_server.writes(GOOD)
    settings = with_model(seconds=20, stall_seconds=20)
    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(lambda _: assistant.ask(QUESTION, settings=settings), range(16)))
    assert {answer.mode for answer in answers} == {Mode.GENERATE}


def test_a_fault_is_told_by_the_status_behind_an_error():
    inner = type("HTTPStatusError", (Exception,), {"response": type("Response", (), {"status_code": 403})()})()
    outer = RuntimeError("wrapped")
    outer.__cause__ = inner
    assert fault_of(outer, begun=False) is Fault.FORBIDDEN
    assert fault_of(TimeoutError(), begun=False) is Fault.TIMEOUT
    assert fault_of(ConnectionResetError(), begun=True) is Fault.BROKEN


def test_every_fault_has_its_line():
    assert all(notice_of(fault) and str(ModelFault(fault)) for fault in Fault)


def test_the_stream_of_a_fallback_ends_with_the_composed_answer(assistant, model_server, with_model):
    model_server.behave = fails(500)
    *_, last = assistant.stream(QUESTION, settings=with_model())
    assert isinstance(last, DoneEvent)
    assert last.answer.statements == assistant.ask(QUESTION).statements
