"""Only the app's own page reads the queue and works it; and that page works under its content security policy."""

from __future__ import annotations

import asyncio
import csv
import http.server
import io
import json
import resource
import socket
import threading
import time
import urllib.request
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import requests
import websockets
from playwright.sync_api import expect

from data.models import Found, Mention, Rejected
from data.people import people, rights, sessions
from data.people.rights import Role
from data.settings import Places
from data.spool.batches import drop
from tests.browser.conftest import CHROMIUM, PATIENCE, QUIET, App, free_port, set_password, until

pytestmark = pytest.mark.timeout(1800)
PAGES = {
    "light": ("", "trends", "judgement", "judgement?part=Teach", "judgement?part=Blind+check", "sources",
              "setup?part=Brands", "setup?part=Sources", "setup?part=Import", "setup?part=Erase"),
    "dark": ("", "trends"),  # those that draw by the colour scheme: the list and the charts
}  # fmt: skip
VIOLATIONS = """document.addEventListener('securitypolicyviolation', (e) =>
    console.error(`VIOLATION ${e.violatedDirective}: ${e.blockedURI} in ${e.sourceFile}`))"""
URLS = ("http://[::1", "http://[x]y]/", "https://example.com/fine", "javascript:alert(1)", "https://example.com:port/")


def mention(number: int, source: str = "x", **more: object) -> Found:
    said = {"text": f"Acme kettle number {number} leaks", "author": "Person 1", "published_at": _then(number)} | more
    return Found(Mention(f"{source}:{number}", source, "post", **said), ("Acme",))


def _then(number: int) -> datetime:
    return datetime.now(UTC) - timedelta(hours=number + 1)


@pytest.fixture(scope="module")
def app(tmp_path_factory):
    """One app for all of these tests, with a brand and three mentions of X, and without listeners."""
    running = App(tmp_path_factory.mktemp("own_page") / "data", free_port(), HEARBACK_LISTEN="off")
    running.folder.mkdir()
    (running.folder / "setup.toml").write_text('[[brand]]\nname = "Acme"\nterms = ["acme"]\n')
    running.start()
    fill(running, *map(mention, range(3)))
    yield running
    running.stop()


def fill(app: App, *found: Found, **more: object) -> None:
    there = app.figure("mentions") + len(found)
    drop(app.folder / "incoming", "x", datetime.now(UTC), found=found, **more)
    until(lambda: app.figure("mentions") == there and not app.figure("unscored"), "the mentions are scored")


@pytest.fixture
def foreign(playwright):
    """A browser to which evil.example is 127.0.0.1."""
    rebound = [*QUIET, "--host-resolver-rules=MAP evil.example 127.0.0.1"]
    opened = playwright.chromium.launch(executable_path=CHROMIUM, args=rebound)
    yield opened
    opened.close()


@pytest.fixture
def elsewhere():
    """Serve a page on another port; the fixture takes its HTML and returns the port."""
    servers = []

    def serve(content: str) -> int:
        class Page(http.server.BaseHTTPRequestHandler):
            def do_GET(self):
                self.send_response(200)
                self.send_header("content-type", "text/html")
                self.end_headers()
                self.wfile.write(content.encode())

            def log_message(self, *_):
                pass

        server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Page)
        threading.Thread(target=server.serve_forever, daemon=True).start()
        servers.append(server)
        return server.server_port

    yield serve
    for server in servers:
        server.shutdown()


def test_a_name_that_was_rebound_to_us_shows_and_writes_nothing(app, foreign):
    page = foreign.new_page()
    answered = page.goto(f"http://evil.example:{app.port}/")
    assert answered.status == 421
    assert "host name" in page.inner_text("body")
    assert "mentions" not in page.evaluate("fetch('/healthz').then((answer) => answer.text())")
    opened = page.evaluate(
        """(port) => new Promise((done) => {
            const line = new WebSocket(`ws://evil.example:${port}/_stcore/stream`, ["streamlit"]);
            line.onopen = () => done(true);
            line.onerror = () => done(false);
        })""",
        app.port,
    )
    assert opened is False


@pytest.mark.parametrize("path", ["/", "/healthz", "/_stcore/health", "/_stcore/host-config", "/ingest/acme"])
def test_every_route_checks_the_host_name(app, path):
    ask = requests.post if path.startswith("/ingest") else requests.get
    assert ask(f"{app.address}{path}", headers={"Host": "evil.example"}, timeout=500).status_code == 421
    assert ask(f"{app.address}{path}", headers={"Origin": "http://127.0.0.1:9999"}, timeout=500).status_code == 403
    assert ask(f"{app.address}{path}", timeout=500).status_code not in (421, 403)


