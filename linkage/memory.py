"""Where memory is taken from, and how what is no longer used is handed back to the system; changes no result."""

import ctypes
from functools import cache
from typing import Any

import pyarrow as pa


def share_allocator() -> None:
    """Have Arrow take its memory where NumPy and Python do, so that what one has freed is at hand for the other.

    Measured with glibc (a wash of a million residents takes a twelfth less time, and less memory), and done there only.
    """
    if _trim() is not None:
        pa.default_memory_pool().release_unused()
        pa.set_memory_pool(pa.system_memory_pool())


def give_back() -> None:
    """Give back what was freed: many large arrays of one step would else stay with the process beside the next's."""
    pa.default_memory_pool().release_unused()
    trim = _trim()
    if trim is not None:
        trim(0)


@cache
def _trim() -> Any:
    """The C library's own call for it; None where there is none (it is glibc's)."""
    try:
        return ctypes.CDLL(None).malloc_trim
    except (AttributeError, OSError, TypeError):
        return None
