"""Closes the connections of clients that fall silent, or are far too slow, before their request is whole.

An application never hears of a request before its head is whole, so this looks at uvicorn's connections. uvicorn has no
limit of its own for them, and Streamlit passes it no settings; its class of connections is therefore extended in place.
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from typing import Any
from weakref import WeakKeyDictionary

from uvicorn.protocols.http.auto import AutoHTTPProtocol

SILENCE = 15.0  # seconds without a byte from the client while we wait for one, or without it reading a byte of ours
WHOLE_HEAD = 30.0  # seconds for the head of a request
LOOK_EVERY = 1.0  # seconds


@dataclass(slots=True)
class Progress:
    """How far a connection is: when its last byte came, since when the head of a request is awaited, and how many bytes
    of ours wait to be read since when. Times are the event loop's, in seconds."""

    heard_at: float
    awaiting_head: float | None
    unread: int = 0
    unread_since: float = 0.0


_open: WeakKeyDictionary[Any, Progress] = WeakKeyDictionary()


def watch(protocol: Any = AutoHTTPProtocol) -> None:
    """Note the progress of each connection of this class from now on; once for a class."""
    made, received = protocol.connection_made, protocol.data_received
    if getattr(received, "is_watched", False):
        return

    def connection_made(self: Any, transport: asyncio.Transport) -> None:
        _open[self] = Progress(self.loop.time(), self.loop.time())
        made(self, transport)

    def data_received(self: Any, data: bytes) -> None:
        _open[self].heard_at = self.loop.time()
        received(self, data)

    data_received.is_watched = True  # type: ignore[attr-defined]
    protocol.connection_made, protocol.data_received = connection_made, data_received


async def cut_off() -> None:
    """Close, until cancelled, every watched connection that is too slow."""
    while True:
        await asyncio.sleep(LOOK_EVERY)
        now = asyncio.get_running_loop().time()
        for connection, progress in list(_open.items()):
            if connection.transport.is_closing() or connection.transport.get_protocol() is not connection:
                del _open[connection]  # closed, or a websocket by now, which has pings of its own
            elif is_too_slow(connection, progress, now):
                connection.transport.abort()


def is_too_slow(connection: Any, progress: Progress, now: float) -> bool:
    """Whether a connection is to be closed at `now`."""
    unread = connection.transport.get_write_buffer_size()
    if unread != progress.unread:
        progress.unread, progress.unread_since = unread, now
    if unread and now - progress.unread_since > SILENCE:
        return True
    cycle = connection.cycle
    is_asked = cycle is not None and not cycle.response_complete
    if is_asked and (not cycle.more_body or connection.flow.read_paused):
        progress.heard_at, progress.awaiting_head = now, None  # the answer is ours to give
        return False
    if is_asked:
        progress.awaiting_head = None
    elif progress.awaiting_head is None:
        progress.awaiting_head = now
    waits_long = progress.awaiting_head is not None and now - progress.awaiting_head > WHOLE_HEAD
    return waits_long or now - progress.heard_at > SILENCE
