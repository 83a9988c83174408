"""What is made once of a run and kept as long as the run is; decides nothing about what that is."""

import threading
from collections.abc import Callable, Hashable
from typing import Any, TypeVar
from weakref import WeakKeyDictionary

from web.published import Published


Made = TypeVar("Made")
_kept: WeakKeyDictionary[Published, dict[Hashable, Any]] = WeakKeyDictionary()
_lock = threading.RLock()


def once(run: Published, key: Hashable, make: Callable[[], Made]) -> Made:
    """What `make` gives, made when it is first wanted of `run` under `key`. It must not hold the run itself."""
    held = _kept.get(run)
    if held is not None and key in held:
        return held[key]
    with _lock:
        held = _kept.setdefault(run, {})
        if key not in held:
            held[key] = make()
        return held[key]
