"""The webhook: signed requests are written down once and read as rows; nothing unsigned, old, large or too much is."""

from __future__ import annotations

import errno
import json
import os
import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from data import files
from data.models import Brand, HearbackError
from data.setup import Setup, parse
from listeners import catalog
from listeners.base import ListenerError
from listeners.schedule.runs import Task, run_once, tasks
from listeners.sources.webhook import AT_ONCE, LARGEST_READ, MOST_BYTES, Webhook, rest
from listeners.sources.webhook_endpoint import (
    A_MINUTE,
    LARGEST,
    WebhookEndpoint,
    names,
    secret_name,
    sign,
    unread_fault,
)
from listeners.sources.webhook_seen import MOST_LINES
from tests.odd_things import ODD

NOON = datetime(2026, 11, 24, 12, tzinfo=UTC)
KEY = "whsec_c2VjcmV0LW9mLXRoZS10ZXN0cw=="
SETUP = Setup((), {"webhook": {"names": ["acme-news = Acme", "other"]}})
ODD_NAME = "acme-news-20261124T110000000000-aaaaaaaaaaaa.body"  # before any that the tests lay
ROW = {"id": "1", "text": "Acme's kettle leaks", "created_at": "2026-11-24T10:00:00Z", "author": "Person 1"}


@pytest.fixture(autouse=True)
def key(monkeypatch):
    monkeypatch.setenv(secret_name("acme-news"), KEY)


@pytest.fixture
def endpoint(kept):
    return WebhookEndpoint(kept)


def body(*rows):
    return json.dumps(list(rows or (ROW,))).encode()


def signed(content, message_id="msg_1", at=NOON, key=KEY):
    seconds = int(at.timestamp())
    return {
        "webhook-id": message_id,
        "webhook-timestamp": str(seconds),
        "webhook-signature": sign(key, message_id, seconds, content),
    }


def push(endpoint, content=None, name="acme-news", now=NOON, setup=SETUP, **how):
    content = body() if content is None else content
    return endpoint.receive(setup, name, signed(content, **how), content, now)


def listen(kept, cursor=None, **tables):
    return Webhook(kept.intake).listen(
        [Brand("Acme", ("acme",))], SETUP.sources["webhook"] | tables, cursor or {}, NOON
    )


# The door


def test_the_signature_is_that_of_the_specification():
    """The worked example of the Standard Webhooks specification."""
    key = "whsec_plJ3nmyCDGBKInavdOK15jsl"
    content = b'{"event_type":"ping","data":{"success":true}}'
    told = sign(key, "msg_loFOjxBNrRLzqYUf", 1731705121, content)
    assert told == "v1,rAvfW3dJ/X/qxhsaXPOyyCGmRKsaKWcsNccKXlIktD0="


def test_a_signed_request_is_written_down_and_becomes_mentions(endpoint, kept):
    assert push(endpoint).status == 202
    fetched = listen(kept)
    (found,) = fetched.found
    assert (found.mention.id, found.mention.source, found.brands) == ("acme-news:1", "acme-news", ("Acme",))
    assert found.mention.author == "Person 1"


def test_what_was_read_goes_only_after_its_batch_is_in_place(endpoint, kept):
    push(endpoint)
    first = listen(kept)
    assert len(list(kept.intake.glob("*.body"))) == 1
    assert len(listen(kept).found) == 1  # the cursor was not kept: it is read again
    assert listen(kept, first.cursor).found == []
    assert list(kept.intake.glob("*.body")) == []


@pytest.mark.parametrize(
    "change",
    [
        {"webhook-signature": ""},
        {"webhook-signature": "v1,AAAA"},
        {"webhook-id": "msg_2"},
        {"webhook-timestamp": str(int(NOON.timestamp()) + 1)},
        {"webhook-timestamp": "now"},
        {"webhook-id": "a/../b"},
        {"webhook-signature": "v1,\u00e9"},
    ],
)
def test_what_is_not_signed_right_is_refused_and_not_kept(endpoint, kept, change):
    answered = endpoint.receive(SETUP, "acme-news", signed(body()) | change, body(), NOON)
    assert answered.status == 401
    assert not kept.intake.exists()


