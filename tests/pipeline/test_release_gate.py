"""The gate before a table for management: what is not allowed does not pass, and a file says why."""

from pathlib import Path

import pandas as pd
import pytest

from criteria import Framework, load_framework
from pipeline.release_gate import pass_gate, refusal
from schemas.columns import columns_of, empty_table
from schemas.management import MANAGEMENT


@pytest.fixture(scope="module")
def rules() -> Framework:
    return load_framework()


def profile(*families: int | None, **changed: object) -> pd.DataFrame:
    rows = {"measure": "lone parent", "level": "yes", "families": pd.array(families, dtype="Int64"), "shown": True}
    table = pd.DataFrame(rows | changed)
    return table.reindex(columns=[*columns_of(MANAGEMENT["profile"]), *set(changed) - set(rows)])


def test_what_is_allowed_passes(rules: Framework) -> None:
    assert refusal("profile", profile(0, 10, 325, None), rules) is None
    for name, model in MANAGEMENT.items():
        assert refusal(name, empty_table(model), rules) is None, name


@pytest.mark.parametrize(("table", "told"), [
    (profile(9), "shows a count below 10 in families"),
    (profile(10, 12), "that is not rounded to 5"),
    (profile(10, family_id="x"), "has a column that is not allowed: family_id"),
    (profile(10, household="x"), "has a column that is not allowed: household"),
    (profile(10, level="F0000012"), "holds the id of a person, a household or a family"),
    (profile(10, level="of P0000001 and others"), "holds the id"),
    (pd.concat([profile(10)] * 501), "has 501 rows; a table for management has at most 500"),
])
def test_what_is_not_allowed_does_not(table: pd.DataFrame, told: str, rules: Framework) -> None:
    assert told in str(refusal("profile", table, rules))


@pytest.mark.parametrize(("said", "told"), [
    ("fewer than 10", None),
    ("10 to 24", None),
    ("7", "has a figure in families that is none of the bands of counts"),
    ("5 to 9", "none of the bands"),
])
def test_families_by_area_pass_in_bands_alone(said: str, told: str | None, rules: Framework) -> None:
    table = pd.DataFrame({"area": ["Harbour"], "families": [said]})
    why = refusal("by_area", table, rules)
    assert why is None if told is None else told in str(why)


def test_a_table_that_is_not_on_the_list_does_not_pass_whatever_it_holds(rules: Framework) -> None:
    assert refusal("master_list", pd.DataFrame({"count": [100]}), rules) == "master_list is not a table for management."


def test_no_table_for_management_has_a_column_that_the_gate_would_refuse() -> None:
    rules = load_framework()
    for name, model in MANAGEMENT.items():
        assert refusal(name, pd.DataFrame(columns=list(columns_of(model))), rules) is None


def test_why_is_written_in_the_place_of_the_rows_and_goes_when_it_no_longer_holds(
    tmp_path: Path, rules: Framework
) -> None:
    kept, reasons = pass_gate(tmp_path, {"profile": profile(3), "share": empty_table(MANAGEMENT["share"])}, rules)
    assert len(kept["profile"]) == 0
    assert reasons == ("profile shows a count below 10 in families.",)
    assert "Its rows were left out" in (tmp_path / "profile.refused.txt").read_text(encoding="utf-8")
    assert not (tmp_path / "share.refused.txt").exists()
    pass_gate(tmp_path, {"profile": profile(15)}, rules)
    assert list(tmp_path.iterdir()) == []
