"""How long somebody may hold a connection to the pages without using it; decides when it is cut off.

The server underneath waits for ever for a request that is never finished, and for an answer that is never taken: some
hundreds of such connections would keep everybody out. A proxy before the pages does the same for itself.
"""

import asyncio
import socket
from functools import partial
from typing import Any, NamedTuple

import h11
from uvicorn.protocols.http.h11_impl import H11Protocol

from web.door.origin import is_among


LOOK = 5.0
"""Every so many seconds each connection is looked at."""

REQUEST, FORM, ANSWER = "request", "form", "answer"
SECONDS = {REQUEST: 30.0, FORM: 90.0, ANSWER: 300.0}
"""How long somebody has to ask, to send what their form brings, and to take what they are answered."""

NEAR = ("127.0.0.0/8", "::1")
AT_ONCE = 60
"""How many connections one address may hold at once, unless it is this machine or a proxy of ours."""


class Owed(NamedTuple):
    """What the other side owes: for which request of this connection, counted by its cycle."""

    what: str
    cycle: int


class Patient(H11Protocol):
    """A connection that is cut off when what the other side owes does not come."""

    def __init__(self, *args: Any, proxies: tuple[str, ...] = (), **named: Any) -> None:
        super().__init__(*args, **named)
        self._proxies = proxies
        self._owed: Owed | None = None
        self._since = 0.0
        self._next: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Begin to look, or cut off at once where this address holds enough."""
        super().connection_made(transport)
        _send_at_once(transport)
        if self._holds_enough():
            transport.abort()
        else:
            self._look()

    def connection_lost(self, exc: Exception | None) -> None:
        """Look no more."""
        if self._next:
            self._next.cancel()
        super().connection_lost(exc)

    def _look(self) -> None:
        now, owed = self.loop.time(), self._owes()
        if owed is None or owed != self._owed:
            self._owed, self._since = owed, now
        elif now - self._since >= SECONDS[owed.what]:
            self.transport.abort()
            return
        self._next = self.loop.call_later(LOOK, self._look)

    def _owes(self) -> Owed | None:
        """What the other side owes now; None where it is our turn."""
        cycle = id(self.cycle)
        if self.transport.get_write_buffer_size():
            return Owed(ANSWER, cycle)
        if self.conn.their_state is h11.SEND_BODY:
            return Owed(FORM, cycle)
        if self.cycle is None or self.cycle.response_complete:
            return Owed(REQUEST, cycle)
        return None

    def _holds_enough(self) -> bool:
        address = self.client[0] if self.client else ""
        if is_among(address, (*NEAR, *self._proxies)):
            return False
        theirs = [one for one in self.connections if isinstance(one, Patient) and one.client]
        return sum(one.client[0] == address for one in theirs if one.client) > AT_ONCE


def _send_at_once(transport: asyncio.Transport) -> None:
    """Have the body of an answer not wait for the other side to say that its head has come: that takes 40 ms."""
    one = transport.get_extra_info("socket")
    if one is not None and one.family in (socket.AF_INET, socket.AF_INET6):
        one.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)


def patient(proxies: tuple[str, ...]) -> Any:
    """The kind of connection that a server makes, where `proxies` bring many people's requests."""
    return partial(Patient, proxies=proxies)

