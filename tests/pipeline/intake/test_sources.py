"""Which files of a folder are which extract, and what is said where one is missing."""

import gzip
import shutil
import zipfile
from pathlib import Path

import pytest

from pipeline.intake.file_names import canonical_extract, values_in_name
from schemas.errors import ExtractRefusedError, SettingsError, UsageError
from schemas.extracts import EXTRACTS
from tests.builders import KIM, claimant, incident, indicator, offence, school, write_rows
from tests.pipeline.intake.folders import attendance, found_in, ingest, minimal, source_of


CASES = pytest.mark.parametrize(
    ("name", "extract"),
    [
        ("attendance.csv", "attendance"),
        ("Attendance-2013-summer.CSV", "attendance"),
        ("attendance-a.b.xlsx", "attendance"),
        ("attendance.parquet", "attendance"),
        ("attendance.csv.gz", "attendance"),
        ("attendance-x.csv.zip", "attendance"),
        ("attendance.zip", "attendance"),
        ("local_indicators.csv", "local_indicators"),
        ("dwp_benefits-2013.csv", "dwp_benefits"),
        ("attendances.csv", None),
        ("panel_form.xlsx", "panel_forms"),
        ("Panel form - housing (2).xlsx", "panel_forms"),
        ("panel_forms_health.csv", "panel_forms"),
        ("panel_rows_to_mend.xlsx", None),
        ("attendance_2013.csv", None),
        ("my-attendance.csv", None),
        ("attendance.txt", None),
        ("attendance", None),
        ("attendance.csv.bak", None),
        ("dwp.csv", None),
    ],
)


@CASES
def test_a_canonical_name_is_the_extracts_own_and_what_follows_a_hyphen(name: str, extract: str | None) -> None:
    assert canonical_extract(name) == extract


@pytest.mark.parametrize("extract", EXTRACTS)
def test_no_extracts_name_is_taken_for_another(extract: str) -> None:
    assert canonical_extract(f"{extract}.csv") == canonical_extract(f"{extract}-attendance.csv") == extract


@pytest.mark.parametrize(
    ("pattern", "path", "values"),
    [
        (
            "census-{academic_year}-{term}*",
            "census-2012-13-summer-pupils.csv",
            {"academic_year": "2012-13", "term": "summer"},
        ),
        ("census-{academic_year}-{term}*", "x/CENSUS-201213-SUM.csv", {"academic_year": "201213", "term": "SUM"}),
        ("{academic_year}/{term}/*", "2012-13/autumn/pupils.csv", {"academic_year": "2012-13", "term": "autumn"}),
        ("pupils {term} {academic_year}", "pupils 1 2012 13.csv.gz", {"academic_year": "2012 13", "term": "1"}),
        ("{school_urn}_absence", "100001_absence.xlsx", {"school_urn": "100001"}),
        ("census-{academic_year}-{term}*", "census-2012-13-easter.csv", None),
        ("census-{term}", "census-summer-2.csv", None),
    ],
)
def test_a_pattern_takes_values_out_of_a_name(pattern: str, path: str, values: dict[str, str] | None) -> None:
    assert values_in_name(pattern, path) == values


def test_a_canonical_folder_needs_no_settings(tmp_path: Path) -> None:
    folder = minimal(
        tmp_path / "in", local_indicators=[indicator(KIM)], dwp_benefits=[claimant(KIM)], schools=[school()]
    )
    (folder / "notes.txt").write_text("nothing")
    (folder / "wash.toml").write_text("")
    (folder / ".hidden.csv").write_text("")
    found = found_in(folder)
    assert [source.extract for source in found.sources] == [
        *("attendance", "asb", "dwp_benefits", "local_indicators", "schools")
    ]
    assert found.not_read == ("notes.txt",)


def test_every_file_is_archived_under_its_sha256_before_it_is_read(tmp_path: Path) -> None:
    for source in found_in(minimal(tmp_path / "in")).sources:
        for file in source.files:
            assert file.archived == tmp_path / "archive" / file.sha256
            assert file.archived.read_bytes() == (tmp_path / "in" / file.path).read_bytes()


def test_several_files_are_in_the_order_of_their_content_not_of_their_names(tmp_path: Path) -> None:
    folder = minimal(tmp_path / "in")
    for number in range(5):
        write_rows(folder / f"attendance-{number}.csv", [attendance(school_name=f"School {number}")])
    before = [file.sha256 for file in source_of("attendance", folder).files]
    for number in range(5):
        (folder / f"attendance-{number}.csv").rename(folder / f"attendance-{9 - number}x.csv")
    after = [file.sha256 for file in source_of("attendance", folder).files]
    assert before == after == sorted(before)


def test_the_same_bytes_twice_are_read_once_counted_and_said(tmp_path: Path) -> None:
    folder = minimal(tmp_path / "in")
    shutil.copy(folder / "attendance.csv", folder / "attendance-copy.csv")
    source = source_of("attendance", folder)
    done = ingest("attendance", folder)
    assert [file.path for file in source.repeated] == ["attendance.csv"]
    assert len(done.clean) == 1
    assert done.notes == {"repeated_file": 1}
    assert [(file.path, file.rows_read, file.repeated) for file in done.files] == [
        ("attendance-copy.csv", 1, 0),
        ("attendance.csv", 0, 1),
    ]


