"""Run as a script, in another locale, time zone and hash seed: washes a folder on as many threads as `THREADS` says."""

import os
import sys
from pathlib import Path

import pyarrow as pa

from linkage import threads
from tests.properties.whole_washes import washed


if __name__ == "__main__":
    count = int(os.environ["THREADS"])
    threads.THREADS = count
    pa.set_cpu_count(count)
    if hasattr(os, "sched_setaffinity") and count == 1:
        os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})
    washed(Path(sys.argv[1]), Path(sys.argv[2]))