def test_another_body_under_the_same_signature_is_refused(endpoint):
    assert endpoint.receive(SETUP, "acme-news", signed(body()), body({**ROW, "text": "other"}), NOON).status == 401


def test_one_of_several_signatures_is_enough_while_a_secret_changes(endpoint):
    headers = signed(body())
    headers["webhook-signature"] = f"v1,AAAA {headers['webhook-signature']}"
    assert endpoint.receive(SETUP, "acme-news", headers, body(), NOON).status == 202


@pytest.mark.parametrize("late", [timedelta(minutes=6), timedelta(minutes=-6)])
def test_an_old_request_is_no_request(endpoint, late):
    assert "set the sender's clock" in push(endpoint, now=NOON + late).said


def test_a_request_sent_again_is_answered_alike_and_kept_once(endpoint, kept):
    assert [push(endpoint).status for _ in range(3)] == [202, 202, 202]
    assert len(list(kept.intake.glob("*.body"))) == 1


def test_an_id_that_comes_back_with_other_words_is_refused(endpoint):
    push(endpoint)
    assert push(endpoint, body({**ROW, "text": "changed"})).status == 409


def test_replays_are_known_after_a_restart(endpoint, kept):
    push(endpoint)
    assert push(WebhookEndpoint(kept)).said == "Taken in before."


def test_a_damaged_memory_of_ids_stops_nothing(endpoint, kept):
    push(endpoint)
    (kept.intake / "acme-news.seen").write_text("[")
    assert push(endpoint, message_id="msg_2").status == 202


def test_too_much_at_once_is_refused(endpoint, kept):
    assert push(endpoint, b" " * (LARGEST + 1)).status == 413
    assert not kept.intake.exists()


def test_too_many_are_asked_to_wait_and_forgers_keep_nobody_out(endpoint):
    for _ in range(A_MINUTE):
        assert endpoint.receive(SETUP, "acme-news", {}, b"{}", NOON).status == 401
    assert endpoint.receive(SETUP, "acme-news", {}, b"{}", NOON).status == 429
    answers = [push(endpoint, message_id=f"msg_{n}") for n in range(A_MINUTE + 1)]
    assert [one.status for one in answers] == [202] * A_MINUTE + [429]
    assert 0 < answers[-1].wait <= 61
    later = NOON + timedelta(seconds=61)
    assert push(endpoint, message_id="later", now=later, at=later).status == 202


def test_a_clock_that_is_set_back_refuses_nobody_for_as_long(endpoint):
    for n in range(A_MINUTE):
        assert push(endpoint, message_id=f"msg_{n}").status == 202
    back = NOON - timedelta(days=1)
    assert push(endpoint, message_id="back", now=back, at=back).status == 202


@pytest.mark.parametrize(
    ("setup", "name"),
    [
        (SETUP, "nobody"),
        (Setup(), "acme-news"),
        (Setup((), {"webhook": {"names": ["acme-news"], "on": False}}), "acme-news"),
    ],
)
def test_a_name_that_is_not_set_up_is_not_there(endpoint, setup, name):
    assert push(endpoint, name=name, setup=setup).status == 404


def test_without_a_secret_long_enough_nothing_is_taken(endpoint, monkeypatch):
    assert push(endpoint, name="other").status == 503
    monkeypatch.setenv(secret_name("other"), "short")
    assert "HEARBACK_WEBHOOK_OTHER is not set here" in push(endpoint, name="other", key="short").said


def test_names_that_could_be_paths_or_options_are_none():
    assert names({"names": ["../x", "on", "names", "Acme", "a b", "ok-1 = Acme"]}) == {"ok-1": "Acme"}


# What was erased


