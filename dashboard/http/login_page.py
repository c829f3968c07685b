"""The pages before the pages: log in, set a password by a link, and what is said when that fails. No script runs."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape
from string import Template
from urllib.parse import quote

from data.people import links

LOGGING_IN = "Log in"
SETTING = "Choose your password"
USUAL = "Hearback"
STYLE = """
:root { color-scheme: light dark; --back: #fbfbf9; --box: #ffffff; --text: #22272b; --dim: #5c6770; --line: #d9d9d1;
  --main: #2f6690; --bad: #9b2f2f; }
@media (prefers-color-scheme: dark) { :root { --back: #16191c; --box: #20252a; --text: #e6e6e1; --dim: #a3adb5;
  --line: #363c42; --main: #3a78ab; --bad: #ef9a9a; } }
* { box-sizing: border-box; }
body { margin: 0; min-height: 100vh; display: grid; place-items: center; padding: 1rem; background: var(--back);
  color: var(--text); font: 15px/1.45 Inter, "Segoe UI", system-ui, -apple-system, Arial, sans-serif; }
main { width: min(24rem, 100%); background: var(--box); border: 1px solid var(--line); border-radius: .5rem;
  padding: 1.75rem; }
h1 { font-size: 1.35rem; margin: 0 0 .25rem; } p { margin: .25rem 0 1rem; color: var(--dim); }
label { display: block; margin: .75rem 0 .25rem; font-weight: 600; font-size: .9rem; }
input { width: 100%; padding: .55rem .65rem; border: 1px solid var(--line); border-radius: .375rem;
  background: var(--back); color: var(--text); font: inherit; }
input:focus-visible, button:focus-visible, a:focus-visible { outline: 2px solid var(--main); outline-offset: 1px; }
button, a.way { display: block; width: 100%; margin-top: 1.1rem; padding: .6rem; border-radius: .375rem; font: inherit;
  font-weight: 600; text-align: center; text-decoration: none; cursor: pointer; }
button { border: 1px solid var(--main); background: var(--main); color: #ffffff; }
a.way { border: 1px solid var(--line); color: var(--text); background: var(--back); }
.bad { color: var(--bad); font-weight: 600; } .or { text-align: center; margin: 1.1rem 0 0; }
"""
PAGE = Template("""<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="robots" content="noindex"><title>$title · Hearback</title><style>$style</style></head>
<body><main><h1>$title</h1>$inside</main></body></html>
""")


def login(
    *, said: str = "", name: str = "", providers: Sequence[tuple[str, str]] = (), has_passwords: bool = True
) -> str:
    """The login page. `said`: why the last try failed; `providers`: pairs of label and path."""
    inside = _bad(said) if said else "<p>Hearback, your team's reply queue.</p>"
    if has_passwords:
        cursor = ("", " autofocus") if name else (" autofocus", "")
        inside += (
            '<form method="post" action="/login">'
            + _field("name", "Name", f'autocomplete="username" maxlength="80" value="{escape(name)}"{cursor[0]}')
            + _field("password", "Password", f'type="password" autocomplete="current-password"{cursor[1]}')
            + "<button>Log in</button></form>"
        )
    if has_passwords and providers:
        inside += '<p class="or">or</p>'
    inside += "".join(f'<a class="way" href="{escape(path)}">{escape(label)}</a>' for label, path in providers)
    return _page(LOGGING_IN, inside)


def choose_password(token: str, name: str, *, said: str = "") -> str:
    """The page of a one-time link, for the person of this name."""
    inside = _bad(said) if said else f"<p>Welcome, {escape(name)}. With it you log in from now on.</p>"
    inside += (
        f'<form method="post" action="{links.PATH}{quote(token, safe="")}">'
        f'<input type="text" name="name" value="{escape(name)}" autocomplete="username" readonly hidden>'
        + _field("password", "New password", 'type="password" autocomplete="new-password" autofocus')
        + _field("again", "The same again", 'type="password" autocomplete="new-password"')
        + "<button>Set the password and log in</button></form>"
    )
    return _page(SETTING, inside)


def notice(title: str, said: str) -> str:
    """A page that says one thing and leads to the login."""
    return _page(title, f'<p>{escape(said)}</p><a class="way" href="/login">Log in</a>')


def _bad(said: str) -> str:
    return f'<p class="bad" role="alert">{escape(said)}</p>'


def _field(name: str, label: str, more: str) -> str:
    return f'<label for="{name}">{label}</label><input id="{name}" name="{name}" required {more}>'


def _page(title: str, inside: str) -> str:
    return PAGE.substitute(title=escape(title), style=STYLE, inside=inside)
