"""The Mastodon source: hashtags on any server; on our account's own one also text search, its mentions and answers."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from functools import partial
from typing import Any, NamedTuple, TypeVar

from data.matching import sought
from data.models import Answer, Brand, Found, HearbackError, Mention
from data.settings import secret
from listeners import addresses, border
from listeners.base import (
    Budget,
    Cursor,
    FetchResult,
    Listener,
    ListenerError,
    Options,
    Policy,
    RecheckResult,
    RecheckTarget,
    ReplyRule,
    Setting,
)
from listeners.http.web import AddressError, CredentialsError, NothingThere, Web
from listeners.sources.mastodon.client import SOURCE, Server
from listeners.sync.posts import OVERLAP, Posts, Watermark, listed, our_brand
from listeners.sync.reader import About, Fetch, Pager, SliceReader, read_down
from listeners.sync.reviews import listings
from listeners.sync.slices import Part, Slice, SliceState, first_run_start, gather

PAGE = 40
REQUESTS = 100  # for one hashtag in one run
SEARCHED = 5  # pages for one term; a server's search is never complete
NUMBER = re.compile(r"[A-Za-z0-9]{1,64}")  # "117020593741189701", or "01FBVD42CQ3ZEEVMW180SBX03B" elsewhere
TAG = re.compile(r"\w+")
PUBLIC = frozenset({"public", "unlisted"})
RULE = ReplyRule(500, only_when="Only where the author mentioned our account, or answered it.")

Status = Mapping[str, Any]
T = TypeVar("T")


def to_mention(status: Status, host: str) -> Mention:
    """One status as `host` shows it. Unreadable when it has no id, no time or no words."""
    number, account = status.get("id"), status.get("account")
    if not isinstance(number, str) or not NUMBER.fullmatch(number):
        raise border.Unreadable("it has no id")
    by: Mapping[str, Any] = account if isinstance(account, dict) else {}
    title = border.words(status.get("spoiler_text")).strip() or None
    text = border.plain(border.words(status.get("content"))) or _shown(status.get("media_attachments"))
    if not (title or text):
        raise border.Unreadable("it has no words")
    parent, edited = status.get("in_reply_to_id"), status.get("edited_at")
    return Mention(
        id=f"{SOURCE}:{host}/{number}",
        source=SOURCE,
        kind="comment" if parent else "post",
        title=title,
        text=text,
        author=_acct(by.get("acct"), host),
        author_url=border.name(by.get("url")),
        url=border.name(status.get("url")) or border.name(status.get("uri")),
        reach=border.count(by.get("followers_count")),
        engagement=(border.count(status.get("favourites_count")) or 0)
        + (border.count(status.get("reblogs_count")) or 0),
        language=_language(status.get("language")),
        parent_id=f"{SOURCE}:{host}/{parent}" if isinstance(parent, str) else None,
        published_at=border.moment(status.get("created_at")),
        edited_at=border.moment(edited) if edited else None,
    )


def _shown(media: object) -> str:
    """The pictures' descriptions, as the text of a post without words."""
    told = [one.get("description") for one in media if isinstance(one, dict)] if isinstance(media, list) else []
    return "\n".join(border.words(said) for said in told if isinstance(said, str) and said.strip())


def _acct(said: object, host: str) -> str | None:
    name = border.name(said)
    return name if name is None or "@" in name else f"{name}@{host}"


def _language(said: object) -> str | None:
    return (
        said[:2].lower() if isinstance(said, str) and len(said) > 1 and said[:2].isalpha() and said.isascii() else None
    )


