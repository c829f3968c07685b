"""Bluesky's own servers from npm, here: searched, answered, looked at again. Optional: see docs/sources.md."""

import json
import os
import random
import shutil
import string
import subprocess
from datetime import UTC, datetime
from pathlib import Path

import pytest
import requests

from data.models import ApprovedReply
from listeners.base import ListenerError, RecheckTarget
from listeners.http.web import Web
from listeners.sources.bluesky.client import BlueskyAccount
from listeners.sources.bluesky.listener import Bluesky
from listeners.sources.bluesky.replies import BlueskyReplies
from tests.listeners.conftest import PATIENT

pytestmark = [pytest.mark.network, pytest.mark.timeout(1800)]

NEEDED = ("HEARBACK_ATPROTO", "DB_POSTGRES_URL", "REDIS_HOST")
POST = "app.bsky.feed.post"
SERVERS = """
import { TestNetwork } from '@atproto/dev-env'
import readline from 'node:readline'
const network = await TestNetwork.create({ dbPostgresSchema: process.env.SCHEMA })
const tell = (said) => console.log('TOLD ' + JSON.stringify(said))
tell(network.pds.url)
for await (const _ of readline.createInterface({ input: process.stdin })) {
  await network.processAll()
  tell('all is indexed')
}
process.exit(0)
"""


