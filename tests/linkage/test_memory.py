"""Where memory comes from and goes, wherever the tests run; and what is not loaded until it is needed."""

import platform
import subprocess
import sys

import pyarrow as pa
import pytest

from linkage.memory import give_back, share_allocator


def test_giving_memory_back_keeps_what_is_used():
    kept = pa.array(["still here"])
    give_back()
    give_back()
    assert kept.to_pylist() == ["still here"]


@pytest.mark.skipif(platform.libc_ver()[0] != "glibc", reason="measured, and done, with glibc alone")
def test_arrow_takes_its_memory_from_the_c_library():
    before = pa.array(["made before"])
    share_allocator()
    assert pa.default_memory_pool().backend_name == "system"
    assert before.to_pylist() == ["made before"]


def test_who_links_nothing_does_not_wait_for_recordlinkage():
    asked = "import sys, cli.wash, cli.backup; print('recordlinkage' in sys.modules)"
    said = subprocess.run([sys.executable, "-c", asked], capture_output=True, text=True, check=True)
    assert said.stdout.strip() == "False"