class Mastodon(Listener):
    """Slices, per server: hashtags, searches, the inbox and our answers. Their state: the newest time and what is
    near."""

    source = SOURCE
    every = timedelta(minutes=5)
    ids_at_once = 20
    policy = Policy(
        name="Mastodon",
        keeps_text=True,
        deletions="Delete what its server no longer has.",
        replies="Through the API by our own account, only where it was mentioned or answered.",
        credentials="A token holds until it is revoked.",
        checked_on=date(2026, 11, 24),
        terms="the terms of each server, under /about",
        recheck_every=timedelta(days=1),
        reply=RULE,
        settings=(
            Setting(
                "servers",
                "Servers",
                needed=True,
                placeholder="https://mastodon.social",
                hint="The first is our account's own: MASTODON_ACCESS_TOKEN is for it.",
                pattern=r"(https://)?[\w.\-]+\.\w+(:\d+)?/?",
                slip="One of these is no server; write https://mastodon.social.",
            ),
            Setting(
                "hashtags",
                "Hashtags",
                placeholder="acmeanvils = Acme",
                hint="Beside those that are a brand's own words. What carries one is about the brand named with it.",
                pattern=r"#*\w+( ?= ?.+)?",
                slip="A hashtag is one word; a brand may follow.",
            ),
            Setting("inbox_brand", "Brand that the account speaks for", "text", hint="Else the first of ours."),
        ),
    )

    def __init__(self, web: Web | None = None, *, plain_http: bool = False) -> None:
        self._web = web or Web()
        self._plain_http = plain_http  # for servers on this machine
        self._servers: dict[tuple[str, str | None], Server] = {}

    def listen(
        self, brands: Sequence[Brand], options: Options, cursor: Cursor, now: datetime, budget: Budget | None = None
    ) -> FetchResult:
        """New public posts with the hashtags of the brands and the options; with a token also those that its server's
        search finds and those that mention our account. Options: `servers`, `hashtags`, `inbox_brand`, `first_days`
        that the first run looks back (30)."""
        start, servers = first_run_start(SOURCE, options, now), self.servers(options)
        slices = [
            Slice(f"{server.host} {key}", partial(_guarded, server, read))
            for server in servers
            for key, read in _named_slices(server, brands, options, start, now)
        ]
        fetched = gather(SOURCE, slices, cursor, now, each_alone=True)
        found, seen = _once(fetched.found, cursor.get("seen", {}), servers[0].host, now)
        left = min((server.left for server in servers if server.left is not None), default=None)
        return replace(fetched, found=found, cursor={**fetched.cursor, "seen": seen}, left=left)

    def recheck(self, held: Sequence[RecheckTarget], options: Options, now: datetime) -> RecheckResult:
        """Ask each post's server; a 404 means gone. The posts of a server that fails are undecided."""
        servers = {server.host: server for server in self.servers(options)}
        gone, present, found, troubles = [], [], [], []
        for one in held:
            host, _, number = one.id.removeprefix(f"{SOURCE}:").partition("/")
            server = servers.get(host)
            if server is None or not NUMBER.fullmatch(number):
                continue
            try:
                mention = _look(server, number)
            except NothingThere:
                gone.append(one.id)
                continue
            except (ListenerError, border.Unreadable) as trouble:
                troubles.append(trouble)
                continue
            present.append(one.id)
            found += [Found(mention)] if mention.edited_at else []
        if troubles and not (gone or present) and isinstance(troubles[0], ListenerError):
            raise troubles[0]
        return RecheckResult(gone, present, found)

    def servers(self, options: Options) -> list[Server]:
        """The servers of the options, our account's own first. ListenerError when an address is unusable."""
        urls = [self._address(said) for said in listed(options, "servers")]
        if not urls:
            raise ListenerError(SOURCE, "servers must name at least one server", permanent=True)
        tokens = [_token(), *[None] * len(urls)]
        servers = []
        for url, token in zip(urls, tokens, strict=False):
            server = self._servers.setdefault((url, token), Server(self._web, url, token))
            server.down = None
            servers.append(server)
        return servers

    def _address(self, said: str) -> str:
        url = said if "://" in said else f"https://{said}"
        parts = addresses.split(url)
        if not parts.hostname or parts.username or not (parts.scheme == "https" or self._plain_http):
            raise ListenerError(SOURCE, f"{said[:60]!r} is no server; write https://example.social", permanent=True)
        return f"{parts.scheme}://{parts.netloc}"