class Network:
    """A server for accounts, an index over it, a directory of names: one process, which ends when its input does."""

    def __init__(self):
        letters = "".join(random.choices(string.ascii_lowercase, k=12))
        schema = {"SCHEMA": f"hearback_{letters}"}  # of its own: an index goes on where an earlier one stopped
        self.process = subprocess.Popen(
            [shutil.which("node") or "node", "--input-type=module", "-e", SERVERS],
            cwd=os.environ["HEARBACK_ATPROTO"],
            env=os.environ | schema,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        self.url = self.told().replace("localhost", "127.0.0.1")

    def told(self):
        line = next((line for line in self.process.stdout if line.startswith("TOLD ")), None)
        assert line, "the servers left without a word: node 22 or newer, Postgres and Redis must be there"
        return json.loads(line.removeprefix("TOLD "))

    def index(self):
        self.process.stdin.write("\n")
        self.process.stdin.flush()
        self.told()

    def close(self):
        self.process.stdin.close()
        self.process.wait(20)


class Person:
    """An account there, as an app of its owner's would use it."""

    def __init__(self, network, name):
        self.network, self.headers = network, {}
        told = self.do(
            "server.createAccount", handle=f"{name}.test", email=f"{name}@example.com", password="a-passw0rd"
        )
        self.did, self.headers = told["did"], {"Authorization": f"Bearer {told['accessJwt']}"}

    def do(self, call, **body):
        url = f"{self.network.url}/xrpc/com.atproto.{call}"
        answer = requests.post(url, json=body, headers=self.headers, timeout=20)
        assert answer.ok, answer.text
        return answer.json() if answer.content else {}

    def post(self, *texts, **more):
        """The addresses of posts that are written in one go."""
        at = datetime.now(UTC).isoformat().replace("+00:00", "Z")
        records = [{"$type": POST, "text": text, "createdAt": at, **more} for text in texts]
        kind = "com.atproto.repo.applyWrites#create"
        writes = [{"$type": kind, "collection": POST, "value": record} for record in records]
        return [told["uri"] for told in self.do("repo.applyWrites", repo=self.did, writes=writes)["results"]]

    def delete(self, uri):
        self.do("repo.deleteRecord", repo=self.did, collection=POST, rkey=uri.rpartition("/")[2])

    def label_as_bot(self):
        labels = {"$type": "com.atproto.label.defs#selfLabels", "values": [{"val": "bot"}]}
        profile = {"$type": "app.bsky.actor.profile", "labels": labels}
        self.do("repo.putRecord", repo=self.did, collection="app.bsky.actor.profile", rkey="self", record=profile)


def tagging(person):
    return [
        {
            "index": {"byteStart": 0, "byteEnd": 10},
            "features": [{"$type": "app.bsky.richtext.facet#mention", "did": person.did}],
        }
    ]


@pytest.fixture(scope="module")
def network():
    missing = [name for name in NEEDED if not os.environ.get(name)]
    if missing:
        pytest.skip(f"{', '.join(missing)} not set: docs/sources.md says how the network is installed and started")
    if not (Path(os.environ["HEARBACK_ATPROTO"]) / "node_modules/@atproto/dev-env").is_dir():
        pytest.skip("HEARBACK_ATPROTO is no folder with @atproto/dev-env: npm install @atproto/dev-env there")
    started = Network()
    yield started
    started.close()


@pytest.fixture(scope="module")
def them(network):
    return Person(network, "them")


@pytest.fixture(scope="module")
def us(network):
    person = Person(network, "acme-help")
    person.password = person.do("server.createAppPassword", name="hearback")["password"]
    return person


@pytest.fixture
def account(us, network, monkeypatch):
    monkeypatch.setenv("BLUESKY_HANDLE", "acme-help.test")
    monkeypatch.setenv("BLUESKY_APP_PASSWORD", us.password)
    hours = iter(range(1_000))  # each look at the clock is an hour later: every session is refreshed before it is used
    return BlueskyAccount(Web(PATIENT), network.url, monotonic=lambda: next(hours) * 3_601.0)


def listen(account, acme, cursor=None):
    return Bluesky(account.session({}).endpoint, account=account).listen([acme], {}, cursor or {}, datetime.now(UTC))


def ids(fetched):
    return {found.mention.id for found in fetched.found}


def an_approved(mention_id, text, **facts):
    now = datetime.now(UTC)
    told = {"mention_id": mention_id, "approved_by": "Kim", "approved_at": now, "named": ("acme-help.test",)}
    return ApprovedReply(id="abc123", text=text, **(told | facts))


def test_all_posts_are_found_by_search_and_no_second_time_and_what_is_deleted_is_gone(network, them, account, acme):
    posted = {f"bluesky:{uri}" for uri in them.post(*(f"my acme broke, {number}" for number in range(130)))}
    them.post("nothing to do with you")
    network.index()
    first = listen(account, acme)
    assert ids(first) == posted
    assert {found.mention.author for found in first.found} == {"them.test"}
    assert not listen(account, acme, first.cursor).found
    (later,) = them.post("acme again")
    network.index()
    assert ids(listen(account, acme, first.cursor)) == {f"bluesky:{later}"}
    gone, *standing = sorted(posted)[:25]
    them.delete(gone.removeprefix("bluesky:"))
    network.index()
    result = Bluesky(network.url, account=account).recheck(
        [RecheckTarget(one) for one in (gone, *standing)], {}, datetime.now(UTC)
    )
    assert (list(result.gone), set(result.present)) == ([gone], set(standing))


def test_who_tagged_us_is_heard_and_answered_once_and_the_answer_is_known_as_ours(network, them, us, account, acme):
    (asked,) = them.post("@acme-help why is it slow?", facets=tagging(us))
    (untagged,) = them.post("some say acme is slow")
    network.index()
    mention_id = f"bluesky:{asked}"
    inbox = next(one for one in listen(account, acme).found if one.mention.id == mention_id)
    assert inbox.brands == ("Acme",)
    replies = BlueskyReplies(network.url, account=account)
    approved = an_approved(mention_id, "We are on it: https://acme.example/status")
    assert replies.refuses(approved, {}) is None
    with pytest.raises(ListenerError, match=r"mark acme-help\.test as automated first"):
        replies.send(approved, {}, datetime.now(UTC))
    us.label_as_bot()
    network.index()
    with pytest.raises(ListenerError, match="Only where the author tagged"):
        replies.send(an_approved(f"bluesky:{untagged}", "Sorry."), {}, datetime.now(UTC))
    assert replies.find(approved, {}, datetime.now(UTC)) is None
    sent = replies.send(approved, {}, datetime.now(UTC))
    assert replies.send(approved, {}, datetime.now(UTC)).reply_id == sent.reply_id, "the same letter is the same record"
    assert replies.find(approved, {}, datetime.now(UTC)).reply_id == sent.reply_id
    network.index()
    by_words = an_approved(mention_id, approved.text, approved_at=datetime.now(UTC))  # another key: found in the thread
    assert replies.find(by_words, {}, datetime.now(UTC)).reply_id == sent.reply_id
    heard = listen(account, acme)
    assert {(one.mention_id, one.text) for one in heard.answers} == {(mention_id, approved.text)}
    assert sent.reply_id not in ids(heard)


def test_credentials_that_are_wrong_are_said_to_be(network, account, acme, monkeypatch):
    monkeypatch.setenv("BLUESKY_APP_PASSWORD", "abcd-efgh-ijkl-mnop")
    with pytest.raises(ListenerError, match="does not accept BLUESKY_HANDLE") as failed:
        listen(account, acme)
    assert failed.value.permanent
