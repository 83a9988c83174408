"""Laws of linkage: order, index and kinds of columns never change a result, and no person breaks a hard rule."""

from itertools import combinations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from linkage import LinkageSettings, link
from linkage.identifiers import are_upns
from schemas.errors import UsageError
from tests.linkage.neighbours import make_records


SETTINGS = LinkageSettings(as_of="2013-09-30")
FRAMES = (
    *("people", "person_records", "households", "members", "pairs", "review_queue", "identities", "changes"),
    *("set_aside", "parts"),
)
SEEDS = (1, 2, 3)
FEW = settings(derandomize=True, deadline=None, max_examples=8)


def same(left, right):
    for name in FRAMES:
        pd.testing.assert_frame_equal(getattr(left, name), getattr(right, name), obj=name)
    assert left.model == right.model
    assert left.counts == right.counts


@pytest.fixture(scope="module")
def records():
    return make_records(seed=1, households=40)[0]


@pytest.fixture(scope="module")
def linked(records):
    return link(records, SETTINGS)


@FEW
@given(seed=st.integers(0, 10_000))
def test_row_order_never_changes_a_result(records, linked, seed):
    shuffled = records.iloc[np.random.default_rng(seed).permutation(len(records))]
    same(link(shuffled, SETTINGS), linked)


def test_index_and_column_order_never_change_a_result(records, linked):
    odd = records[list(reversed(records.columns))].set_axis(["same"] * len(records))
    same(link(odd, SETTINGS), linked)


@pytest.mark.parametrize("kind", ["category", "string", "string[pyarrow]", "object"])
def test_kinds_of_columns_never_change_a_result(records, linked, kind):
    same(link(records.astype(kind), SETTINGS), linked)


def test_dates_as_dates_are_the_same_as_texts(records, linked):
    dates = {name: pd.to_datetime(records[name]) for name in ("date_of_birth", "observed_on")}
    same(link(records.assign(**dates), SETTINGS), linked)


@pytest.mark.parametrize("seed", SEEDS)
def test_no_person_breaks_a_hard_rule(seed):
    records, _ = make_records(seed)
    owner = link(records, SETTINGS).person_records.set_index("record_id")["person_id"]
    people = records.assign(person=records["record_id"].map(owner)).groupby("person")
    for _, mentions in people:
        numbers = mentions["upn"].dropna().unique()
        assert len(numbers) <= 1
        for one, two in combinations(mentions.to_dict("records"), 2):
            assert not is_twin(one, two)
            assert not is_generation_apart(one, two)


def is_twin(one, two):
    """A brother and a sister born on one day; one UPN would say otherwise."""
    alike = all(one[name] == two[name] for name in ("surname", "date_of_birth", "address"))
    return alike and one["date_of_birth"] is not None and {one["sex"], two["sex"]} == {"M", "F"}


def is_generation_apart(one, two):
    years = [int(row["date_of_birth"][:4]) if row["date_of_birth"] else None for row in (one, two)]
    return None not in years and abs(years[0] - years[1]) >= 12


def decide(pairs):
    columns = ["left_id", "right_id", "judgement"]
    return pd.DataFrame(pairs, columns=columns).assign(decided_by="a reviewer", reason="seen the papers")


@FEW
@given(data=st.data())
def test_judgements_always_hold(records, data):
    ids = sorted(records["record_id"])
    chosen = data.draw(st.lists(st.sampled_from(ids), min_size=6, max_size=9, unique=True))
    chain = [(left, right, "match") for left, right in zip(chosen[:3], chosen[1:4], strict=False)]
    parted = [(chosen[0], other, "no_match") for other in chosen[4:]]
    owner = link(records, SETTINGS, judgements=decide(chain + parted)).person_records.set_index("record_id")[
        "person_id"
    ]
    assert owner[chosen[:4]].nunique() == 1
    assert all(owner[other] != owner[chosen[0]] for other in chosen[4:])


@FEW
@given(data=st.data())
def test_contradictions_are_named_through_chains(records, data):
    ids = sorted(records["record_id"])
    one, two, three = data.draw(st.lists(st.sampled_from(ids), min_size=3, max_size=3, unique=True))
    pairs = [(one, two, "match"), (three, two, "match"), (one, three, "no_match")]
    with pytest.raises(UsageError) as caught:
        link(records, SETTINGS, judgements=decide(data.draw(st.permutations(pairs))))
    assert one in str(caught.value)
    assert three in str(caught.value)


def test_records_of_one_identity_can_be_judged_apart():
    row = {
        "forename": "Emily",
        "surname": "Ashdown",
        "date_of_birth": "2001-02-03",
        "address": "1 Elm Grove",
        "postcode": "LS1 1AA",
    }
    records = pd.DataFrame([row | {"record_id": name} for name in "ab"])
    owner = link(records, SETTINGS, judgements=decide([("a", "b", "no_match")])).person_records["person_id"]
    assert owner.nunique() == 2


def test_judgements_are_seen_in_the_pairs(records):
    ids = sorted(records["record_id"])
    pair = (ids[0], ids[-1], "match")
    pairs = link(records, SETTINGS, judgements=decide([pair])).pairs
    row = pairs[(pairs["left_id"] == ids[0]) & (pairs["right_id"] == ids[-1])].iloc[0]
    assert (row["judgement"], row["decided_by"], row["reason"]) == ("match", "a reviewer", "seen the papers")


def test_judgements_on_records_that_are_not_here_are_counted(records):
    assert (
        link(records, SETTINGS, judgements=decide([("gone", "lost", "match")])).counts["judgements_on_unknown_records"]
        == 1
    )


def test_the_upns_of_the_neighbours_are_valid(records):
    import pyarrow as pa

    assert are_upns(pa.array(records["upn"].dropna().tolist())).all()
