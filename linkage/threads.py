"""Runs parts of work side by side on threads, where nobody gives a `map` of their own; no result depends on it."""

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any


THREADS = 2


def on_threads(function: Callable[[Any], Any], parts: Sequence[Any]) -> list[Any]:
    """What `function` makes of parts, in their order; one part alone needs no thread."""
    if len(parts) < 2:
        return [function(part) for part in parts]
    with ThreadPoolExecutor(THREADS) as pool:
        return list(pool.map(function, parts))
