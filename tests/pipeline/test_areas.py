"""Which area a postcode belongs to, and what a council may not call one."""

import pandas as pd
import pytest

from pipeline.areas import AreaSettings, areas_of, districts_of
from pipeline.config import parse_settings
from schemas.columns import TEXT
from schemas.errors import SettingsError


CODES = pd.Series(["ZB1 4QX", "ZB1 0AB", "ZB2 1AA", "ZB12 3CD", "B2 4EF", "ZB1", None], dtype=TEXT)


def areas(**named: list[str]) -> AreaSettings:
    return AreaSettings.model_validate({"postcodes": named})


def test_without_areas_a_district_is_one() -> None:
    expected = ["ZB1", "ZB1", "ZB2", "ZB12", "B2", None, None]
    assert areas_of(CODES, AreaSettings()).astype(object).where(lambda found: found.notna(), None).tolist() == expected
    assert districts_of(CODES).equals(areas_of(CODES, AreaSettings()))


def test_a_sector_goes_before_its_district_and_what_nobody_names_keeps_its_own() -> None:
    settings = areas(Harbour=["zb1", "ZB2"], Hill=["ZB1  4"])
    assert areas_of(CODES, settings).tolist()[:5] == ["Hill", "Harbour", "Harbour", "ZB12", "B2"]


def test_rows_keep_their_labels() -> None:
    found = areas_of(CODES.set_axis(range(10, 17)), AreaSettings())
    assert found.index.tolist() == list(range(10, 17))
    assert areas_of(CODES[:0], AreaSettings()).empty


@pytest.mark.parametrize(("given", "told"), [
    ({"Harbour": ["ZB1"], "Hill": ["zb1"]}, "ZB1 is in two areas: Harbour and Hill"),
    ({"Harbour": ["Sandport"]}, "Sandport is no postcode district such as ZB1"),
    ({"Harbour": ["ZB1 4QX"]}, "ZB1 4QX is no postcode district"),
    ({"zb1": ["ZB2"]}, "zb1 is a postcode's"),
    ({" ": ["ZB2"]}, "an area has a name"),
    ({"H" * 61: ["ZB2"]}, "at most 60"),
])
def test_what_is_no_area_is_named(given: dict, told: str) -> None:
    with pytest.raises(SettingsError, match="wash.toml: areas.postcodes: .*" + told):
        parse_settings({"areas": {"postcodes": given}}, "wash.toml")
