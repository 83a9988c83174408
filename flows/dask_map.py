"""Python's map on a Dask cluster: parts in batches, results in order, whoever dies; decides no result.

The function goes to every worker once; a part goes with its task, so that it can be sent anew when a worker is gone.
Keys are numbers: a scheduler's pages and logs show nothing else.
"""

import asyncio
import logging
import time
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import CancelledError
from contextlib import contextmanager
from typing import Any, NamedTuple
from uuid import uuid4

import dask
from distributed import Client, Future, KilledWorker
from distributed.client import ClosedClientError

from flows.parts import Failed, Hidden, Made, is_strange, made_here, take_part
from schemas.errors import ClusterError, DataWashError


LOOK = 1.0
AHEAD = 3
TRIES = 5
GONE = (OSError, TimeoutError, RuntimeError, CancelledError, ClosedClientError)
QUIET = {"distributed.admin.large-graph-warning-threshold": "4GiB"}


for _name in ("distributed", "distributed.client"):
    logging.getLogger(_name).setLevel(logging.CRITICAL)
"""What goes wrong is said once, by us."""


class DaskMap:
    """Call it as `map(function, parts)`: the cluster that `client` is connected to does the work.

    `address` is for messages. A call that finds no worker for `patience` seconds raises ClusterError.
    """

    def __init__(self, client: Client, address: str, patience: float) -> None:
        self.client, self.address, self.patience = client, address, patience
        self.made = made_here()

    def check_workers(self) -> None:
        """Wait for a worker; ClusterError where there is none, or one that is not set up as it must be."""
        try:
            self.client.wait_for_workers(1, timeout=self.patience)
        except TimeoutError:
            raise ClusterError(
                f"The scheduler at {self.address} has no workers. Start some: dask worker {self.address}"
            ) from None
        for address, answer in sorted(self.client.run(is_strange, self.made, on_error="return").items()):
            if isinstance(answer, Exception):
                answer = f"has no Data Wash that works ({type(answer).__name__}). Install what is installed here"
            if answer:
                raise ClusterError(f"The worker at {address} {answer}.")

    def __call__(self, function: Callable[[Any], Any], parts: Iterable[Any]) -> Iterator[Any]:
        """The results of `function`, in the order of `parts`."""
        with self._answering():
            call = _Call(self.client, Hidden(function), self.made)
        for part in parts:
            with self._answering():
                call.send(part)
            while len(call.waiting) >= AHEAD * max(self._threads(), 1):
                yield self._next(call)
        while call.waiting:
            yield self._next(call)

    def _next(self, call: "_Call") -> Any:
        """The result of the part that has waited longest."""
        alone_since = time.monotonic()
        while True:
            try:
                return _sound(call.take(LOOK))
            except TimeoutError:
                alone_since = time.monotonic() if self._threads() else alone_since
                if time.monotonic() - alone_since > self.patience:
                    raise ClusterError(f"No worker is left at {self.address}. {_AGAIN}") from None
            except KilledWorker:
                raise ClusterError(
                    f"A part of linkage ended every worker at {self.address} that took it: most likely their memory "
                    f"does not suffice. Give them more, or set linkage.chunk_pairs lower. {_AGAIN}"
                ) from None
            except (CancelledError, asyncio.CancelledError):
                self._send_again(call)

    def _send_again(self, call: "_Call") -> None:
        """All who had the function are gone: share it anew."""
        if call.tries == TRIES:
            raise ClusterError(f"The workers at {self.address} were lost {TRIES} times. {_AGAIN}")
        with self._answering():
            self.client.wait_for_workers(1, timeout=self.patience)
            call.send_again()

    def _threads(self) -> int:
        try:
            return sum(self.client.nthreads().values())
        except GONE:
            return 0

    @contextmanager
    def _answering(self) -> Iterator[None]:
        try:
            yield
        except GONE:
            raise ClusterError(f"The scheduler at {self.address} has no worker left, or is gone. {_AGAIN}") from None


class _Waiting(NamedTuple):
    part: Hidden
    future: Future


class _Call:
    """One call of a map: the function, on the workers, and the parts that are out."""

    def __init__(self, client: Client, function: Hidden, made: Made) -> None:
        self.client, self.function, self.made = client, function, made
        self.waiting: deque[_Waiting] = deque()
        self.name, self.sent, self.tries = f"part-{uuid4().hex[:12]}", 0, 0
        self.shared = self._share()

    def send(self, part: Any) -> None:
        """Have a part done."""
        self._send(part if isinstance(part, Hidden) else Hidden(part))

    def send_again(self) -> None:
        """Share the function anew and have all parts done that are out."""
        self.tries += 1
        parts = [waiting.part for waiting in self.waiting]
        self.waiting.clear()
        self.shared = self._share()
        for part in parts:
            self.send(part)

    def take(self, seconds: float) -> Any:
        """What the first part that is out gave; TimeoutError if it is not done in so many seconds."""
        result = self.waiting[0].future.result(timeout=seconds)
        self.waiting.popleft()
        return result

    def _share(self) -> Future:
        return self.client.scatter(self.function, broadcast=True, hash=False)

    def _send(self, part: Hidden) -> None:
        self.sent += 1
        key = f"{self.name}-{self.sent}"
        with dask.config.set(QUIET):
            future = self.client.submit(take_part, self.shared, part, self.made, key=key, pure=False)
        self.waiting.append(_Waiting(part, future))


_AGAIN = "Nothing was published. Look after the cluster and run the command again, or wash with --plain."


def _sound(result: Any) -> Any:
    if not isinstance(result, Failed):
        return result
    if result.strange:
        raise ClusterError(f"A worker that came later {result.words}. Nothing was published.")
    raise DataWashError(result.words)