def strict(kept, *erased):
    """A door that knows these ids as erased."""
    return WebhookEndpoint(kept, lambda *given: rest(*given, set(erased).intersection))


def waiting_batches(kept):
    return [json.loads(line) for batch in kept.incoming.glob("*.jsonl") for line in batch.read_text().splitlines()]


def test_what_tells_again_of_what_was_erased_does_not_lie_there(kept):
    assert push(strict(kept, "acme-news:1")).said == "Taken in."
    assert [path.suffix for path in kept.intake.iterdir()] == [".seen"]
    assert not kept.incoming.exists()
    assert push(strict(kept, "acme-news:1")).said == "Taken in before."


def test_the_rest_of_what_was_pushed_with_it_goes_in_at_once(kept):
    bad = {**ROW, "id": "3", "created_at": "soon"}
    reply = {**ROW, "reply": "We are sorry", "reply_at": "2026-11-24T11:00:00Z"}
    other = {**ROW, "id": "2", "text": "Acme's lid rattles"}
    assert push(strict(kept, "acme-news:1"), body(reply, other, bad)).status == 202
    assert [path.suffix for path in kept.intake.iterdir()] == [".seen"]
    first, second = waiting_batches(kept)
    assert (first["id"], second["rejected"]["file"]) == ("acme-news:2", "webhook: acme-news")
    assert first["brands"] == ["Acme"]
    assert "leaks" not in json.dumps(first)


def test_a_body_with_nothing_erased_in_it_waits_to_be_read_as_any_other(kept):
    push(strict(kept, "acme-news:9"))
    push(strict(kept, "acme-news:9"), b"no rows at all", message_id="msg_2")
    assert [path.suffix for path in sorted(kept.intake.iterdir())] == [".body", ".body", ".seen"]
    assert len(listen(kept).found) == 1


def test_what_cannot_be_looked_through_is_not_taken_and_leaves_nothing_whole(kept):
    def broken(*_):
        raise HearbackError("The store is being read without a pause.")

    with pytest.raises(HearbackError):
        push(WebhookEndpoint(kept, broken))
    assert list(kept.intake.glob("*.body")) == []
    assert push(WebhookEndpoint(kept)).said == "Taken in."


# What was written down


@pytest.mark.parametrize(
    "content",
    [
        json.dumps(ROW), json.dumps(ROW, indent=2), json.dumps([ROW]), json.dumps({"page": 1, "data": [ROW]}),
        f"{json.dumps(ROW)}\n\n{json.dumps(ROW)}\n", "\ufeff" + json.dumps([ROW]),
    ],
    ids=["object", "on several lines", "list", "within", "lines", "with a mark"],
)  # fmt: skip
def test_bodies_of_every_shape_are_read(endpoint, kept, content):
    assert push(endpoint, content.encode()).status == 202
    assert [one.mention.text for one in listen(kept).found] == ["Acme's kettle leaks"]


@pytest.mark.parametrize("content", [b"", b"[]", b"[1]", b'"x"', b"<html>", b"\xff\xfe", b"[" * 100_000, b'{"a": 1}'])
def test_a_body_without_rows_is_set_aside_with_its_reason_and_stops_no_other(endpoint, kept, content):
    push(endpoint, content)
    push(endpoint, message_id="msg_2")
    fetched = listen(kept)
    assert len(fetched.found) == 1
    (refused,) = fetched.rejected
    assert refused.file == "webhook: acme-news"
    assert refused.reason


def test_a_bad_row_is_set_aside_and_its_neighbours_go_in(endpoint, kept):
    push(endpoint, body(ROW, {**ROW, "id": "2", "created_at": "soon"}, {**ROW, "id": "3"}))
    fetched = listen(kept)
    assert [one.mention.id for one in fetched.found] == ["acme-news:1", "acme-news:3"]
    assert "no time can be read" in fetched.rejected[0].reason


