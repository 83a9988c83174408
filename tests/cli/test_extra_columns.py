"""A column of an extract that the settings name is compared, and is in the table of pairs; a slip is told."""

import json
from pathlib import Path

import pandas as pd
import pytest

from tests.builders import AS_OF, write_four_families
from tests.cli.conftest import Command


OTHERWISE = {"rarity": False, "block": False}
SETTINGS = '[linkage.extra.school_urn]\nkind = "exact"\n[linkage.extra.entry_date]\nkind = "date"\nnear = 31\n'


def test_a_named_column_reaches_the_pairs_and_an_explanation(look: Command, tmp_path: Path) -> None:
    folder = write_four_families(tmp_path / "extracts")
    (folder / "wash.toml").write_text(SETTINGS, encoding="utf-8")
    ran = look("wash", folder, "--as-of", AS_OF, "--outputs", tmp_path / "outputs", "--plain", "--json")
    assert ran.code == 0, ran.err
    run = Path(ran.facts["path"])
    pairs = pd.read_parquet(run / "tables" / "pairs.parquet")
    assert set(pairs["school_urn"]) >= {"missing"}
    assert set(pairs["entry_date"]) == {"missing"}
    assert (pairs.loc[pairs["school_urn"] == "missing", "school_urn_weight"] == 0).all()
    model = json.loads((run / "manifest.json").read_text())["model"]
    assert model["extra"]["entry_date"]["column"] == {"kind": "date", "near": 31, "similar": None} | OTHERWISE


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (
            '[linkage.extra.scool_urn]\nkind = "exact"',
            "wash.toml: linkage.extra.scool_urn: no extract has such a column. Did you mean 'school_urn'?",
        ),
        ('[linkage.extra.school_urn]\nkind = "exct"', "wash.toml: linkage.extra.school_urn.kind: "),
        (
            '[linkage.extra.postcode]\nkind = "exact"',
            "wash.toml: linkage.extra: postcode is a column that linkage uses",
        ),
        ('[linkage.extra.school_urn]\nkinds = "exact"', "linkage.extra.school_urn.kinds is not a setting."),
    ],
)
def test_a_slip_is_told_with_its_place(look: Command, tmp_path: Path, text: str, said: str) -> None:
    folder = write_four_families(tmp_path / "extracts")
    (folder / "wash.toml").write_text(text, encoding="utf-8")
    ran = look("check", folder)
    assert ran.code == 3
    assert said in ran.err
