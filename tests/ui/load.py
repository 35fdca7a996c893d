"""python tests/ui/load.py [INDEX]: 32 chats at once for a minute against `python -m ui`; prints one line of JSON.

Each chat asks, waits for the whole answer and asks again, with its last turns as history. Times are milliseconds from
the question to the whole answer; memory is the resident set of the server before and after.
"""

import asyncio
import json
import os
import random
import subprocess
import sys
import time
from pathlib import Path

import httpx

CHATS, SECONDS, PORT = 32, 60, 7967
QUESTIONS = (
    "Does ocrelizumab slow primary progressive MS?",
    "What are the side effects of siponimod?",
    "How is PML monitored with natalizumab?",
    "What can help with fatigue?",
    "Compare siponimod and tolebrutinib in SPMS",
    "What is the cost of zorbamab?",
    "Should I stop taking Ocrevus?",
    "Is simvastatin of use in secondary progressive MS?",
)


def megabytes(pid: int) -> int:
    """Resident memory of a process."""
    line = next(line for line in Path(f"/proc/{pid}/status").read_text().splitlines() if line.startswith("VmRSS"))
    return int(line.split()[1]) // 1024


async def ask(client: httpx.AsyncClient, question: str, history: list[list[str]]) -> str:
    """One question as the page asks it; gives the answer's text."""
    joined = await client.post("page_ask", json={"data": [question, history, {}]})
    joined.raise_for_status()
    shown = (await client.get(f"page_ask/{joined.json()['event_id']}")).text
    last = shown.strip().rsplit("\n\n", 1)[-1]
    assert last.startswith("event: complete"), last[:200]
    return str(json.loads(last.split("data: ", 1)[1])[0]["text"])


async def chat(client: httpx.AsyncClient, until: float, seed: int, times: list[float]) -> list[str]:
    """Ask until the time is up; gives the errors."""
    choose, history, errors = random.Random(seed), [], []
    while time.monotonic() < until:
        question, started = choose.choice(QUESTIONS), time.monotonic()
        try:
            history.append([question, await ask(client, question, history[-6:])])
            times.append(1000 * (time.monotonic() - started))
        except (httpx.HTTPError, AssertionError) as error:
            errors.append(repr(error))
    return errors


async def measure(pid: int) -> dict[str, object]:
    """Wait for the server, warm it up with each question, then let all chats run."""
    address = f"http://127.0.0.1:{PORT}"
    async with httpx.AsyncClient(base_url=f"{address}/gradio_api/call/", timeout=120) as client:
        while True:
            try:
                if (await client.get(f"{address}/ready.json")).json()["ready"]:
                    break
            except httpx.HTTPError:
                pass
            await asyncio.sleep(0.3)
        for question in QUESTIONS:
            await ask(client, question, [])
        before, until, times = megabytes(pid), time.monotonic() + SECONDS, []
        found = await asyncio.gather(*(chat(client, until, seed, times) for seed in range(CHATS)))
        errors, times = [error for errors in found for error in errors], sorted(times)
        return {
            "chats": CHATS,
            "seconds": SECONDS,
            "answers": len(times),
            "errors": len(errors),
            "first_error": errors[:1],
            "p50_ms": round(times[len(times) // 2]),
            "p95_ms": round(times[int(len(times) * 0.95)]),
            "memory_before_mb": before,
            "memory_after_mb": megabytes(pid),
            "cpus": os.cpu_count(),
            "load_1min": round(os.getloadavg()[0], 1),
        }


if __name__ == "__main__":
    options = ["--index", sys.argv[1]] if len(sys.argv) > 1 else []
    command = [sys.executable, "-m", "ui", "--port", str(PORT), "--rate", "0", *options]
    with subprocess.Popen(command, stdout=subprocess.DEVNULL) as server:
        try:
            print(json.dumps(asyncio.run(measure(server.pid))))
        finally:
            server.terminate()
