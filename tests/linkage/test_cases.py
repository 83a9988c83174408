"""The hard pairs of cases.toml, each among two thousand records of an invented borough."""

import tomllib
from pathlib import Path

import pandas as pd
import pytest

from benchmarks.mentions import make_mentions
from linkage import LinkageSettings, link
from tests.linkage.neighbours import upn


CASES = tomllib.loads(Path(__file__).with_name("cases.toml").read_text(encoding="utf-8"))["case"]


@pytest.fixture(scope="module")
def linked():
    background = make_mentions(2000, seed=5).drop(columns=["true_person_id", "true_household_id"])
    rows = [
        {"record_id": f"case{number}-{side}", "source": side} | case[side]
        for number, case in enumerate(CASES)
        for side in ("left", "right")
    ]
    cases = pd.DataFrame(rows)
    written = cases["upn"].notna()
    cases.loc[written, "upn"] = [upn(5000 + int(text.removeprefix("UPN:"))) for text in cases.loc[written, "upn"]]
    return link(pd.concat([background, cases], ignore_index=True), LinkageSettings(as_of="2013-09-30"))


@pytest.mark.parametrize("number", range(len(CASES)), ids=[case["why"].replace(" ", "-") for case in CASES])
def test_hard_pairs(linked, number):
    owner = linked.person_records.set_index("record_id")["person_id"]
    left, right = f"case{number}-left", f"case{number}-right"
    people = [owner.get(record) for record in (left, right)]
    together = people[0] is not None and people[0] == people[1]
    asked = linked.review_queue[["left_id", "right_id"]].isin([left, right]).all(axis=1).any()
    expect = CASES[number]["expect"]
    assert together == (expect == "match")
    if expect in ("review", "no_match"):
        assert asked == (expect == "review")