def test_fields_are_read_as_setup_says(endpoint, kept):
    push(endpoint, body({"n": 7, "post": {"says": "Acme leaks"}, "at": "2026-11-24T10:00:00Z"}))
    table = {"source": "x", "brand": "Bolt", "map": {"post.says": "text", "n": "native_id", "at": "published_at"}}
    (found,) = listen(kept, **{"acme-news": table}).found
    assert (found.mention.id, found.mention.text, found.brands) == ("x:7", "Acme leaks", ("Bolt",))


def test_a_mapping_that_cannot_be_used_is_the_reason(endpoint, kept):
    push(endpoint)
    fetched = listen(kept, **{"acme-news": {"map": {"nothing": "text"}}})
    assert "There is no column 'nothing'" in fetched.rejected[0].reason


def test_a_body_whose_columns_tell_nothing_is_mended_in_setup_toml(endpoint, kept):
    push(endpoint, body({"id": "1", "text": "Acme leaks"}))
    (refused,) = listen(kept).rejected
    assert "No column holds the time of writing (published_at)" in refused.reason
    assert '[sources.webhook.acme-news] map = { "COLUMN" = "FIELD" } in setup.toml' in refused.reason
    assert "--map" not in refused.reason


def test_an_intake_without_its_secret_is_said_to_lack_it():
    def lacking():
        task = Task(Webhook(), (Brand("Acme", ("acme",)),), SETUP.sources["webhook"])
        return [(one["kind"], one["name"]) for one in catalog.lacking(task)]

    assert lacking() == [("secret", "HEARBACK_WEBHOOK_OTHER")]


def put(kept, number, content, at=NOON):
    """A body as the endpoint stores it, without its request."""
    kept.intake.mkdir(parents=True, exist_ok=True)
    at += timedelta(seconds=number)
    path = kept.intake / f"acme-news-{at:%Y%m%dT%H%M%S%f}-{number:012x}.body"
    path.write_bytes(content)
    return path


def test_many_bodies_are_read_in_portions(kept):
    for n in range(AT_ONCE + 10):
        put(kept, n, body({**ROW, "id": str(n)}))
    first = listen(kept)
    assert (len(first.found), first.more) == (AT_ONCE, True)
    second = listen(kept, first.cursor)
    assert (len(second.found), second.more) == (10, False)
    assert second.found[0].mention.id == f"acme-news:{AT_ONCE}"


def test_large_bodies_are_read_one_by_one_rather_than_all_at_once(kept):
    """The last blank of a body is beyond its JSON and costs no time to read."""
    for n in range(3):
        put(kept, n, body({**ROW, "id": str(n)}) + b" " * MOST_BYTES)
    first = listen(kept)
    assert (len(first.found), first.more) == (1, True)


def test_the_rest_is_read_at_once_and_not_after_the_usual_pause(kept):
    for n in range(AT_ONCE + 1):
        put(kept, n, body({**ROW, "id": str(n)}))
    setup = parse('[[brand]]\nname = "Acme"\n[sources.webhook]\nnames = ["acme-news = Acme"]')
    (task,) = tasks([Webhook(kept.intake)], setup)
    assert run_once(task, kept, 0, lambda: NOON, print).pause == 0
    assert run_once(task, kept, 0, lambda: NOON, print).pause > 0


@pytest.mark.parametrize("odd", ODD)
def test_what_is_no_file_is_set_aside_by_name_and_stops_no_other(kept, odd):
    put(kept, 1, body({**ROW, "id": "1"}))
    ODD[odd](kept.intake / ODD_NAME)
    fetched = listen(kept)
    assert [found.mention.id for found in fetched.found] == ["acme-news:1"]
    assert fetched.troubles == []
    [rejected] = fetched.rejected
    assert (rejected.file, rejected.content) == ("webhook: acme-news", "")
    assert rejected.reason.startswith("it cannot be read: ")
    assert rejected.reason.endswith(f"; it was set aside as {ODD_NAME}.rejected")
    assert os.path.lexists(kept.intake / f"{ODD_NAME}.rejected")
    assert listen(kept, fetched.cursor).rejected == []


