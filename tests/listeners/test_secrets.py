"""No secret leaves the environment: a real process with every source on, and a look into all that it leaves."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys

import pytest

from data.settings import ROOT
from data.setup import load
from listeners.registry import LISTENERS
from tests.listeners.servers.server import Answer, Server

NAMES = sorted(
    {
        name
        for path in (ROOT / "listeners").rglob("*.py")
        for name in re.findall(r"\b(?:[A-Z][A-Z0-9]+_)+(?:KEY|TOKEN|SECRET|PASSWORD|ID|ACCOUNT)\b", path.read_text())
    }
    | {name for listener in LISTENERS for name in listener.policy.secrets}
    | {f"X_{name}" for name in ("CONSUMER_KEY", "CONSUMER_SECRET", "ACCESS_TOKEN", "ACCESS_TOKEN_SECRET")}
)
SETTINGS = {
    "feeds": ["https://example.com/feed.xml"],
    "pages": ["https://example.com/kettle = Acme"],
    "servers": ["https://social.example"],
    "sites": ["stackoverflow"],
    "names": ["acme-news = Acme"],
    "handle": "@acme",
    "channels": ["UCxxxxxxxxxxxxxxxxxxxxxx = Acme"],
    "location_ids": ["1234567 = Acme"],
}


@pytest.fixture
def proxy():
    """All traffic ends here: nothing leaves this machine, and every request is refused with what it said."""
    server = Server()
    server.answers["*"] = lambda request: Answer({"error": "no", "said": dict(request.headers)}, 403)
    yield server
    server.close()


def written(listener):
    """A source switched on, with everything that it asks for."""
    lines = [f"[sources.{listener.source}]", "on = true", 'approved = "Ada, 24 November 2026"', "dollars_a_month = 5"]
    for setting in listener.policy.settings:
        if setting.needed or setting.name in SETTINGS:
            value = (
                ["r/gadgets"] if listener.source == "reddit_feed" else SETTINGS.get(setting.name, [setting.placeholder])
            )
            lines.append(f"{setting.name} = {json.dumps(value)}")
    return "\n".join(lines)


def test_no_secret_is_written_or_said_whatever_every_source_meets(kept, proxy):
    kept.root.mkdir()
    kept.setup.write_text(
        '[[brand]]\nname = "Acme"\nterms = ["acme"]\n\n' + "\n\n".join(map(written, LISTENERS)), encoding="utf-8"
    )
    assert set(load(kept.setup).sources) == {listener.source for listener in LISTENERS}
    secrets = {name: f"canary-{number}-of-the-test" for number, name in enumerate(NAMES)}
    done = subprocess.run(
        [sys.executable, "-m", "listeners", "--once"],
        cwd=ROOT, capture_output=True, text=True, timeout=500, check=False,
        env=os.environ | secrets | {
            "HEARBACK_DATA": str(kept.root), "HTTP_PROXY": proxy.url, "HTTPS_PROXY": proxy.url, "NO_PROXY": "",
            "http_proxy": proxy.url, "https_proxy": proxy.url, "no_proxy": "",
        },
    )  # fmt: skip
    kept_bytes = b"".join(path.read_bytes() for path in kept.root.rglob("*") if path.is_file())
    left = done.stdout + done.stderr + kept_bytes.decode("utf-8", "replace")
    assert not [name for name, value in secrets.items() if value in left or value.split("-of")[0] + "-" in left]
    runs = [
        json.loads(line)["run"] for path in kept.incoming.glob("*.jsonl") for line in path.open() if '"run"' in line
    ]
    visited = {run["source"] for run in runs}
    assert visited >= {listener.source for listener in LISTENERS} - {"sample"}
    assert not [run for run in runs if "a fault of Hearback's own" in (run.get("error") or "")]
    assert done.returncode == 2