def test_a_file_that_two_layouts_name_is_read_by_the_first_and_is_no_repeat(tmp_path: Path) -> None:
    folder = minimal(tmp_path / "in")
    layouts = {"asb": [{"files": "asb.csv", "constants": {"agency": "Police"}}, {"files": "a*b.csv"}]}
    done = ingest("asb", folder, layouts)
    assert done.clean["agency"].tolist() == ["Police"]
    assert [(file.path, file.rows_read, file.repeated) for file in done.files] == [("asb.csv", 1, 0)]
    assert "repeated_file" not in done.notes


def test_a_file_may_be_gzipped_or_alone_in_a_zip(tmp_path: Path) -> None:
    folder = minimal(tmp_path / "in")
    raw = (folder / "attendance.csv").read_bytes()
    (folder / "attendance.csv").unlink()
    (folder / "attendance-a.csv.gz").write_bytes(gzip.compress(raw, mtime=0))
    with zipfile.ZipFile(folder / "attendance-b.zip", "w") as packed:
        packed.writestr("pupils.csv", raw)
    assert len(ingest("attendance", folder).clean) == 2


# refusals


def test_without_attendance_there_is_no_wash(tmp_path: Path) -> None:
    folder = minimal(tmp_path / "in")
    (folder / "attendance.csv").rename(folder / "pupils.csv")
    with pytest.raises(ExtractRefusedError) as refusal:
        found_in(folder)
    for part in ("no attendance extract", "attendance.csv", "attendance.xlsx", "attendance.parquet", "attendance-"):
        assert part in str(refusal.value)


def test_without_youth_offending_and_asb_there_is_no_wash(tmp_path: Path) -> None:
    folder = minimal(tmp_path / "in")
    (folder / "asb.csv").unlink()
    with pytest.raises(ExtractRefusedError) as refusal:
        found_in(folder)
    for part in ("neither a youth_offending nor an asb extract", "youth_offending.csv", "asb.xlsx"):
        assert part in str(refusal.value)
    write_rows(folder / "youth_offending.csv", [offence(KIM)])
    assert len(found_in(folder).sources) == 2


def test_the_settings_names_are_those_looked_for(tmp_path: Path) -> None:
    with pytest.raises(ExtractRefusedError, match=r"census/\*\.csv"):
        found_in(minimal(tmp_path / "in"), {"attendance": {"files": "census/*.csv"}})


def test_an_extract_may_be_left_out_unless_the_wash_must_have_it(tmp_path: Path) -> None:
    folder = minimal(tmp_path / "in", youth_offending=[offence(KIM)])
    settings = {"dwp_benefits": {"files": "dwp.csv"}}
    with pytest.raises(ExtractRefusedError, match=r"dwp\.csv"):
        found_in(folder, settings)
    found = found_in(folder, settings, without=("dwp_benefits", "asb"))
    assert [source.extract for source in found.sources] == ["attendance", "youth_offending"]
    assert found.not_read == ("asb.csv",)
    with pytest.raises(ExtractRefusedError):
        found_in(folder, without=("attendance",))
    with pytest.raises(UsageError, match="did you mean asb"):
        found_in(folder, without=("abs",))


def test_a_link_that_leads_out_of_the_folder_is_refused(tmp_path: Path) -> None:
    folder = minimal(tmp_path / "in")
    write_rows(tmp_path / "elsewhere.csv", [claimant(KIM)])
    (folder / "dwp.csv").symlink_to(tmp_path / "elsewhere.csv")
    with pytest.raises(ExtractRefusedError, match="leads out"):
        found_in(folder, {"dwp_benefits": {"files": "dwp.csv"}})


def test_a_pattern_that_is_none_is_a_mistake_in_the_settings(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="not a path or a pattern"):
        found_in(minimal(tmp_path / "in"), {"dwp_benefits": {"files": "x**/y.csv"}})


def test_names_that_say_different_things_of_the_same_bytes_are_refused(tmp_path: Path) -> None:
    folder = minimal(tmp_path / "in")
    row = {key: value for key, value in attendance().items() if key != "term"}
    for term in ("spring", "summer"):
        write_rows(folder / f"census-{term}.csv", [row])
    with pytest.raises(ExtractRefusedError, match="are the same file"):
        found_in(folder, {"attendance": {"files": "census-*.csv", "from_name": "census-{term}"}})


def test_a_name_that_does_not_fit_its_pattern_is_refused(tmp_path: Path) -> None:
    folder = minimal(tmp_path / "in")
    with pytest.raises(ExtractRefusedError, match="does not fit the pattern"):
        found_in(folder, {"asb": {"files": "asb.csv", "from_name": "asb-{agency}"}})


def test_files_beside_nested_ones_that_fit_no_extract_are_said(tmp_path: Path) -> None:
    folder = minimal(tmp_path / "in")
    write_rows(minimal(folder / "dwp") / "answers.csv", [claimant(KIM)])
    found = found_in(folder, {"dwp_benefits": {"files": "dwp/answers.csv"}})
    assert found.not_read == ("dwp/asb.csv", "dwp/attendance.csv")
    assert [file.path for source in found.sources for file in source.files][-1] == "dwp/answers.csv"


def test_sources_hold_names_and_digests_and_no_rows(tmp_path: Path) -> None:
    source = source_of("asb", minimal(tmp_path / "in", asb=[incident(KIM, case_ref="CANARY-REF")]))
    assert "CANARY-REF" not in repr(source)
