"""Behind a real nginx and a real Caddy with the documented settings: pages, websockets, uploads, and who is refused."""

from __future__ import annotations

import getpass
import http.client
import json
import os
import re
import shutil
import socket
import ssl
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from data.models import Found, Mention
from data.people import links, people, rights, sessions
from data.people.rights import Role
from data.settings import Places
from data.spool.batches import drop
from tests.browser import certificates
from tests.browser.certificates import Certificate
from tests.browser.conftest import CHROMIUM, PATIENCE, QUIET, ROOT, App, free_port, set_password, until

pytestmark = pytest.mark.timeout(900)

HOST = "hearback.test"
TOKEN = "t0ken-t0ken-t0ken-t0ken"
SERVING = ROOT / "docs/serving"
MIB = 2**20
MAIN = """
{user}
daemon off;
pid {folder}/nginx.pid;
error_log {folder}/error.log;
events {{}}
http {{
    client_body_temp_path {folder}/body;
    proxy_temp_path {folder}/proxy;
    fastcgi_temp_path {folder}/fastcgi;
    uwsgi_temp_path {folder}/uwsgi;
    scgi_temp_path {folder}/scgi;
    include {folder}/site.conf;
}}
"""  # what stands around a site in /etc/nginx/nginx.conf


@dataclass(frozen=True)
class Proxy:
    """A proxy with TLS on `port` in front of `app`. `plain`: its port without TLS. `log`: the requests that it saw."""

    name: str
    app: App
    port: int
    plain: int
    certificate: Certificate
    log: Path

    @property
    def address(self) -> str:
        return f"https://{HOST}:{self.port}"

    @property
    def cookie(self) -> str:
        """The content of the cookie of a session of the lead's."""
        places = Places(self.app.folder)
        return sessions.cookie_for(places, people.known(places).leads[0], datetime.now(UTC))

    def ask(self, path: str, method: str = "GET", **headers: str) -> tuple[int, bytes, str]:
        """The status, the body, and where it leads, of a request under HOST."""
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        context = ssl.create_default_context(cafile=str(self.certificate.chain))
        raw = socket.create_connection(("127.0.0.1", self.port), timeout=PATIENCE)
        with context.wrap_socket(raw, server_hostname=HOST) as line:
            return _asked(line, self.port, method, path, named)

    def ask_plainly(self, path: str) -> tuple[int, bytes, str]:
        """The same without TLS."""
        with socket.create_connection(("127.0.0.1", self.plain), timeout=PATIENCE) as line:
            return _asked(line, self.plain, "GET", path, {})


def _asked(line: socket.socket, port: int, method: str, path: str, headers: dict[str, str]) -> tuple[int, bytes, str]:
    asking = http.client.HTTPConnection(HOST, port)
    asking.sock = line
    asking.request(method, path, headers=headers)
    answer = asking.getresponse()
    return answer.status, answer.read(), answer.headers.get("location", "")


def known_as(host: str) -> dict[str, str]:
    """The environment in which the app answers under a host name."""
    return {"HEARBACK_URL": f"https://{host}"}


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Certificate:
    return certificates.make(tmp_path_factory.mktemp("certificate"), HOST)


@pytest.fixture(scope="module")
def app(tmp_path_factory: pytest.TempPathFactory) -> Iterator[App]:
    """An app with a brand and three mentions, without listeners."""
    environment = {"HEARBACK_LISTEN": "off", "HEARBACK_HEALTH_TOKEN": TOKEN, **known_as(HOST)}
    running = App(tmp_path_factory.mktemp("served") / "data", free_port(), **environment)
    running.folder.mkdir()
    people.add(Places(running.folder), "Lea", Role.LEAD, rights.lead("founder"))
    set_password(Places(running.folder), "Lea")
    (running.folder / "setup.toml").write_text('[[brand]]\nname = "Acme"\nterms = ["acme"]\n')
    running.start()
    now = datetime.now(UTC)
    said = {"text": "Acme kettle leaks", "author": "Person 1"}
    found = [
        Found(Mention(f"x:{n}", "x", "post", published_at=now - timedelta(hours=n + 1), **said), ("Acme",))
        for n in range(3)
    ]
    drop(running.folder / "incoming", "x", now, found=found)
    until(lambda: running.figure("mentions") == 3 and not running.figure("unscored"), "the mentions are scored")
    yield running
    running.stop()


