"""What a login costs: from the password to the queue, one check of a password, a key press with and without a login,
the page of somebody who was removed, and the pages of a team of a thousand."""

from __future__ import annotations

import time
from collections.abc import Iterator
from statistics import median

from playwright.sync_api import Browser, Page

from data.clock import now_in_utc
from data.people import links, passwords, people, rights, sessions
from data.people.people import Person, Team
from data.people.rights import Role
from data.settings import Places
from tests.benchmarks import servers
from tests.benchmarks.browsing import HEIGHT, PATIENCE_MS, WIDTH, Screen, browser
from tests.benchmarks.figures import Figure, timed
from tests.benchmarks.ground import Ground
from tests.benchmarks.screens import QUEUE, _press, _sample

PASSWORD = "four words nobody says"
MANY = 1_000  # people


def login(ground: Ground) -> Iterator[Figure]:
    """All of it, over the sample."""
    yield from _check(ground.sizes.rounds)
    with browser() as started:
        open_to_all, team_of_two, team_of_many = (_sample(ground) for _ in range(3))
        _add_team(team_of_two, 1)
        _add_team(team_of_many, MANY)
        with (
            servers.app(open_to_all.root) as free,
            servers.app(team_of_two.root) as two,
            servers.app(team_of_many.root) as many,
        ):
            for app in (free, two, many):
                app.wait_until_well("/login")
            yield from _entering(started, two, ground.sizes.rounds)
            beside = _screen(started, free, None)
            for name, app, places in (("a login", two, team_of_two), (f"{MANY:,} people", many, team_of_many)):
                queue = _screen(started, app, places)
                yield from _press(
                    queue, beside, "j", f"J, {name}", ground.sizes.presses, "J without a login, all of it"
                )
            yield from _removal(started, two, team_of_two)


def _check(rounds: int) -> Iterator[Figure]:
    kept = passwords.hashed(PASSWORD)
    right, unknown = (timed(lambda kept=one: passwords.fits(kept, PASSWORD)) for one in (kept, None))  # type: ignore[misc]
    ours, theirs = zip(*((right(), unknown()) for _ in range(rounds + 4)), strict=True)
    yield Figure(
        "one check of a password", 1000 * median(ours), "ms", "one of an unknown name", median(ours) / median(theirs)
    )


def _add_team(places: Places, agents: int) -> None:
    first = rights.lead("founder")
    people.add(places, "Lea", Role.LEAD, first)
    people.add(places, "Ann", Role.AGENT, first)
    links.use(places, links.make(places, "Lea", first, now_in_utc()), PASSWORD, now_in_utc())
    more = tuple(Person(f"p{n}", f"Person {n}", Role.AGENT, stamp="x") for n in range(agents - 1))
    people._exchange(places, lambda team: (None, Team((*team.people, *more))))


def _page(started: Browser) -> Page:
    page = started.new_context(viewport={"width": WIDTH, "height": HEIGHT}).new_page()
    page.set_default_timeout(PATIENCE_MS)
    return page


def _entering(started: Browser, app: servers.Server, rounds: int) -> Iterator[Figure]:
    """Seconds from the press of "Log in" to the queue on the screen: for a browser that was never here, and for one
    that has Streamlit's scripts from the day before."""
    page, took = _page(started), []
    for _ in range(rounds + 1):
        page.context.clear_cookies()
        page.goto(f"{app.address}/login")
        page.get_by_label("Name").fill("Lea")
        page.get_by_label("Password").fill(PASSWORD)
        began = time.perf_counter()
        page.get_by_role("button", name="Log in").click(no_wait_after=True)
        Screen(page, QUEUE).wait_for_parts()
        took.append(time.perf_counter() - began)
    page.context.close()
    first, *others = took
    yield Figure("from the password to the queue, the first time in a browser", first, "s")
    yield Figure("from the password to the queue", median(others), "s", "the first time", median(others) / first)


def _screen(started: Browser, app: servers.Server, places: Places | None) -> Screen:
    page = _page(started)
    if places is not None:
        person = people.known(places).people[0]
        cookie = sessions.cookie_for(places, person, now_in_utc())
        page.context.add_cookies([{"name": sessions.COOKIE, "value": cookie, "url": app.address}])
    page.goto(app.address)
    screen = Screen(page, QUEUE)
    screen.wait_for_parts()
    return screen


def _removal(started: Browser, app: servers.Server, places: Places) -> Iterator[Figure]:
    """Seconds from the removal of a person to their open page saying so."""
    page = _page(started)
    ann = people.known(places).by_name["ann"]
    cookie = sessions.cookie_for(places, ann, now_in_utc())
    page.context.add_cookies([{"name": sessions.COOKIE, "value": cookie, "url": app.address}])
    page.goto(app.address)
    Screen(page, QUEUE).wait_for_parts()
    began = time.perf_counter()
    people.remove(places, "Ann", people.known(places).people[0].actor)
    page.get_by_text("You are not logged in").wait_for()
    yield Figure("from a removal to the open page that says so", time.perf_counter() - began, "s")
