"""The short form of `make fuzz`: every target from its seeds and a few thousand changes of them, none read wrongly."""

import random

import pytest

from tests.builders import upn
from tests.fuzz.oracles import day_said, is_upn, records_of, table_of
from tests.fuzz.targets import TARGETS
from tests.fuzz.trying import Tried, changed
from tests.fuzz.written import PROPERTIES, check


CASES = 6000
SLOW = {"extracts": 15, "proposals": 4, "judgements": 60, "addresses in linkage": 200}
NO_SEED_IS_READ = {"xlsx parts"}


@pytest.mark.parametrize("name", TARGETS)
def test_what_comes_in_is_read_right_or_refused(name: str) -> None:
    target, chance = TARGETS[name], random.Random(name)
    told = [target.attempt(seed) for seed in target.seeds]
    assert sum(one.read for one in told) or name in NO_SEED_IS_READ
    share = max(60, CASES * target.share / sum(one.share for one in TARGETS.values()))
    while sum(one.cases for one in told) < min(share, SLOW.get(name, share)):
        told.append(target.attempt(changed(chance.choice(target.seeds), target.seeds, target.words, chance)))
    assert all(isinstance(one, Tried) and one.read <= one.cases for one in told)


@pytest.mark.parametrize("name", PROPERTIES)
def test_what_is_written_is_what_is_read(name: str) -> None:
    check(name, 60, 0)


def test_the_simple_readings_are_right_where_that_can_be_seen() -> None:
    assert records_of('a,"b ""c"""\r\n\n"d\ne",', ",") == [["a", 'b "c"'], [""], ["d\ne", ""]]
    assert records_of('a"b', ",") is None
    assert records_of('"a"b', ",") is None
    assert table_of([["x ", ""], [""], ["", ""], ["1", ""]]) == (["x"], [4], [("1",)])
    assert str(day_said("31st Dec 2010")) == "2010-12-31"
    assert day_said("31/02/2010") is None
    assert is_upn(upn(1))
    assert not is_upn(upn(1)[:-1] + "2")
