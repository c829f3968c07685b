"""`python -m data people`: who is on the team; adds, changes, removes people and makes their one-time links."""

from __future__ import annotations

import argparse
import json
import os
from collections.abc import Callable

from data.cli import text
from data.clock import now_in_utc
from data.commands.invocation import Invocation
from data.people import acting, links, people
from data.people.people import Person
from data.people.rights import Actor, Role, Verb

NAME, HELP = "people", "who is on the team: add, role, away, back, account, link, remove"
EPILOG = """add NAME [--role ROLE] [--mail ADDRESS]; role NAME ROLE; away NAME; back NAME; account NAME [--mail ADDRESS]
[--subject ID]; link NAME; remove NAME. Each tells more with --help."""
HERE = "http://127.0.0.1:8501"  # where Hearback is found, if HEARBACK_URL says nothing else


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add --json and the verbs with their arguments."""
    parser.epilog = EPILOG
    parser.add_argument("--json", action="store_true", help="one JSON object a person")
    verbs = parser.add_subparsers(metavar="VERB")
    add = _verb(verbs, "add", _add, "add a person; the first one is the lead")
    add.add_argument("--role", type=_role, default=Role.AGENT, metavar="ROLE", help=_ROLES)
    add.add_argument("--mail", type=text, metavar="ADDRESS", help="with which they log in at a provider")
    _verb(verbs, "role", _set_role, "give a person another role").add_argument(
        "role", type=_role, metavar="ROLE", help=_ROLES
    )
    _verb(verbs, "away", _away, "say that a person is away")
    _verb(verbs, "back", _back, "say that a person is back")
    account = _verb(verbs, "account", _account, "tie a person to an account of a login provider")
    account.add_argument("--mail", type=text, metavar="ADDRESS", help="its mail address")
    account.add_argument("--subject", type=text, metavar="ID", help="its subject, as the provider names it")
    _verb(verbs, "link", _link, "a one-time link with which the person sets a password")
    _verb(verbs, "remove", _remove, "remove a person; what they did stays")


_ROLES = ", ".join(role.value for role in Role)


def _verb(
    verbs: argparse._SubParsersAction[argparse.ArgumentParser],
    name: str,
    do: Callable[[Invocation], str],
    told: str,
) -> argparse.ArgumentParser:
    parser = verbs.add_parser(name, help=told)
    parser.add_argument("name", metavar="NAME", type=text, help="the person's name")
    parser.set_defaults(do=do)
    return parser


def _role(said: str) -> Role:
    try:
        return Role(said.strip().lower())
    except ValueError:
        raise argparse.ArgumentTypeError(f"{said!r} is no role; there are {_ROLES}") from None


def run(invocation: Invocation) -> int:
    """List everybody, or do what the verb says and print what was done. Returns 0. HearbackError, Forbidden."""
    do = getattr(invocation.chosen, "do", None)
    if do is not None:
        print(do(invocation))
        return 0
    for one in people.known(invocation.places).people:
        print(json.dumps(_row(one), ensure_ascii=False) if invocation.chosen.json else _line(one))
    return 0


def _row(one: Person) -> dict[str, object]:
    """A person without what is secret."""
    return {
        "name": one.name, "role": one.role.value, "mail": one.mail, "subject": one.subject, "away": one.is_away,
        "password": one.password is not None,
    }  # fmt: skip


def _line(one: Person) -> str:
    ways = [*(["password"] if one.password else []), *filter(None, [one.mail, one.subject])]
    away = ", away" if one.is_away else ""
    return f"{one.name:<24} {one.role.value:<9} {', '.join(ways) or 'cannot log in yet'}{away}"


def _add(invocation: Invocation) -> str:
    chosen, here = invocation.chosen, invocation.places
    is_first = not people.known(here).people
    one = people.add(here, chosen.name, chosen.role, acting.of_command(here), mail=chosen.mail)
    first = " The first person is the lead." if is_first and chosen.role is not Role.LEAD else ""
    return f"{one.name} is on the team as {one.role.value}.{first}"


def _set_role(invocation: Invocation) -> str:
    one = people.set_role(invocation.places, invocation.chosen.name, invocation.chosen.role, _by(invocation))
    return f"{one.name} is {one.role.value} now."


def _away(invocation: Invocation) -> str:
    return f"{people.set_away(invocation.places, invocation.chosen.name, _by(invocation), is_away=True).name} is away."


def _back(invocation: Invocation) -> str:
    return f"{people.set_away(invocation.places, invocation.chosen.name, _by(invocation), is_away=False).name} is back."


def _account(invocation: Invocation) -> str:
    chosen = invocation.chosen
    one = people.set_account(invocation.places, chosen.name, _by(invocation), mail=chosen.mail, subject=chosen.subject)
    said = " and ".join(filter(None, [one.mail, one.subject and f"subject {one.subject}"]))
    return f"{one.name} logs in with {said}." if said else f"{one.name} has no account of a provider any more."


def _link(invocation: Invocation) -> str:
    token = links.make(invocation.places, invocation.chosen.name, _by(invocation), now_in_utc())
    return f"{os.environ.get('HEARBACK_URL', '').rstrip('/') or HERE}{links.PATH}{token}"


def _remove(invocation: Invocation) -> str:
    return f"{people.remove(invocation.places, invocation.chosen.name, _by(invocation)).name} is removed."


def _by(invocation: Invocation) -> Actor:
    by = acting.of_command(invocation.places)
    if invocation.chosen.do not in (_away, _back):
        by.insist(Verb.PEOPLE)
    return by