def _token() -> str | None:
    try:
        return secret("MASTODON_ACCESS_TOKEN")
    except HearbackError as trouble:
        raise ListenerError(SOURCE, str(trouble), permanent=True) from None


def _guarded(server: Server, read: Callable[[SliceState], Part], state: SliceState) -> Part:
    """Read a slice, unless its server failed earlier in this run: each further request could take a minute to fail."""
    if server.down:
        raise server.down
    try:
        return read(state)
    except CredentialsError as trouble:
        if server.token:
            raise
        said = f"{server.host} shows this to its own members only (401): make it the first of servers, with a token"
        raise ListenerError(SOURCE, said, permanent=True, retry_after=trouble.retry_after) from None
    except ListenerError as trouble:
        server.down = None if isinstance(trouble, AddressError) else trouble
        raise


NamedSlice = tuple[str, Callable[[SliceState], Part]]
PostReader = SliceReader[Watermark]
Readers = Callable[[str, SliceState, About], PostReader]  # of a slice by its name


def _named_slices(
    server: Server, brands: Sequence[Brand], options: Options, start: datetime, now: datetime
) -> Iterable[NamedSlice]:
    def reader(name: str, state: SliceState, about: About) -> PostReader:
        return Posts(partial(_to_post, server), about, start, now).reader(SOURCE, f"{server.host} {name}", state)

    def timeline(tag: str, about: About, state: SliceState) -> Part:
        first = partial(_first, lambda client: client.timeline_hashtag(tag, limit=PAGE))
        return read_down(reader(f"#{tag}", state, about), Pager(_pages(server, first), REQUESTS))

    for tag, about in _tags(brands, options):
        yield f"#{tag}", partial(timeline, tag, about)
    if not server.token:
        return
    for term in dict.fromkeys(sought(term) for brand in brands for term in brand.terms):
        yield f"search: {term}", partial(_search, server, reader, term, brands)
    if ours := our_brand(options, brands):
        yield "inbox", partial(_inbox, server, reader, ours)
        yield "answers", partial(_answers, server, reader, ours)


def _tags(brands: Sequence[Brand], options: Options) -> Iterable[tuple[str, About]]:
    """The hashtags of the options with their brands, and the brands' terms that can be hashtags."""
    told = {listing.id.lstrip("#").casefold(): listing for listing in listings(SOURCE, options, "hashtags", brands)}
    for tag, listing in told.items():
        if not TAG.fullmatch(tag):
            raise ListenerError(SOURCE, f"{tag[:60]!r} is not a hashtag", permanent=True)
        yield tag, About(ours=listing.brand)
    for term in dict.fromkeys(sought(term) for brand in brands for term in brand.terms):
        if TAG.fullmatch(term) and term not in told:
            named = [brand for brand in brands if term in set(map(sought, brand.terms))]
            yield term, About(named)


def _search(server: Server, reader: Readers, term: str, brands: Sequence[Brand], state: SliceState) -> Part:
    """Read the server's text search; a server without one finds nothing."""
    phrase = '"' + " ".join(term.replace('"', " ").split()) + '"'

    def fetch(token: str | None) -> tuple[Sequence[Any], str | None]:
        start = int(token or 0)
        told = server.ask(
            lambda client: client.search_v2(phrase, resolve=False, result_type="statuses", limit=PAGE, offset=start)
        )
        items = _list(server, told.get("statuses") if isinstance(told, dict) else None)
        return items, str(start + len(items)) if len(items) == PAGE else None

    pager = Pager(fetch, SEARCHED)
    return _all(reader(f"search: {term}", state, About(brands)), pager)