@pytest.fixture(scope="module", params=["nginx", "caddy"])
def proxy(
    request: pytest.FixtureRequest, app: App, certificate: Certificate, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Proxy]:
    program = shutil.which(request.param)
    if program is None:
        pytest.skip(f"needs {request.param}: apt-get install {'nginx-light' if request.param == 'nginx' else 'caddy'}")
    folder = tmp_path_factory.mktemp(request.param)
    made = Proxy(request.param, app, free_port(), free_port(), certificate, folder / "access.log")
    command = (_nginx if request.param == "nginx" else _caddy)(made, folder)
    environment = os.environ | {"XDG_DATA_HOME": str(folder), "XDG_CONFIG_HOME": str(folder), "HOME": str(folder)}
    with (folder / "said.txt").open("wb") as said:
        process = subprocess.Popen([program, *command], cwd=folder, env=environment, stdout=said, stderr=said)
    try:
        until(lambda: process.poll() is not None or _listens(made.port), f"{request.param} listens")
        assert process.poll() is None, (folder / "said.txt").read_text()
        yield made
    finally:
        process.terminate()
        process.wait(30)


def _listens(port: int) -> bool:
    try:
        with socket.create_connection(("127.0.0.1", port), timeout=5):
            return True
    except OSError:
        return False


def _replaced(text: str, replacements: dict[str, str]) -> str:
    """A text in which each of these stood, and was replaced."""
    for old, new in replacements.items():
        assert old in text, old
        text = text.replace(old, new)
    return text


def _nginx(proxy: Proxy, folder: Path) -> list[str]:
    """The documented site with other ports, another name and other paths, in a folder of its own."""
    site = _replaced(
        (SERVING / "nginx.conf").read_text(encoding="utf-8"),
        {
            "listen 80;": f"listen 127.0.0.1:{proxy.plain};",
            "listen 443 ssl;": f"listen 127.0.0.1:{proxy.port} ssl;",
            "listen [::]:80;": "",
            "listen [::]:443 ssl;": "",
            "/etc/letsencrypt/live/hearback.example.com/fullchain.pem": str(proxy.certificate.chain),
            "/etc/letsencrypt/live/hearback.example.com/privkey.pem": str(proxy.certificate.key),
            "hearback.example.com": HOST,
            "/var/log/nginx/hearback.log": str(proxy.log),
            "127.0.0.1:8501": f"127.0.0.1:{proxy.app.port}",
        },
    )
    user = f"user {getpass.getuser()};" if os.geteuid() == 0 else ""
    (folder / "site.conf").write_text(site)
    (folder / "nginx.conf").write_text(MAIN.format(folder=folder, user=user))
    return ["-p", str(folder), "-e", str(folder / "error.log"), "-c", str(folder / "nginx.conf")]


def _caddy(proxy: Proxy, folder: Path) -> list[str]:
    """The documented site with another port and name, and a certificate of ours in place of one that Caddy gets."""
    tls = f"tls {proxy.certificate.chain} {proxy.certificate.key}"
    log = f"log {{\n\t\toutput file {proxy.log}\n\t}}"
    site = _replaced(
        (SERVING / "Caddyfile").read_text(encoding="utf-8"),
        {
            "\nhearback.example.com {": f"\n{proxy.address} {{\n\t{tls}\n\t{log}",
            "127.0.0.1:8501": f"127.0.0.1:{proxy.app.port}",
        },
    )
    options = f"{{\n\tadmin off\n\thttp_port {proxy.plain}\n\tauto_https disable_redirects\n}}\n"
    (folder / "Caddyfile").write_text(options + site)
    return ["run", "--config", str(folder / "Caddyfile"), "--adapter", "caddyfile"]