@pytest.mark.parametrize("odd", ODD)
def test_what_lies_where_rows_are_written_for_a_while_is_no_hindrance(kept, odd):
    ODD[odd](put(kept, 1, body()).with_suffix(".rows"))
    fetched = listen(kept)
    assert (len(fetched.found), fetched.rejected, fetched.troubles) == (1, [], [])
    assert not os.path.lexists(next(kept.intake.glob("*.body")).with_suffix(".rows"))


def test_a_name_that_is_no_text_and_a_body_larger_than_any_are_set_aside(kept):
    put(kept, 1, body())
    (kept.intake / os.fsdecode(b"acme-\xff-1-2.body")).write_bytes(body())
    with (kept.intake / ODD_NAME).open("wb") as file:
        file.truncate(LARGEST_READ + 1)
    runs = [listen(kept)]
    while runs[-1].more:
        runs.append(listen(kept, runs[-1].cursor))
    assert sum(len(run.found) for run in runs) == 1
    assert sorted(one.reason.partition(";")[0] for run in runs for one in run.rejected) == [
        f"it cannot be read: it has more than the {LARGEST_READ:,} bytes that it may have",
        "it cannot be read: its name is not valid UTF-8",
    ]


def test_a_body_that_cannot_be_removed_is_read_once_and_told_of(kept, monkeypatch):
    stuck, plain = put(kept, 1, body({**ROW, "id": "1"})), Path.unlink

    def unlink(path, missing_ok=False):
        if path == stuck:
            raise PermissionError(errno.EPERM, "Operation not permitted", str(path))
        plain(path, missing_ok=missing_ok)

    monkeypatch.setattr(Path, "unlink", unlink)
    first = listen(kept)
    put(kept, 2, body({**ROW, "id": "2"}))
    second = listen(kept, first.cursor)
    assert [found.mention.id for found in second.found] == ["acme-news:2"]
    assert second.troubles == [f"{stuck} was taken in and cannot be removed (Operation not permitted); remove it"]
    third = listen(kept, second.cursor)
    assert (third.found, len(third.troubles)) == ([], 1)


def test_what_can_be_neither_read_nor_renamed_is_told_of_and_stops_no_other(kept, monkeypatch):
    put(kept, 1, body())
    os.mkfifo(kept.intake / ODD_NAME)

    def set_aside(path):
        raise PermissionError(errno.EPERM, "Operation not permitted", str(path))

    monkeypatch.setattr(files, "set_aside", set_aside)
    fetched = listen(kept)
    assert (len(fetched.found), fetched.rejected) == (1, [])
    assert fetched.troubles == [
        f"{ODD_NAME} can be neither read (it is a named pipe, not a file) nor set aside (Operation not permitted); "
        "move it away"
    ]


def test_an_intake_that_is_no_folder_is_told_in_a_sentence(kept):
    kept.intake.parent.mkdir(parents=True, exist_ok=True)
    kept.intake.write_text("a file")
    with pytest.raises(ListenerError, match="is no folder, and a folder must be there"):
        listen(kept)


@pytest.mark.parametrize("odd", ODD)
def test_what_lies_where_accepted_requests_are_remembered_refuses_nobody(endpoint, kept, odd):
    kept.intake.mkdir(parents=True)
    ODD[odd](kept.intake / "acme-news.seen")
    assert push(endpoint).said == "Taken in."
    assert push(endpoint).said == "Taken in before."