def _all(reader: PostReader, pager: Pager) -> Part:
    """Read all pages, because a search may not be ordered by time."""
    for page in pager:
        reader.take(page)
    return reader.part()


def _inbox(server: Server, reader: Readers, ours: str, state: SliceState) -> Part:
    first = partial(_first, lambda client: client.notifications(types=["mention"], limit=PAGE))

    def statuses(token: str | None, pages: Fetch) -> tuple[Sequence[Any], str | None]:
        items, after = pages(token)
        told = [item for item in items if isinstance(item, dict) and item.get("type") == "mention"]
        return [item.get("status") for item in told if item.get("status") is not None], after

    pages = _pages(server, first)
    return read_down(reader("inbox", state, About(ours=ours)), Pager(lambda token: statuses(token, pages), REQUESTS))


def _answers(server: Server, reader: Readers, ours: str, state: SliceState) -> Part:
    """Our account's own replies, however they were sent."""
    own = server.own()["id"]
    first = partial(_first, lambda client: client.account_statuses(own, exclude_reblogs=True, limit=PAGE))
    return read_down(reader("answers", state, About(ours=ours)), Pager(_pages(server, first), REQUESTS))


def _first(call: Callable[[Any], T], client: Any) -> T:
    return call(client)


def _pages(server: Server, first: Callable[[Any], Any]) -> Fetch:
    """Pages by the server's own links, because ids do not compare as numbers."""
    held: dict[str, Any] = {}

    def fetch(token: str | None) -> tuple[Sequence[Any], str | None]:
        page = server.ask(first if token is None else lambda client: client.fetch_next(held[token]))
        items = _list(server, page)
        onwards = getattr(page, "_pagination_next", None)
        if not items or not onwards:
            return items, None
        mark = str(onwards.get("max_id") or onwards)
        held[mark] = dict(onwards)
        return items, mark

    return fetch


def _list(server: Server, told: Any) -> list[Any]:
    if not isinstance(told, list):
        raise ListenerError(SOURCE, f"{server.host} answered with something else than posts")
    return told


def _to_post(server: Server, status: Any) -> Mention | Answer | None:
    """A public post by somebody else becomes a mention, one by our account an answer, or None if it answers nobody."""
    if not isinstance(status, dict):
        raise border.Unreadable("it is no post")
    if status.get("reblog") or status.get("visibility", "public") not in PUBLIC:
        return None
    mention = to_mention(status, server.host)
    by = status.get("account")
    if not server.token or not isinstance(by, dict) or by.get("id") != server.own()["id"]:
        return mention
    if mention.parent_id is None:
        return None
    return Answer(mention.parent_id, mention.text, mention.published_at, mention.author)


def _look(server: Server, number: str) -> Mention:
    status = server.ask(lambda client: client.status(number))
    if not isinstance(status, dict):
        raise border.Unreadable("it is no post")
    return to_mention(status, server.host)


class Shown(NamedTuple):
    """The id under which a post was kept first, and when, in epoch seconds."""

    id: str
    at: float


def _once(
    found: Sequence[Found], seen: Mapping[str, Sequence[Any]], home: str, now: datetime
) -> tuple[list[Found], dict[str, Sequence[Any]]]:
    """Keep a post that several servers show once: with our own server's id, else with that of the first."""
    kept: list[Found] = []
    known = {mark: Shown(*was) for mark, was in seen.items()}
    ours = f"{SOURCE}:{home}/"
    for one in sorted(found, key=lambda one: not one.mention.id.startswith(ours)):
        mark = border.fingerprint(one.mention.url or one.mention.id)
        first = known.setdefault(mark, Shown(one.mention.id, now.timestamp()))
        # A post that mentions our account keeps our own server's id, which replies need.
        if first.id == one.mention.id or (one.brands and one.mention.id.startswith(ours)):
            kept.append(one)
    near = (now - 2 * OVERLAP).timestamp()
    return kept, {mark: list(was) for mark, was in known.items() if was.at >= near}