@pytest.fixture
def page(playwright, proxy: Proxy) -> Iterator[Page]:
    """A page of a browser that finds HOST on this machine, and believes this one certificate."""
    browser = playwright.chromium.launch(executable_path=CHROMIUM, args=[*QUIET, *proxy.certificate.believed])
    opened = browser.new_page()
    opened.context.add_cookies([{"name": sessions.COOKIE, "value": proxy.cookie, "url": proxy.address}])
    opened.set_default_timeout(PATIENCE * 1000)
    yield opened
    browser.close()


def test_the_queue_is_drawn_and_worked_over_tls(proxy, page):
    lines: list[str] = []
    page.on("websocket", lambda line: lines.append(line.url))
    page.goto(f"{proxy.address}/?status=open")
    expect(page.locator("[role=option]")).to_have_count(3)
    page.keyboard.press("j")
    expect(page.locator("[role=option][aria-selected=true]")).to_have_count(1)
    assert lines == [f"wss://{HOST}:{proxy.port}/_stcore/stream"]


def test_a_file_of_three_megabytes_is_uploaded(proxy, page, tmp_path):
    """More than the one that nginx takes of itself."""
    file, row = tmp_path / "reviews.csv", f"Acme {'x' * 190},2026-01-05T10:00:00Z,Person 1\n"
    file.write_text("text,published_at,author\n" + row * (3 * MIB // len(row)))
    page.goto(f"{proxy.address}/setup?part=Import")
    page.locator("input[type=file]").set_input_files(file)
    expect(page.get_by_text("The first rows, as they will be")).to_be_visible()


def test_what_is_larger_than_an_upload_may_be_is_refused_at_once(proxy):
    if proxy.name == "caddy":
        pytest.skip("Caddy counts a body as it reads it, and refuses none by its head")
    limit = int(re.search(r"^maxUploadSize = (\d+)", (ROOT / ".streamlit/config.toml").read_text(), re.M)[1])
    status, _, _ = proxy.ask("/_stcore/upload_file/a/b", "PUT", Content_Length=str((limit + 2) * MIB))
    assert status == 413


def test_a_foreign_host_is_refused(proxy):
    status, told, _ = proxy.ask("/", Host="evil.example")
    if proxy.name == "nginx":
        assert status == 421
    assert b"streamlit" not in told.lower()  # Caddy answers with nothing where no site of it has the name
    assert proxy.ask("/")[0] == 401
    assert proxy.ask("/", Cookie=f"{sessions.COOKIE}={proxy.cookie}")[0] == 200


def test_a_page_of_another_origin_is_refused(proxy):
    assert proxy.ask("/healthz", Origin="https://evil.example")[0] == 403
    assert proxy.ask("/healthz", Origin=proxy.address)[0] == 200


@pytest.mark.parametrize("claimed", [{}, {"X_Forwarded_For": "127.0.0.1"}, {"Forwarded": "for=127.0.0.1"}])
def test_healthz_tells_no_figures_through_the_proxy(proxy, claimed):
    status, told, _ = proxy.ask("/healthz", **claimed)
    assert (status, json.loads(told)) == (200, {"status": "ok"})


def test_healthz_tells_them_to_who_has_the_token_and_on_the_machine(proxy):
    status, told, _ = proxy.ask("/healthz", Authorization=f"Bearer {TOKEN}")
    assert status == 200
    assert json.loads(told)["figures"]["mentions"] == 3
    assert proxy.app.figure("mentions") == 3


def test_plain_http_leads_to_tls(proxy):
    if proxy.name == "caddy":
        pytest.skip("Caddy leads there of itself; with a certificate of ours on another port it does not")
    status, _, place = proxy.ask_plainly("/setup?part=Import")
    assert (status, place) == (301, f"https://{HOST}/setup?part=Import")


def test_the_log_of_nginx_keeps_no_secrets_of_links(proxy):
    if proxy.name == "caddy":
        pytest.skip("Caddy writes no log of requests unless it is told to")
    status, _, _ = proxy.ask(f"{links.PATH}s3cret")
    assert status == 410
    until(lambda: '"GET /login/link" 410' in proxy.log.read_text(), "the request is logged")
    assert "s3cret" not in proxy.log.read_text()
