"""Reads tickets as Zendesk gives them: what customers wrote, what the team answered, without the team's own notes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from listeners import addresses
from listeners.importing.mapping.nests import Left, Object, Row, by_id, objects

TEAM = frozenset(("agent", "admin"))  # the roles of a help desk's own people


def is_from_zendesk(value: Object) -> bool:
    """Whether an object holds tickets as Zendesk gives them."""
    first = next(iter(_tickets(value)), {})
    said = {"subject", "description", "comments"} & first.keys()
    return {"requester_id", "created_at"} <= first.keys() and bool(said)


def _tickets(value: Object) -> list[dict[str, Any]]:
    one = value.get("ticket")
    return [one] if isinstance(one, dict) else objects(value.get("tickets"))


def from_zendesk(value: Object) -> Iterator[Row]:
    """Each ticket, followed by what was said in it: what our own people said is the brand's, notes are left out."""
    people, tickets = by_id(value.get("users")), _tickets(value)
    for ticket in tickets:
        number, asked_by = ticket.get("id"), ticket.get("requester_id")
        comments = _comments(value, ticket)
        text = ticket.get("description") or (comments[0].get("body") if comments else None)
        yield {
            "native_id": number,
            "kind": "post",
            "title": ticket.get("subject"),
            "text": text,
            "author": people.get(str(asked_by), {}).get("name"),
            "url": _page_of_ticket(ticket.get("url")),
            "published_at": ticket.get("created_at"),
        }
        for comment in comments[1 if comments and _is_first(comments[0], text) else 0 :]:
            if _is_public(comment):
                yield _said_in(comment, number, asked_by, people)


def _comments(value: Object, ticket: Object) -> list[dict[str, Any]]:
    """The comments of a ticket: those within it; else those beside all tickets with its id, or beside it alone."""
    number = ticket.get("id")
    unsaid = number if len(_tickets(value)) == 1 else None
    beside = [one for one in objects(value.get("comments")) if one.get("ticket_id", unsaid) == number]
    return objects(ticket.get("comments")) or beside


def _is_first(comment: Object, text: object) -> bool:
    """Whether a comment is the ticket's own text once more."""
    return str(comment.get("body") or "").split() == str(text or "").split()


def _is_public(comment: Object) -> bool:
    return comment.get("public", True) is not False


def _said_in(comment: Object, ticket: object, asked_by: object, people: Mapping[str, Object]) -> Row:
    by = comment.get("author_id")
    role = people.get(str(by), {}).get("role")
    return {
        "native_id": f"{ticket}/{comment.get('id')}",
        "kind": "comment",
        "title": None,
        "text": comment.get("plain_body") or comment.get("body"),
        "author": people.get(str(by), {}).get("name"),
        "published_at": comment.get("created_at"),
        "thread_id": ticket,
        "parent_id": ticket,
        "is_from_brand": role in TEAM if role else by != asked_by,
    }


def _page_of_ticket(address: object) -> str | None:
    """The page of a ticket, from the address that its interface names."""
    found = addresses.split(str(address or ""))
    number = found.path.rpartition("/")[2].removesuffix(".json")
    return f"https://{found.hostname}/agent/tickets/{number}" if found.hostname and number.isdecimal() else None


def left_by_zendesk(value: Object) -> Left:
    """What of the tickets is not read: see Nest."""
    read = [comment for ticket in _tickets(value) for comment in _comments(value, ticket)]
    yield "internal notes, which are no mentions", sum(not _is_public(one) for one in read)
    yield "comments that name no ticket of the file", max(0, len(objects(value.get("comments"))) - len(read))
