"""What is pushed to a running app reaches its queue; no browser is needed."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
import time
from pathlib import Path

import pytest
import requests

from dashboard.http.ingest import MOST_OPEN
from listeners.sources.webhook_endpoint import LARGEST, secret_name, sign
from tests.browser.conftest import ROOT, App, free_port, until

pytestmark = pytest.mark.timeout(1800)
KEY = "a-secret-of-this-test"


@pytest.fixture
def listening(tmp_path, monkeypatch):
    monkeypatch.setenv(secret_name("acme-news"), KEY)
    running = App(tmp_path / "data", free_port())
    running.folder.mkdir()
    (running.folder / "setup.toml").write_text(
        '[[brand]]\nname = "Acme"\nterms = ["acme"]\n\n[sources.webhook]\nnames = ["acme-news"]\n'
        "[sources.hackernews]\non = false\n"
    )
    running.start()
    yield running
    running.stop()


def erase(app, *words):
    done = subprocess.run(
        [sys.executable, "-m", "data", "erase", *words], cwd=ROOT, env=os.environ | {"HEARBACK_DATA": str(app.folder)},
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    return done.stdout


def lying(app, word):
    """The files beside the store in which a word stands. Whole folders may go while we look."""
    files = [Path(folder) / name for folder, _, names in os.walk(app.folder) for name in names]
    beside = [path for path in files if not path.name.startswith("hearback.duckdb")]
    return [str(path) for path in beside if word in _content(path)]


def _content(path):
    try:
        return path.read_bytes()
    except FileNotFoundError:  # taken in meanwhile
        return b""


def push(app, rows, key=KEY, message_id="msg_1"):
    content = rows if isinstance(rows, bytes) else json.dumps(rows).encode()
    seconds = int(time.time())
    headers = {
        "webhook-id": message_id,
        "webhook-timestamp": str(seconds),
        "webhook-signature": sign(key, message_id, seconds, content),
    }
    answer = requests.post(f"{app.address}/ingest/acme-news", data=content, headers=headers, timeout=500)
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


def test_what_was_erased_and_is_pushed_again_lies_nowhere_while_the_rest_comes_in(listening):
    hers = {"id": "1", "text": "acme, a xylothermic disgrace", "created_at": time.time() - 3600, "author": "Person 1"}
    other = {"id": "2", "text": "acme, where is my refund?", "created_at": time.time() - 3600, "author": "Person 2"}
    push(listening, [hers])
    until(lambda: listening.figure("mentions") == 1, "it came in")
    until(lambda: "1 mention" in erase(listening, "--author", "Person 1", "--count"), "the published copy knows of it")
    assert "erases it within seconds: 1 mention" in erase(listening, "--author", "Person 1")
    until(lambda: not lying(listening, b"xylothermic"), "it is out of every file")
    assert listening.figure("mentions") == 0
    assert push(listening, [hers, other], message_id="msg_2") == (202, "Taken in.")
    assert lying(listening, b"xylothermic") == []
    until(lambda: listening.figure("mentions") == 1, "the other came in")
    assert lying(listening, b"xylothermic") == []


def test_silent_senders_are_cut_off_and_stop_nobody_else(listening):
    """More of them than bodies may be open; each declares a body and never sends it."""
    stamp = str(int(time.time()))
    head = (
        f"POST /ingest/acme-news HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 50\r\n"
        f"webhook-id: silent\r\nwebhook-timestamp: {stamp}\r\nwebhook-signature: v1,x\r\n\r\n[".encode()
    )
    lines = [socket.create_connection(("127.0.0.1", listening.port), timeout=500) for _ in range(2 * MOST_OPEN)]
    lines.append(socket.create_connection(("127.0.0.1", listening.port), timeout=500))  # sends nothing at all
    for line in lines[:-1]:
        line.sendall(head)
    row = {"id": "1", "text": "acme, where is my refund?", "created_at": time.time() - 3600}
    until(lambda: push(listening, [row])[0] == 202, "a push is taken in beside the silent ones")
    for line in lines:
        with line:
            told = _all_of(line)
        assert told == b"" or b" 503 " in told.splitlines()[0]
    assert listening.log.read_text().count(" ERROR ") == 0


def _all_of(line):
    """What comes until the other side closes."""
    told = b""
    try:
        while piece := line.recv(4096):
            told += piece
    except ConnectionResetError:
        pass
    return told


def test_bodies_that_nobody_takes_in_are_counted(tmp_path, monkeypatch):
    monkeypatch.setenv(secret_name("acme-news"), KEY)
    running = App(tmp_path / "data", free_port(), HEARBACK_LISTEN="off")
    running.folder.mkdir()
    (running.folder / "setup.toml").write_text('[[brand]]\nname = "Acme"\n[sources.webhook]\nnames = ["acme-news"]\n')
    running.start()
    try:
        for number in range(3):
            assert push(running, [{"id": str(number), "text": "acme"}], message_id=f"msg_{number}")[0] == 202
        assert running.figure("intake") == 3
    finally:
        running.stop()
