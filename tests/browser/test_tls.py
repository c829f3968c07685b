"""TLS without a proxy, by the certificate files that Streamlit's own server takes."""

from __future__ import annotations

import http.client
import os
import subprocess
import sys

import pytest
from playwright.sync_api import expect

from data.people import people, rights, sessions
from data.people.rights import Role
from data.settings import ROOT, Places
from tests.browser import certificates
from tests.browser.conftest import CERTIFICATE, CHROMIUM, PASSWORD, PATIENCE, QUIET, App, free_port, set_password

pytestmark = pytest.mark.timeout(900)
HOST = "hearback.test"
KEY = "STREAMLIT_SERVER_SSL_KEY_FILE"


@pytest.fixture
def certificate(tmp_path):
    return certificates.make(tmp_path, HOST)


def test_people_log_in_and_work_over_tls(playwright, tmp_path, certificate):
    served = {CERTIFICATE: str(certificate.chain), KEY: str(certificate.key)}
    app = App(tmp_path / "data", free_port(), HEARBACK_LISTEN="off", HEARBACK_URL=f"https://{HOST}", **served)
    people.add(Places(app.folder), "Lea", Role.LEAD, rights.lead("founder"))
    set_password(Places(app.folder), "Lea")
    app.start()
    browser = playwright.chromium.launch(executable_path=CHROMIUM, args=[*QUIET, *certificate.believed])
    try:
        page = browser.new_page()
        page.set_default_timeout(PATIENCE * 1000)
        lines = []
        page.on("websocket", lambda line: lines.append(line.url))
        page.goto(f"https://{HOST}:{app.port}/")
        page.get_by_label("Name").fill("Lea")
        page.get_by_label("Password").fill(PASSWORD)
        page.get_by_role("button", name="Log in").click()
        expect(page.get_by_role("button", name="Lea")).to_be_visible()
        assert lines == [f"wss://{HOST}:{app.port}/_stcore/stream"]
        [cookie] = [one for one in page.context.cookies() if one["name"] == sessions.COOKIE]
        assert (cookie["secure"], cookie["httpOnly"]) == (True, True)
        asking = http.client.HTTPConnection("127.0.0.1", app.port, timeout=60)
        with pytest.raises((http.client.HTTPException, OSError)):
            asking.request("GET", "/login")
            asking.getresponse()
    finally:
        browser.close()
        app.stop()


def test_a_certificate_without_its_key_serves_nothing(tmp_path, certificate):
    told = {"HEARBACK_DATA": str(tmp_path / "data"), "HEARBACK_LISTEN": "off", CERTIFICATE: str(certificate.chain)}
    done = subprocess.run(
        [sys.executable, "-m", "streamlit", "run", "app.py", "--server.port", str(free_port())], cwd=ROOT,
        env=os.environ | told, capture_output=True, text=True, timeout=500, check=False,
    )  # fmt: skip
    assert done.returncode != 0
    assert "server.sslKeyFile" in done.stdout + done.stderr
