"""Records what people do to mentions: the action and the queue's row are written in one transaction, or neither."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from data.models import Action, ActionKind, MentionState, Status
from data.people.rights import Actor, Verb
from data.queue import corrections, old_news, ranks
from data.queue.actions import Collision, NotAllowed, append, new_id, of_mention
from data.queue.ranks import Ranking
from data.queue.status import BRINGS_BACK, allowed, state_after, wake
from data.store.store import Connection, Store

RERANKS = {ActionKind.JUDGE, ActionKind.EXPECT, ActionKind.UNDO, ActionKind.REOPEN}


def record(store: Store, ranking: Ranking, action: Action, seen: int | None, by: Actor) -> Action:
    """Write one action of `by` and return it with its id. `seen`: the version of the mention that the person saw; an
    undo needs none, since only the latest action that still counts may be undone. Forbidden by the actor's role,
    Collision when somebody else acted since, NotAllowed when the mention's status does not allow the action. Nothing is
    written then."""
    by.insist(Verb.TRIAGE)
    action = replace(action, id=action.id or new_id(), actor=by.name)
    with store.write(mention_id=action.mention_id) as transaction:
        history = of_mention(transaction, action.mention_id)
        if not history and not _is_stored(transaction, action.mention_id):
            raise NotAllowed("That mention is not stored any more; nothing was written.")
        _check(transaction, action, history, seen)
        append(transaction, action, len(history) + 1, action.happened_at)
        corrections.follow(transaction, action, len(history) + 1)
        undone = next((earlier.kind for earlier in history if earlier.id == action.undoes), action.kind)
        is_word = undone in corrections.SETS  # of a person, about what is said; set or taken back
        if not (is_word and ranks.correct(transaction, ranking, action.mention_id, len(history) + 1)):
            _show(transaction, ranking, action, state_after((*history, action)))
    return action


def _is_stored(store: Connection, mention_id: str) -> bool:
    # The queue first: it is small, and what is worked on stands there.
    return any(store.value(sql, id=mention_id) for sql in (IN_QUEUE, IN_STORE))


def _check(store: Connection, action: Action, history: Sequence[Action], seen: int | None) -> None:
    if action.kind is ActionKind.UNDO:
        _check_undo(action, history)
        return
    if seen is not None and len(history) != seen:
        raise Collision(tuple(history[seen:]))
    status = wake(state_after(history), action.happened_at).status
    if action.kind not in allowed(status) and old_news.is_old(store, action.mention_id):
        status = Status.OLD  # which its actions alone do not tell
    if action.kind not in allowed(status):
        raise NotAllowed(f"A mention that is {status.value} cannot be given “{action.kind.value}”.")


def _check_undo(action: Action, history: Sequence[Action]) -> None:
    undone = {earlier.undoes for earlier in history if earlier.undoes}
    effective = [earlier for earlier in history if earlier.kind is not ActionKind.UNDO and earlier.id not in undone]
    places = [place for place, earlier in enumerate(effective) if earlier.id == action.undoes]
    if not places:
        raise NotAllowed("That was taken back already.")
    if since := tuple(effective[places[0] + 1 :]):
        raise Collision(since)


def _show(store: Connection, ranking: Ranking, action: Action, state: MentionState) -> None:
    """Bring the mention's row up to date: a small change in place, a new row where its rank may have moved."""
    if action.kind in RERANKS or (action.kind in BRINGS_BACK and old_news.is_old(store, action.mention_id)):
        ranks.rebuild(store, ranking, "SELECT $id AS mention_id", id=action.mention_id)
    elif state.status is Status.RESOLVED:
        store.run("DELETE FROM queue WHERE mention_id = $id", id=action.mention_id)
    else:
        store.run(
            MOVE, id=action.mention_id, status=state.status.value, assignee=state.assignee,
            snoozed_until=state.snoozed_until, version=state.version,
        )  # fmt: skip


IN_QUEUE = "SELECT count(*) FROM queue WHERE mention_id = $id"
IN_STORE = "SELECT count(*) FROM mention WHERE id = $id"

MOVE = """
UPDATE queue
SET
    status = CASE WHEN status = 'old' AND $status = 'open' THEN status ELSE $status END,
    assignee = $assignee, snoozed_until = $snoozed_until, version = $version
WHERE mention_id = $id
"""
