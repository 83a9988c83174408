"""Which families a list gives to whom, in which order: held against a plain loop over the rows."""

from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from web.families.asked import NOT_KNOWN, ORDERS, STALE, Asked
from web.families.listing import Listing, listing, select


AS_OF = pd.Timestamp("2013-09-30")
NOBODY: frozenset[str] = frozenset()
ROW = st.fixed_dictionaries({
    "area": st.sampled_from([None, "North", "South"]),
    "school": st.sampled_from([None, "1", "2"]),
    "rule": st.sampled_from(["3_of_3", "2_plus_local"]),
    "education": st.sampled_from(["met", "not_met", "unknown"]),
    "work": st.sampled_from(["met", "not_met", "unknown"]),
    "tier": st.sampled_from([None, "light"]),
    "change": st.sampled_from(["new", "continuing"]),
    "freshest_evidence": st.one_of(st.none(), st.dates(AS_OF.date().replace(year=2012), AS_OF.date())),
    "link_confidence": st.one_of(st.none(), st.floats(0, 1)),
    "postcode": st.sampled_from([None, "ZB1 1AA", "ZB2 2BB"]),
})
ASKED = st.builds(
    Asked,
    area=st.sampled_from(["", "North", "West", NOT_KNOWN]),
    school=st.sampled_from(["", "1", "9", NOT_KNOWN]),
    rule=st.sampled_from(["", "3_of_3"]),
    tier=st.sampled_from(["", "light", NOT_KNOWN]),
    met=st.sampled_from([(), ("education",), ("education", "work")]),
    unknown=st.sampled_from([(), ("work",)]),
    new=st.booleans(),
    stale=st.sampled_from(["", "newest-1", "newest-3"]),
    order=st.sampled_from(list(ORDERS)),
    waits=st.just(""),
    search=st.just(""),
    page=st.just(1),
)
AREAS = st.sampled_from([NOBODY, frozenset({"North"}), frozenset({"North", "South"}), frozenset({"East"})])
DATED, FILLED = ("freshest_evidence", "stalest_evidence", "listed_since"), ("link_confidence",)


def held(rows: list[dict]) -> Listing:
    table = pd.DataFrame(rows, columns=[*(rows[0] if rows else ["area"]), "family_id"])
    table["family_id"] = [f"F{number:07}" for number in range(len(rows))]
    table["schools"] = [row["school"] for row in rows]
    for name in DATED:
        table[name] = pd.to_datetime(table[name]) if name in table else pd.NaT
    table["link_confidence"] = table["link_confidence"].astype(float) if rows else np.nan
    at = {urn: np.array([place for place, row in enumerate(rows) if row["school"] == urn], dtype=int)
          for urn in {row["school"] for row in rows} - {None}}
    return Listing(table, AS_OF, at, {"1": "Hill School", "2": "Dale School"})


def wanted(row: dict, asked: Asked, areas: frozenset[str]) -> bool:
    def same(value: str | None, ask: str) -> bool:
        return not ask or value == (None if ask == NOT_KNOWN else ask)

    fresh = row["freshest_evidence"]
    old = not asked.stale or (
        fresh is not None and pd.Timestamp(fresh) < AS_OF - pd.DateOffset(months=STALE[asked.stale][1]))
    return (
        (not areas or row["area"] in areas)
        and all(same(row[name], getattr(asked, name)) for name in ("area", "school", "rule", "tier"))
        and all(row[name] == "met" for name in asked.met)
        and all(row[name] == "unknown" for name in asked.unknown)
        and (not asked.new or row["change"] == "new")
        and old
    )


@given(st.lists(ROW, min_size=1, max_size=30), ASKED, AREAS)
def test_the_rows_asked_for_are_given_each_once(rows: list[dict], asked: Asked, areas: frozenset[str]) -> None:
    found = select(held(rows), asked, areas)
    assert sorted(found) == [place for place, row in enumerate(rows) if wanted(row, asked, areas)]


@given(st.lists(ROW, min_size=1, max_size=30))
def test_an_order_is_by_its_column_with_what_is_empty_last(rows: list[dict]) -> None:
    table = held(rows)
    assert select(table, Asked(), NOBODY).tolist() == list(range(len(rows)))
    sure = table.table["link_confidence"].take(select(table, Asked(order="unsure"), NOBODY))
    assert sure.dropna().is_monotonic_increasing
    days = table.table["freshest_evidence"].take(select(table, Asked(order="newest"), NOBODY))
    assert days.dropna().is_monotonic_decreasing
    for ordered in (sure, days):
        assert not ordered.isna().to_numpy()[: ordered.notna().sum()].any()


@given(st.lists(ROW, min_size=1, max_size=30), AREAS)
def test_only_what_is_seen_can_be_chosen(rows: list[dict], areas: frozenset[str]) -> None:
    seen = held(rows).seen(areas)
    mine = [row for row in rows if not areas or row["area"] in areas]
    assert set(seen.areas) == {row["area"] or NOT_KNOWN for row in mine}
    assert {urn for urn, _ in seen.schools} == {row["school"] for row in mine} - {None}
    assert seen.without_school == any(row["school"] is None for row in mine)
    assert list(seen.schools) == sorted(seen.schools, key=lambda school: school[1])


def test_a_search_keeps_to_what_it_found() -> None:
    rows = [{"area": area, "school": None} for area in ("North", "South", "North")]
    table = held([row | {"link_confidence": None, "freshest_evidence": None} for row in rows])
    found = frozenset({"F0000000", "F0000001", "F0000009"})
    assert select(table, Asked(), frozenset({"North"}), found).tolist() == [0]
    assert select(table, Asked(), NOBODY, frozenset()).tolist() == []


@pytest.mark.parametrize(("said", "told"), [
    ("DWP's answer for 1 adult; DWP's answer for 2 adults", ["DWP's answer for adults"]),
    ("attendance of 1 child whom no school sent", ["attendance of children whom no school sent"]),
    ("the date of birth of 1 child", ["the date of birth of children"]),
    ("the dates of birth of 12 children", ["the date of birth of children"]),
    ("attendance from No 2 adults School for the autumn term 2012/13",
     ["attendance from No 2 adults School for the autumn term 2012/13"]),
])
def test_what_is_waited_for_is_told_without_how_many(said: str, told: list[str]) -> None:
    table = Listing(pd.DataFrame({"would_settle": [said, None]}), AS_OF, {}, {})
    assert table.seen(NOBODY).waits == tuple((one, 1) for one in told)


def test_a_run_of_a_version_without_areas_has_lists_all_the_same(tmp_path: Path) -> None:
    tables = {"left_list": pd.DataFrame({"family_id": ["F1"], "lapsed": ["x"]}),
              "coverage": pd.DataFrame({"school_urn": [], "school_name": []})}
    (tmp_path / "tables").mkdir()
    homes = {"family_id": ["F1", None], "address": ["1 Hill", ""], "postcode": "ZB1 1AA"}
    pd.DataFrame(homes).to_parquet(tmp_path / "tables" / "households.parquet")

    class Run(SimpleNamespace):
        __hash__ = object.__hash__

    run = Run(has=tables.__contains__, table=lambda name, columns=None: tables[name],
              manifest=SimpleNamespace(as_of=AS_OF.date()), sound=lambda kind: tmp_path)
    found = listing(run, "left_list")  # type: ignore[arg-type]
    assert found.table.loc[0, ["address", "lapsed"]].tolist() == ["1 Hill", "x"]
    assert found.seen(frozenset({"North"})).families.tolist() == [False]
