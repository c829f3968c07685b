"""What is pushed to a running app reaches its queue; no browser is needed."""

from __future__ import annotations

import json
import socket
import time

import pytest
import requests

from listeners.webhook_door import LARGEST, secret_name, sign
from tests.browser.conftest import App, until

KEY = "a-secret-of-this-test"


@pytest.fixture
def listening(tmp_path, monkeypatch):
    monkeypatch.setenv(secret_name("acme-news"), KEY)
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    running = App(tmp_path / "data", port)
    running.folder.mkdir()
    (running.folder / "setup.toml").write_text(
        '[[brand]]\nname = "Acme"\nterms = ["acme"]\n\n[sources.webhook]\nnames = ["acme-news"]\n'
        "[sources.hackernews]\non = false\n"
    )
    running.start()
    yield running
    running.stop()


def push(app, rows, key=KEY, message_id="msg_1"):
    content = rows if isinstance(rows, bytes) else json.dumps(rows).encode()
    seconds = int(time.time())
    headers = {
        "webhook-id": message_id,
        "webhook-timestamp": str(seconds),
        "webhook-signature": sign(key, message_id, seconds, content),
    }
    answer = requests.post(f"{app.address}/ingest/acme-news", data=content, headers=headers, timeout=90)
    return answer.status_code, answer.json()["said"]


def test_a_signed_push_is_in_the_queue_within_seconds_and_others_are_refused(listening):
    row = {"id": "1", "text": "acme, where is my refund?", "created_at": time.time() - 3600, "author": "Person 1"}
    assert push(listening, [row], key="another-secret-altogether") == (
        401,
        "The signature is not that of this request.",
    )
    assert push(listening, b" " * (LARGEST + 1), message_id="msg_0")[0] == 413
    assert push(listening, [row]) == (202, "Taken in.")
    assert push(listening, [row]) == (202, "Taken in before.")
    until(lambda: listening.figure("open") == 1, "the pushed mention is in the queue")
    assert listening.figure("mentions") == 1
