"""An OpenID provider on a loopback port, with keys of its own (RS256): logs in whom a test names, honestly or not."""

from __future__ import annotations

import base64
import http.server
import json
import secrets
import threading
import time
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

import jwt
from cryptography.hazmat.primitives.asymmetric import rsa

CLIENT = "hearback-tests"


class Provider:
    """Serves the endpoints of a provider. `claims`: what it tells of whoever logs in next; `forge`: changes of the
    token's claims; `key`: with which it signs."""

    def __init__(self) -> None:
        self.claims: dict[str, Any] = {"sub": "1", "email": "lea@example.com", "email_verified": True}
        self.forge: dict[str, Any] = {}
        self.key = self._published = rsa.generate_private_key(public_exponent=65537, key_size=2048)
        self._asked: dict[str, str] = {}  # code -> nonce
        self._server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), _handler(self))
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    @property
    def issuer(self) -> str:
        return f"http://127.0.0.1:{self._server.server_port}"

    def stop(self) -> None:
        self._server.shutdown()

    def answer(self, path: str, asked: dict[str, list[str]]) -> tuple[int, dict[str, Any] | str]:
        """The answer to a request: a status and JSON, or where the browser is sent."""
        if path == "/.well-known/openid-configuration":
            return 200, self._described()
        if path == "/jwks":
            return 200, {"keys": [self._public_key()]}
        if path == "/authorize":
            code = secrets.token_hex(8)
            self._asked[code] = asked.get("nonce", [""])[0]
            return 302, f"{asked['redirect_uri'][0]}?{urlencode({'code': code, 'state': asked['state'][0]})}"
        if path == "/token":
            token = self._token(self._asked.pop(asked["code"][0]))
            return 200, {"access_token": "x", "token_type": "Bearer", "expires_in": 3600, "id_token": token}
        return 404, {}

    def _described(self) -> dict[str, Any]:
        return {
            "issuer": self.issuer, "authorization_endpoint": f"{self.issuer}/authorize",
            "token_endpoint": f"{self.issuer}/token", "jwks_uri": f"{self.issuer}/jwks",
            "response_types_supported": ["code"], "subject_types_supported": ["public"],
            "id_token_signing_alg_values_supported": ["RS256"],
        }  # fmt: skip

    def _public_key(self) -> dict[str, str]:
        numbers = self._published.public_key().public_numbers()
        return {
            "kty": "RSA",
            "kid": "1",
            "use": "sig",
            "alg": "RS256",
            "n": _number(numbers.n),
            "e": _number(numbers.e),
        }

    def _token(self, nonce: str) -> str:
        at = int(time.time())
        told = {"iss": self.issuer, "aud": CLIENT, "iat": at, "exp": at + 3600, "nonce": nonce}
        return jwt.encode(told | self.claims | self.forge, self.key, algorithm="RS256", headers={"kid": "1"})


def _number(number: int) -> str:
    content = number.to_bytes((number.bit_length() + 7) // 8, "big")
    return base64.urlsafe_b64encode(content).rstrip(b"=").decode()


def _handler(provider: Provider) -> type[http.server.BaseHTTPRequestHandler]:
    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            parts = urlsplit(self.path)
            self._say(*provider.answer(parts.path, parse_qs(parts.query)))

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers.get("content-length", 0))).decode()
            self._say(*provider.answer(urlsplit(self.path).path, parse_qs(body)))

        def _say(self, status: int, answer: dict[str, Any] | str) -> None:
            self.send_response(status)
            if isinstance(answer, str):
                self.send_header("location", answer)
                self.send_header("content-length", "0")
                self.end_headers()
                return
            content = json.dumps(answer).encode()
            self.send_header("content-type", "application/json")
            self.send_header("content-length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, *_: object) -> None:
            pass

    return Handler