def test_a_file_that_fails_for_now_is_read_in_the_next_run(kept, monkeypatch):
    failing, plain = put(kept, 1, body({**ROW, "id": "1"})), files.read
    put(kept, 2, body({**ROW, "id": "2"}))

    def read(path, **how):
        if path == failing:
            raise OSError(errno.EMFILE, "Too many open files")
        return plain(path, **how)

    with monkeypatch.context() as patched:
        patched.setattr(files, "read", read)
        first = listen(kept)
    assert [found.mention.id for found in first.found] == ["acme-news:2"]
    assert "Too many open files" in first.troubles[0] and failing.name in first.troubles[0]
    assert [found.mention.id for found in listen(kept, first.cursor).found] == ["acme-news:1"]


# Many at once


def test_bodies_are_stored_at_the_same_time(endpoint, monkeypatch):
    """Each waits for the disk while the others do, too; one after the other would be as slow as their sum."""
    at_once, plain = threading.Barrier(4), files.lay

    def lay(path, content):
        at_once.wait(60)
        return plain(path, content)

    monkeypatch.setattr(files, "lay", lay)
    with ThreadPoolExecutor(4) as pool:
        answers = pool.map(lambda n: push(endpoint, body({**ROW, "id": str(n)}), message_id=f"m{n}").status, range(4))
    assert list(answers) == [202] * 4


def test_the_same_request_twice_at_the_same_time_is_stored_once(endpoint, kept, monkeypatch):
    begun, plain = threading.Event(), files.lay

    def lay(path, content):
        begun.set()
        threading.Event().wait(0.2)
        return plain(path, content)

    monkeypatch.setattr(files, "lay", lay)
    with ThreadPoolExecutor(2) as pool:
        first = pool.submit(push, endpoint)
        begun.wait(60)
        second = pool.submit(push, endpoint)
        assert (first.result().said, second.result().said) == ("Taken in.", "Taken in before.")
    assert len(list(kept.intake.glob("*.body"))) == 1


def test_a_request_that_could_not_be_stored_is_taken_in_when_it_comes_again(endpoint, monkeypatch):
    def full(path, content):
        raise OSError(errno.ENOSPC, "No space left on device")

    with monkeypatch.context() as patched:
        patched.setattr(files, "lay", full)
        with pytest.raises(OSError):
            push(endpoint)
    assert push(endpoint).said == "Taken in."


def test_what_was_accepted_is_known_after_a_restart_and_in_files_of_before(endpoint, kept):
    push(endpoint)
    assert push(WebhookEndpoint(kept)).said == "Taken in before."
    seen = kept.intake / "acme-news.seen"
    entries = {key: one for line in seen.read_text().splitlines() if line for key, one in json.loads(line).items()}
    seen.write_text(json.dumps(entries))  # one object, as it was once
    assert push(WebhookEndpoint(kept)).said == "Taken in before."
    seen.write_text(seen.read_text() + '\n{"msg_2": ["2026-')  # cut off by a crash
    assert push(WebhookEndpoint(kept)).said == "Taken in before."
    assert push(endpoint, message_id="msg_3").said == "Taken in."
    assert push(WebhookEndpoint(kept), message_id="msg_3").said == "Taken in before."


def test_the_file_of_accepted_requests_does_not_grow_for_ever(endpoint, kept):
    for n in range(MOST_LINES + 20):
        at = NOON + timedelta(seconds=2 * n)
        push(endpoint, body({**ROW, "id": str(n)}), message_id=f"m{n}", now=at, at=at)
    seen = (kept.intake / "acme-news.seen").read_text()
    assert sum(map(len, map(json.loads, filter(None, seen.splitlines())))) < MOST_LINES
    assert f'"m{MOST_LINES + 19}"' in seen


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"content-length": str(LARGEST + 1)}, 413),
        ({"webhook-id": ""}, 401),
        ({"webhook-timestamp": "x"}, 401),
        ({"webhook-timestamp": str(int(NOON.timestamp()) - 600)}, 401),
        ({"content-length": "x"}, None),
    ],
)
def test_headers_alone_refuse_what_could_never_be_accepted(headers, status):
    refused = unread_fault(signed(body()) | headers, NOON)
    assert (refused and refused.status) == status
