"""What the server says of itself: by kind and place alone, and the same thing once a minute; holds no value from a row.

A library's message may hold a value, and whoever sends nonsense again and again must not fill the disk with it.
"""

import logging
import threading
import time

from schemas.bugs import place_of


AGAIN = 60.0
"""After how many seconds the same thing is said again."""

MOST = 500
"""How many things are remembered as said."""


class OnceAMinute:
    """Lets a line through that was not said for a minute; the next one says how many like it were not."""

    def __init__(self) -> None:
        self._said: dict[str, tuple[float, int]] = {}
        self._one = threading.Lock()

    def __call__(self, record: logging.LogRecord) -> bool:
        """Whether to say it."""
        told, now = record.getMessage(), time.monotonic()
        with self._one:
            at, unsaid = self._said.get(told, (now - AGAIN, 0))
            if now - at < AGAIN:
                self._said[told] = (at, unsaid + 1)
                return False
            if len(self._said) >= MOST:
                self._said.clear()
            self._said[told] = (now, 0)
        if unsaid:
            record.msg, record.args = "%s (and %d times more since it was said last)", (told, unsaid)
        return True


def discreet_log() -> None:
    """Let this process say what goes wrong, by kind and place."""
    handler, root = logging.StreamHandler(), logging.getLogger()
    handler.addFilter(_without_message)
    handler.addFilter(OnceAMinute())
    root.setLevel(logging.WARNING)
    root.handlers[:] = [handler]


def _without_message(record: logging.LogRecord) -> bool:
    error = record.exc_info[1] if record.exc_info else None
    if error is not None:
        record.msg, record.args = "A bug: %s at %s", (type(error).__name__, place_of(error))
    record.exc_info = record.exc_text = record.stack_info = None
    return True
