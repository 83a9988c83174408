"""Every family of a run's lists has the area of its postcode and the schools its children were last sent by."""

from pathlib import Path

import pandas as pd
import pytest


@pytest.fixture(scope="module")
def tables(outputs: Path) -> Path:
    return next(outputs.glob("2013-09-30-*"))


def table(run: Path, name: str, place: str = "tables") -> pd.DataFrame:
    return pd.read_parquet(run / place / f"{name}.parquet")


def test_the_families_of_every_list_have_an_area(tables: Path) -> None:
    lists = [table(tables, name)["family_id"] for name in ("master_list", "undetermined", "left_list", "cases")]
    areas = table(tables, "family_areas")
    assert sorted(areas["family_id"]) == sorted(set(pd.concat(lists).dropna()))
    homes = table(tables, "households").set_index("family_id")["postcode"]
    told = areas[areas["family_id"].isin(homes.index)].set_index("family_id")
    assert told["district"].equals(homes[told.index].str.split(" ").str[0].rename("district"))
    assert told["area"].equals(told["district"].rename("area"))


def test_a_family_that_left_keeps_the_area_it_had(tables: Path) -> None:
    left = table(tables, "left_list")["family_id"]
    areas = table(tables, "family_areas").set_index("family_id")["area"]
    assert len(left) == 1
    assert areas[left].notna().all()


def test_a_family_has_the_schools_of_each_childs_last_term(tables: Path) -> None:
    homes, members = table(tables, "households"), table(tables, "members")
    sent = table(tables, "attendance", "clean").merge(table(tables, "person_records")[["record_id", "person_id"]])
    sent = sent.assign(when=sent["academic_year"] + sent["term"])
    last = sent[sent["when"] == sent.groupby("person_id")["when"].transform("max")]
    placed = last.merge(members, on="person_id").merge(homes, on="household_id")
    placed = placed[placed["family_id"].isin(table(tables, "family_areas")["family_id"])]
    expected = placed.groupby(["family_id", "school_urn"])["person_id"].nunique()
    found = table(tables, "family_schools").set_index(["family_id", "school_urn"])["children"]
    assert len(found) > 30
    assert found.to_dict() == expected.to_dict()