def run_apart(work):
    """Run a coroutine in a thread of its own: Playwright keeps a loop running in this one."""
    with ThreadPoolExecutor(1) as pool:
        return pool.submit(asyncio.run, work).result()


def test_a_name_that_people_set_is_answered(tmp_path):
    running = App(
        tmp_path / "data", free_port(), STREAMLIT_SERVER_ALLOWED_HOSTS="hearback.example.com", HEARBACK_LISTEN="off"
    )
    cookie = add_lead(running)  # else that name is refused
    running.start()
    try:
        told = {"Host": "hearback.example.com"}
        assert requests.get(f"{running.address}/healthz", headers=told, timeout=500).status_code == 200
        host, own = "hearback.example.com", f"http://127.0.0.1:{running.port}"
        assert run_apart(shakes_hands(running.port, f"https://{host}", host=host, cookie=cookie))
        assert run_apart(shakes_hands(running.port, own, cookie=cookie))
        assert not run_apart(shakes_hands(running.port, own))
    finally:
        running.stop()


def add_lead(app: App) -> str:
    """Add a lead with a password; return the cookie of a session of theirs."""
    places = Places(app.folder)
    people.add(places, "Lea", Role.LEAD, rights.lead("founder"))
    set_password(places, "Lea")
    person = people.known(places).named("Lea")
    return f"{sessions.COOKIE}={sessions.cookie_for(places, person, datetime.now(UTC))}"


async def shakes_hands(port: int, origin: str, host: str = "", cookie: str = "") -> bool:
    """Whether a websocket is opened for a page of this origin."""
    address, to = f"ws://{host or '127.0.0.1'}:{port}/_stcore/stream", {"host": "127.0.0.1", "port": port}
    if host:
        address = f"ws://{host}/_stcore/stream"
    headers = {"Cookie": cookie} if cookie else {}
    try:
        async with websockets.connect(address, origin=origin, open_timeout=500, additional_headers=headers, **to):
            return True
    except websockets.InvalidStatus:
        return False


def test_a_foreign_frame_shows_nothing(app, foreign, elsewhere):
    page = foreign.new_page()
    page.goto(f"http://evil.example:{elsewhere(f'<iframe src={app.address}/></iframe><p>Done</p>')}/")
    page.wait_for_load_state("networkidle")
    assert all("Acme" not in frame.content() for frame in page.frames[1:])
    told = requests.get(app.address, timeout=500).headers
    assert told["x-frame-options"] == "DENY"
    assert "frame-ancestors 'none'" in told["content-security-policy"]
    assert (told["x-content-type-options"], told["referrer-policy"]) == ("nosniff", "same-origin")


def test_foreign_websockets_are_refused_at_once_and_nobody_outside_is_asked(tmp_path):
    """A proxy that takes each request and never answers stands for a network that swallows."""
    asked = []
    hole = socket.create_server(("127.0.0.1", 0), backlog=50)
    threading.Thread(target=lambda: [asked.append(hole.accept()) for _ in range(50)], daemon=True).start()
    proxy = f"http://127.0.0.1:{hole.getsockname()[1]}"
    running = App(
        tmp_path / "data", free_port(), HEARBACK_LISTEN="off", http_proxy=proxy, https_proxy=proxy, no_proxy="",
        STREAMLIT_SERVER_ADDRESS="0.0.0.0",
    )  # fmt: skip
    add_lead(running)  # else that address is refused
    running.start()
    waits, over = [], threading.Event()

    def watch() -> None:
        while not over.wait(0.05):
            began = time.monotonic()
            urllib.request.urlopen(f"{running.address}/login", timeout=500).read()  # noqa: S310  # our own
            waits.append(time.monotonic() - began)

    async def knock() -> list[bool]:
        origins = ["http://evil.example", "http://127.0.0.1:9999", f"http://localhost:{running.port}", "null"]
        return list(await asyncio.gather(*(shakes_hands(running.port, origin) for origin in origins * 5)))

    try:
        watching = threading.Thread(target=watch)
        watching.start()
        assert not any(run_apart(knock()))
        over.set()
        watching.join()
        assert asked == []
        assert max(waits, default=0) < 10
    finally:
        over.set()
        running.stop()


