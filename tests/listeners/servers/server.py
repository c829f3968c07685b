"""A small HTTP server on loopback, written for these tests: it answers as it was told and remembers what was asked."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qsl, urlsplit

PATIENCE = 10.0  # seconds after which a hanging answer gives up, in case a test forgot it


@dataclass(frozen=True)
class Request:
    """What was asked."""

    method: str
    path: str
    query: dict[str, str]
    headers: dict[str, str]
    body: str
    pairs: tuple[tuple[str, str], ...] = ()  # the query as it stood: a name may come more than once


@dataclass(frozen=True)
class Answer:
    """What to say. `manner`: "whole", "cut" (half the body, then the line goes dead), "hang" (no word at all),
    "drip" (the body byte by byte, for ever), "drip-headers" (headers byte by byte, for ever)."""

    body: bytes | str | dict | list = b""
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    manner: str = "whole"

    @property
    def bytes(self) -> bytes:
        if isinstance(self.body, dict | list):
            return json.dumps(self.body).encode()
        return self.body.encode() if isinstance(self.body, str) else self.body


Handler = Callable[[Request], Answer]


class _Quiet(ThreadingHTTPServer):
    def handle_error(self, *_: object) -> None:
        pass  # a client that hangs up on us is what many tests are about


class Server:
    """Listens on a free port. `answers[path]` is an Answer, a list of them taken in turn (the last one stays), or a
    function of the request; "*" is for every other path."""

    def __init__(self) -> None:
        self.answers: dict[str, Answer | list[Answer] | Handler] = {}
        self.requests: list[Request] = []
        self.closing = threading.Event()
        self._http = _Quiet(("127.0.0.1", 0), self._handler())
        self._http.daemon_threads = True
        self._http.block_on_close = False
        threading.Thread(target=self._http.serve_forever, args=(0.005,), daemon=True).start()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._http.server_address[1]}"

    def asked(self, path: str) -> list[Request]:
        return [request for request in self.requests if request.path == path]

    def close(self) -> None:
        self.closing.set()
        self._http.shutdown()
        self._http.server_close()

    def answer(self, request: Request) -> Answer:
        self.requests.append(request)
        told = self.answers.get(request.path, self.answers.get("*", Answer("nothing here", 404)))
        if isinstance(told, list):
            told = told.pop(0) if len(told) > 1 else told[0]
        return told if isinstance(told, Answer) else told(request)

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        server = self

        class _Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"
            disable_nagle_algorithm = True  # head and body go in two pieces; the second must not wait

            def send_response(self, code: int, message: str | None = None) -> None:
                self.send_response_only(code, message)  # no Date of our own: the tests state theirs

            def do_GET(self) -> None:
                length = int(self.headers.get("content-length") or 0)
                parts = urlsplit(self.path)
                headers = {name.lower(): said for name, said in self.headers.items()}
                pairs = tuple(parse_qsl(parts.query, keep_blank_values=True))
                body = self.rfile.read(length).decode()
                told = server.answer(Request(self.command, parts.path, dict(pairs), headers, body, pairs))
                _Speaker(self, server.closing).say(told)

            do_POST = do_PUT = do_DELETE = do_PATCH = do_GET

            def log_message(self, *_: object) -> None:
                pass

        return _Handler


@dataclass
class _Speaker:
    handler: BaseHTTPRequestHandler
    closing: threading.Event

    def say(self, told: Answer) -> None:
        try:
            getattr(self, "_" + told.manner.replace("-", "_"))(told)
        except OSError:
            self.handler.close_connection = True  # the client left, as it should

    def _head(self, told: Answer) -> None:
        self.handler.send_response(told.status)
        for name, said in told.headers.items():
            self.handler.send_header(name, said)
        self.handler.send_header("Content-Length", str(len(told.bytes)))
        if self.handler.close_connection:
            self.handler.send_header("Connection", "close")
        self.handler.end_headers()

    def _whole(self, told: Answer) -> None:
        self._head(told)
        self.handler.wfile.write(told.bytes)

    def _cut(self, told: Answer) -> None:
        self._head(told)
        self.handler.wfile.write(told.bytes[: len(told.bytes) // 2])
        self.handler.close_connection = True

    def _hang(self, _: Answer) -> None:
        self.closing.wait(PATIENCE)
        self.handler.close_connection = True

    def _drip(self, told: Answer) -> None:
        self.handler.send_response(told.status)
        self.handler.send_header("Content-Length", "1000000")
        self.handler.end_headers()
        self._trickle(b" ")

    def _drip_headers(self, _: Answer) -> None:
        self.handler.wfile.write(b"HTTP/1.1 200 OK\r\nX-Slow: ")
        self._trickle(b"x")

    def _trickle(self, piece: bytes) -> None:
        for _ in range(int(PATIENCE / 0.02)):
            if self.closing.wait(0.02):
                break
            self.handler.wfile.write(piece)
        self.handler.close_connection = True
