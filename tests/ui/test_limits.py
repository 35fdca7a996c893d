import asyncio

import pytest

from ui.limits import Guard, Limits, Rate, allowed, host_of
from ui.policy import Policy
from ui.server import guarded


def request(app, path="/", method="GET", headers=(), body=b""):
    """Status, headers and body that an ASGI app answers a request with."""
    sent = []
    scope = {"type": "http", "path": path, "method": method, "headers": list(headers), "client": ("10.0.0.1", 1)}

    async def receive():
        return {"type": "http.request", "body": body}

    async def send(message):
        sent.append(message)

    asyncio.run(app(scope, receive, send))
    whole = b"".join(message.get("body", b"") for message in sent)
    return (sent[0]["status"], dict(sent[0]["headers"]), whole) if sent else (0, {}, b"")


async def page(_scope, receive, send):
    if (await receive())["type"] == "http.disconnect":
        return
    await send({"type": "http.response.start", "status": 200, "headers": [(b"content-type", b"text/html")]})
    await send({"type": "http.response.body", "body": b"<script>1</script>"})


@pytest.mark.parametrize(
    "path",
    [
        "/gradio_api/file=/etc/passwd",
        "/gradio_api/file=../../etc/passwd",
        "/gradio_api/file/etc/passwd",
        "/gradio_api/upload",
        "/gradio_api/proxy=http://192.0.2.1/",
        "/gradio_api/stream/x",
        "/gradio_api/custom_component/a/b/c/d",
        "/static/../../etc/passwd",
        "/assets/..\\..\\etc\\passwd",
        "/gradio_api/call/../file=/etc/passwd",
        "/file=/etc/passwd",
        "/docs",
        "/monitoring",
        "/gradio_api/monitoring",
    ],
)
def test_nothing_but_the_chat_is_reachable(path):
    assert not allowed(path)
    assert request(guarded(page, Limits()), path)[0] == 404


@pytest.mark.parametrize("path", ["/", "/config", "/assets/a.js", "/gradio_api/call/ask", "/gradio_api/mcp/", "/login"])
def test_the_chat_itself_is_reachable(path):
    assert allowed(path)


def test_an_app_around_the_chat_keeps_its_own_paths():
    mine = ("/health", "/chat")
    assert allowed("/health", mine)
    assert allowed("/chat/gradio_api/call/ask", mine)
    assert not allowed("/chat/gradio_api/file=/etc/passwd", mine)
    assert not allowed("/other", mine)


def test_a_long_request_is_refused_with_what_to_do():
    guard = Guard(page, Limits(body=100))
    status, _, body = request(guard, method="POST", headers=[(b"content-length", b"101")])
    assert (status, b"fewer words" in body) == (413, True)
    assert request(guard, method="POST", body=b"x" * 101)[0] == 0  # cut off, never read


def test_too_many_calls_are_told_to_wait_and_pages_are_not_counted():
    guard = Guard(page, Limits(calls=2))
    assert [request(guard, "/gradio_api/call/ask", "POST")[0] for _ in range(3)] == [200, 200, 429]
    assert b"Wait a few seconds" in request(guard, "/gradio_api/call/ask", "POST")[2]
    assert request(guard)[0] == 200


def test_calls_come_back_with_time_and_for_each_address():
    now = [0.0]
    rate = Rate(60, lambda: now[0])
    assert all(rate.admits("a") for _ in range(60))
    assert not rate.admits("a")
    assert rate.admits("b")
    now[0] = 1.0
    assert [rate.admits("a"), rate.admits("a")] == [True, False]


@pytest.mark.parametrize(("host", "status"), [(b"127.0.0.1:7860", 200), (b"localhost", 200), (b"evil.example", 421)])
def test_a_chat_for_this_machine_answers_only_to_its_names(host, status):
    guard = Guard(page, Limits(hosts=("127.0.0.1", "localhost", "::1")))
    assert request(guard, headers=[(b"host", host)])[0] == status


def test_the_name_is_read_from_a_host_header():
    assert [host_of(h) for h in ("a:1", "a", "[::1]:80", "[::1]")] == ["a", "a", "::1", "::1"]


def test_scripts_run_only_with_the_nonce_of_their_page():
    status, headers, body = request(Policy(page))
    policy = headers[b"content-security-policy"].decode()
    nonce = policy.split("'nonce-")[1].split("'")[0]
    assert status == 200
    assert body == f'<script nonce="{nonce}">1</script>'.encode()
    assert "unsafe-eval" not in policy
    assert "'unsafe-inline'" not in policy.split("script-src")[1].split(";")[0]
    assert request(Policy(page))[1][b"content-security-policy"] != headers[b"content-security-policy"]