@pytest.mark.parametrize("scheme", PAGES)
def test_every_page_works_under_its_policy(app, visit, scheme, tmp_path):
    context = visit("about:blank", color_scheme=scheme).context
    for name in PAGES[scheme]:
        said: list[str] = []
        page = context.new_page()
        page.set_default_timeout(PATIENCE * 1000)
        page.add_init_script(VIOLATIONS)
        page.on("console", lambda message, said=said: said.append(message.text))
        page.on("pageerror", lambda fault, said=said: said.append(f"FAULT {fault}"))
        outside = []
        page.on("request", lambda asked, outside=outside: outside.append(asked.url))
        page.goto(f"{app.address}/{name}")
        expect(page.get_by_test_id("stAppViewContainer")).to_be_visible()
        expect(page.get_by_test_id("stStatusWidget")).to_have_count(0)
        _use(page, name, tmp_path)
        assert [one for one in said if "VIOLATION" in one or "FAULT" in one or "Content Security" in one] == []
        assert [one for one in outside if not one.startswith((app.address, "blob:", "data:", "about:"))] == []
        expect(page.get_by_test_id("stException")).to_have_count(0)
        page.close()


def _use(page, name: str, folder: Path) -> None:
    """Use what a policy could break on a page: components, charts, downloads, uploads."""
    if name == "":
        expect(page.locator("[role=option]")).to_have_count(3)
        page.keyboard.press("j")
        page.context.grant_permissions(["clipboard-read", "clipboard-write"])
        page.get_by_role("button", name="Copy text").click()
        expect(page.get_by_role("button", name="Copied")).to_be_visible()
    elif name == "trends":
        expect(page.locator(".js-plotly-plot .main-svg").first).to_be_visible()
        page.get_by_role("button", name="Figures").first.click()
        with page.expect_download() as given:
            page.locator("[data-testid=stDownloadButton] button").first.click()
        assert Path(given.value.path()).read_text("utf-8-sig").startswith("Week of")
    elif name.endswith("Import"):
        (folder / "reviews.csv").write_text("text,published_at,author\n=1+1 Acme,2026-01-05T10:00:00Z,Person 1\n")
        page.locator("input[type=file]").set_input_files(folder / "reviews.csv")
        expect(page.get_by_text("The first rows, as they will be")).to_be_visible()


def test_a_strangers_address_leaves_the_card_whole(app, visit):
    fill(app, *(mention(number, "mastodon", url=url) for number, url in enumerate(URLS)))
    page = visit(f"{app.address}/?source=mastodon")
    expect(page.locator("[role=option]")).to_have_count(len(URLS))
    for number in range(len(URLS)):
        page.locator("[role=option]").nth(number).click()
        said = page.locator("[role=option]").nth(number).inner_text()
        their = next(n for n in range(len(URLS)) if f"number {n} " in said)
        expect(page.locator(".st-key-said").filter(has_text=f"number {their} ")).to_have_count(1)
        expect(page.get_by_role("link", name="Open mention")).to_have_count(1 if their == 2 else 0)
        expect(page.get_by_role("button", name="Mark replied")).to_have_count(1)
        expect(page.get_by_role("button", name="Claim").first).to_be_visible()
        expect(page.get_by_test_id("stException")).to_have_count(0)
        expect(page.get_by_text("cannot be shown just now")).to_have_count(0)
    assert " ERROR " not in app.log.read_text()


def test_the_toolbar_of_a_table_exports_no_formulas(app, visit):
    formulas = ["=1+1.csv", '=HYPERLINK("http://x")', "=cmd|'/C calc'!A0"]
    fill(app, mention(3), rejected=[Rejected(formulas[0], 2, formulas[1], formulas[2])])
    page = visit("about:blank")
    page.add_init_script("window.showSaveFilePicker = undefined")  # the download falls back to a link
    page.goto(f"{app.address}/sources")
    page.get_by_test_id("stDataFrame").last.hover()
    with page.expect_download() as given:
        page.get_by_role("button", name="Download as CSV").last.dispatch_event("click")
    rows = list(csv.reader(io.StringIO(Path(given.value.path()).read_text("utf-8-sig"))))
    assert [cell for cell in rows[1] if cell.lstrip("'") in formulas] == [f"'{cell}" for cell in formulas]


def test_a_lack_of_descriptors_fills_no_log(app):
    """A second app with few of them; whoever asks waits until there are some again."""
    few = App(app.folder.with_name("few"), free_port(), HEARBACK_LISTEN="off")
    limits = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (100, limits[1]))
    try:
        few.start()
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, limits)
    lines = []
    try:
        for _ in range(150):  # those beyond wait in the listening socket
            lines.append(socket.create_connection(("127.0.0.1", few.port), timeout=500))
        until(lambda: "socket.accept() out of system resource" in few.log.read_text(), "it lacks descriptors")
        for line in lines:
            line.close()
        until(few.health, "it answers again")
        assert few.log.read_text().count("socket.accept() out of system resource") <= 2
        assert few.log.stat().st_size < 100_000
    finally:
        few.stop()


def test_healthz_is_json_for_a_refused_request_too(app):
    refused = requests.get(f"{app.address}/healthz", headers={"Host": "evil.example"}, timeout=500)
    assert "allowedHosts" in json.loads(refused.text)["said"]
