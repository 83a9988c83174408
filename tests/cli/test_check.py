"""Check and map: what a wash would say of a folder, and settings proposed for a file; nothing is washed or kept."""

import tomllib
from pathlib import Path

from tests.builders import AS_OF, KIM, exclusion, four_families, pupil, write_four_families, write_rows


def test_a_good_folder_would_go_through(datawash, environment, tmp_path: Path) -> None:
    extracts = write_four_families(tmp_path / "extracts")
    (extracts / "notes.docx").write_bytes(b"not an extract")
    temporary = tmp_path / "temporary"
    temporary.mkdir()
    ran = datawash("check", extracts, "--as-of", AS_OF, env=environment(TMPDIR=str(temporary)))
    assert ran.code == 0, ran.err
    assert "attendance (attendance.csv): 12 rows, 12 accepted, 0 quarantined" in ran.out
    assert "No extract education_status: education is unknown" in ran.out
    assert "Not read: notes.docx." in ran.out
    assert "A wash would go through. Nothing was washed." in ran.out
    assert not (tmp_path / "outputs").exists()
    assert list(temporary.iterdir()) == []


def test_rejected_rows_are_counted_by_rule_and_columns_that_are_not_needed_named(look, tmp_path: Path) -> None:
    rows = [*four_families()["attendance"], *pupil(KIM, terms=["autumn"], term="harvest")]
    rows[0][0]["shoe_size"] = "4"
    ran = look("check", write_four_families(tmp_path / "extracts", attendance=rows), "--as-of", AS_OF, "--json")
    found = ran.facts["extracts"]["attendance"]
    assert (found["rows_read"], found["rows_quarantined"]) == (13, 1)
    assert sum(found["rules"].values()) == 1
    assert found["columns_dropped"] == {"shoe_size": 1}
    assert "harvest" not in ran.out


def test_a_refused_extract_is_reported_beside_the_good_ones(look, tmp_path: Path) -> None:
    rows = [{**exclusion(KIM), "kind": "FIXD"}]
    rows[0].pop("category")
    ran = look("check", write_four_families(tmp_path / "extracts", exclusions=rows), "--as-of", AS_OF)
    assert ran.code == 4
    assert "exclusions (exclusions.csv): REFUSED" in ran.out
    assert "attendance (attendance.csv): 12 rows" in ran.out
    assert "A wash would stop." in ran.out


def test_settings_are_checked_first(look, tmp_path: Path) -> None:
    extracts = write_four_families(tmp_path / "extracts")
    (tmp_path / "council.toml").write_text("[criteria]\nframework = 'phase_9'\n", encoding="utf-8")
    ran = look("check", extracts, "--settings", "council.toml")
    assert ran.code == 3
    assert "phase_9" in ran.err


def test_a_missing_extract_has_the_same_answer_as_in_a_wash(look, tmp_path: Path) -> None:
    ran = look("check", write_four_families(tmp_path / "extracts", attendance=None))
    assert ran.code == 4
    assert "attendance.csv" in ran.err


def test_a_mapping_is_proposed_as_settings_that_can_be_read(datawash, tmp_path: Path) -> None:
    renamed = {"surname": "PupilSurname", "forename": "PupilForename", "date_of_birth": "DOB", "upn": "UPN"}
    rows = [{renamed.get(name, name): value for name, value in row.items()} for row in pupil(KIM)]
    path = write_rows(tmp_path / "census.csv", rows)
    ran = datawash("map", path, "--extract", "attendance")
    assert ran.code == 0, ran.err
    layout = tomllib.loads(ran.out)["extracts"]["attendance"]
    assert layout["columns"]["surname"] == "PupilSurname"
    assert "Ashdown" not in ran.out
