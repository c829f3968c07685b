"""A client that falls silent, or drips, before its request is whole is cut off; one that waits for us is not."""

from __future__ import annotations

import asyncio
import socket
import threading
import time

import pytest
import uvicorn
from starlette.applications import Starlette
from starlette.requests import ClientDisconnect, Request
from starlette.responses import PlainTextResponse
from starlette.routing import Route, WebSocketRoute
from starlette.websockets import WebSocket

from dashboard.http import slow_clients

PATIENCE = 30.0  # seconds; only a test that fails waits so long
HEAD = b"POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 10\r\n\r\n"


@pytest.fixture
def server(monkeypatch):
    """A server with short limits. `answer`: set it to have the routes answer; `broken`: bodies that broke off."""
    monkeypatch.setattr(slow_clients, "SILENCE", 2.0)
    monkeypatch.setattr(slow_clients, "WHOLE_HEAD", 4.0)
    monkeypatch.setattr(slow_clients, "LOOK_EVERY", 0.05)
    slow_clients.watch()
    answer, broken = threading.Event(), []

    async def take(request: Request) -> PlainTextResponse:
        try:
            body = await request.body()
        except ClientDisconnect:
            broken.append(request)
            raise
        await asyncio.to_thread(answer.wait, PATIENCE)
        return PlainTextResponse(f"{len(body)} bytes" + "x" * int(request.query_params.get("more", 0)))

    async def echo(socket: WebSocket) -> None:
        await socket.accept()
        await socket.send_text(await socket.receive_text())

    app = Starlette(routes=[Route("/", take, methods=["GET", "POST"]), WebSocketRoute("/echo", echo)])
    listening = socket.create_server(("127.0.0.1", 0))
    running = uvicorn.Server(uvicorn.Config(app, log_level="critical", timeout_keep_alive=60))

    async def serve() -> None:
        cutting = asyncio.create_task(slow_clients.cut_off())
        await running.serve([listening])
        cutting.cancel()

    thread = threading.Thread(target=lambda: asyncio.run(serve()), daemon=True)
    thread.start()
    yield type("Served", (), {"port": listening.getsockname()[1], "answer": answer, "broken": broken})
    answer.set()
    running.should_exit = True
    thread.join(PATIENCE)


def connect(server) -> socket.socket:
    return socket.create_connection(("127.0.0.1", server.port), timeout=PATIENCE)


def is_cut(line: socket.socket) -> bool:
    """Whether the other side closes the line; waits for it."""
    try:
        return line.recv(1000) == b""
    except ConnectionResetError:
        return True


@pytest.mark.parametrize("sent", [b"", b"GET / HTTP/1.1\r\n", HEAD, HEAD + b"12345"])
def test_who_falls_silent_before_the_request_is_whole_is_cut_off(server, sent):
    with connect(server) as line:
        line.sendall(sent)
        assert is_cut(line)


def test_a_body_that_breaks_off_reaches_no_route(server):
    with connect(server) as line:
        line.sendall(HEAD + b"12345")
        assert is_cut(line)
    ends = time.monotonic() + PATIENCE
    while not server.broken and time.monotonic() < ends:
        threading.Event().wait(0.02)
    assert server.broken


def test_a_head_that_drips_is_cut_off(server):
    with connect(server) as line:
        line.sendall(b"GET / HTTP/1.1\r\n")
        ends, pause = time.monotonic() + PATIENCE, threading.Event()
        with pytest.raises(OSError):
            while time.monotonic() < ends:
                line.sendall(b"X-Drip: 1\r\n")
                pause.wait(0.1)


def test_who_sends_slowly_but_steadily_is_heard_to_the_end(server):
    server.answer.set()
    with connect(server) as line:
        line.sendall(HEAD)
        for _ in range(10):  # three seconds in all, each pause well under the limit
            threading.Event().wait(0.3)
            line.sendall(b"1")
        assert b"200 OK" in line.recv(1000)


def test_who_waits_for_our_answer_is_not_cut_off(server):
    with connect(server) as line:
        line.sendall(b"GET / HTTP/1.1\r\nHost: localhost\r\n\r\n")
        threading.Event().wait(4)  # twice the limit
        server.answer.set()
        assert b"200 OK" in line.recv(1000)


def test_who_does_not_read_our_answer_is_cut_off(server):
    server.answer.set()
    with connect(server) as line:
        line.sendall(b"GET /?more=50000000 HTTP/1.1\r\nHost: localhost\r\n\r\n")
        threading.Event().wait(6)  # three times the limit
        read = 0
        with pytest.raises(OSError):
            while piece := line.recv(1_000_000):
                read += len(piece)
            raise OSError(f"closed after {read}")
        assert read < 50_000_000


def test_a_websocket_that_is_silent_stays(server):
    from websockets.sync.client import connect as open_websocket

    with open_websocket(f"ws://127.0.0.1:{server.port}/echo") as line:
        threading.Event().wait(4)  # twice the limit
        line.send("still here")
        assert line.recv(timeout=PATIENCE) == "still here"
