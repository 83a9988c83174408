"""What bad input gets: each has its exit code, an answer that says what to do, and nothing published."""

import json
import os
from pathlib import Path

import pytest
from filelock import FileLock

from tests.builders import AS_OF, KIM, exclusion, four_families, pupil, write_four_families, write_rows


def _wash(run, extracts: Path, *more: object, **options):
    return run("wash", extracts, "--as-of", AS_OF, "--plain", *more, **options)


def _nothing_published(outputs: Path) -> bool:
    return not outputs.is_dir() or not list(outputs.glob(f"{AS_OF}*"))


def test_no_attendance_extract(datawash, tmp_path: Path) -> None:
    ran = _wash(datawash, write_four_families(tmp_path / "extracts", attendance=None))
    assert ran.code == 4
    assert "attendance.csv" in ran.err
    assert ran.out == ""
    assert _nothing_published(tmp_path / "outputs")


def test_neither_youth_offending_nor_asb(look, tmp_path: Path) -> None:
    ran = _wash(look, write_four_families(tmp_path / "extracts", youth_offending=None, asb=None))
    assert ran.code == 4
    assert "youth_offending.csv" in ran.err
    assert "asb.csv" in ran.err


def test_a_required_column_missing(datawash, tmp_path: Path) -> None:
    renamed = {"sessions_possible": "PossibleSessions"}
    rows = [{renamed.get(name, name): value for name, value in row.items()} for row in pupil(KIM)]
    ran = _wash(datawash, write_four_families(tmp_path / "extracts", attendance=rows))
    assert ran.code == 4
    assert "attendance.csv" in ran.err
    assert "sessions_possible" in ran.err
    assert "'PossibleSessions'" in ran.err
    assert "datawash map" in ran.err
    assert _nothing_published(tmp_path / "outputs")


def test_over_a_tenth_quarantined_stops_the_wash_with_the_commonest_rules(look, tmp_path: Path) -> None:
    bad = [pupil(KIM, term="harvest", academic_year=year) for year in ("2010/11", "2011/12")]
    rows = [*four_families()["attendance"], *bad]
    extracts = write_four_families(tmp_path / "extracts", attendance=rows)
    ran = _wash(look, extracts)
    assert ran.code == 4
    assert "attendance" in ran.err
    assert "6 of 18" in ran.err
    assert _nothing_published(tmp_path / "outputs")
    (extracts / "wash.toml").write_text("[extracts]\nmax_quarantined_share = 0.5\n", encoding="utf-8")
    assert look("check", extracts, "--as-of", AS_OF).code == 0


def test_an_optional_extract_refused_stops_the_wash_unless_it_is_left_out(look, tmp_path: Path) -> None:
    rows = [{**exclusion(KIM), "kind": "FIXD"}]
    rows[0].pop("category")
    extracts = write_four_families(tmp_path / "extracts", exclusions=rows)
    ran = _wash(look, extracts)
    assert ran.code == 4
    assert "exclusions.csv" in ran.err
    assert "--without exclusions" in ran.err
    assert _nothing_published(tmp_path / "outputs")
    without = _wash(look, extracts, "--without", "exclusions", "--json")
    assert without.code == 0, without.err
    assert without.facts["missing_extracts"]["exclusions"] == "education"
    assert "exclusions" in (Path(tmp_path) / without.facts["path"] / "manifest.json").read_text(encoding="utf-8")


def test_going_on_without_what_is_no_extract(look, tmp_path: Path) -> None:
    ran = _wash(look, write_four_families(tmp_path / "extracts"), "--without", "exclusion")
    assert ran.code == 2
    assert "did you mean exclusions?" in ran.err


@pytest.mark.parametrize(
    ("content", "key", "near"),
    [
        ("[linkage]\nacept = 0.9\n", "linkage.acept", "accept"),
        ("[extracts.attendence]\nfiles = 'a.csv'\n", "extracts.attendence", "attendance"),
        ("[criteria]\nframwork = 'phase_1'\n", "criteria.framwork", "framework"),
    ],
)
def test_a_setting_misspelt(look, tmp_path: Path, content: str, key: str, near: str) -> None:
    extracts = write_four_families(tmp_path / "extracts")
    (extracts / "wash.toml").write_text(content, encoding="utf-8")
    ran = _wash(look, extracts)
    assert ran.code == 3
    assert "wash.toml" in ran.err
    assert key in ran.err
    assert repr(near) in ran.err
    assert _nothing_published(tmp_path / "outputs")


def test_settings_that_are_not_there(look, tmp_path: Path) -> None:
    ran = _wash(look, write_four_families(tmp_path / "extracts"), "--settings", "council.toml")
    assert ran.code == 3
    assert "council.toml" in ran.err


@pytest.mark.skipif(os.name != "posix", reason="Windows tells a folder from a file in another way")
def test_a_folder_for_settings(look, tmp_path: Path) -> None:
    (tmp_path / "council").mkdir()
    ran = _wash(look, write_four_families(tmp_path / "extracts"), "--settings", tmp_path / "council")
    assert (ran.code, "council is a folder; --settings takes a TOML file." in ran.err) == (3, True)


def test_a_folder_of_extracts_that_is_none(look, tmp_path: Path) -> None:
    assert _wash(look, tmp_path / "nowhere").code == 2


def test_another_wash_running(datawash, tmp_path: Path) -> None:
    extracts, outputs = write_four_families(tmp_path / "extracts"), tmp_path / "outputs"
    outputs.mkdir()
    (outputs / ".wash.json").write_text(json.dumps({"since": "2013-10-01T06:00:00+00:00"}), encoding="utf-8")
    with FileLock(outputs / ".wash.lock"):
        ran = _wash(datawash, extracts)
    assert ran.code == 5
    assert "since 2013-10-01T06:00:00+00:00" in ran.err
    assert _nothing_published(outputs)


@pytest.mark.parametrize("place", ["taken", "taken/below"])
def test_outputs_that_cannot_be_a_folder(datawash, tmp_path: Path, place: str) -> None:
    (tmp_path / "taken").write_bytes(b"a file")
    ran = _wash(datawash, write_four_families(tmp_path / "extracts"), "--outputs", tmp_path / place)
    assert ran.code == 6
    assert "outputs folder" in ran.err
    assert (tmp_path / "taken").read_bytes() == b"a file"


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="modes do not bind root, nor Windows")
def test_outputs_that_may_not_be_written(datawash, tmp_path: Path) -> None:
    (tmp_path / "outputs").mkdir(mode=0o500)
    assert _wash(datawash, write_four_families(tmp_path / "extracts")).code == 6


def test_a_disk_that_takes_no_more(datawash, tmp_path: Path) -> None:
    """No file may grow beyond 4 kB: the archive has room for the extracts, the run has none for its tables."""
    resource = pytest.importorskip("resource", reason="Windows has no such limit")
    extracts = write_four_families(tmp_path / "extracts")
    limit = 4096
    assert max(path.stat().st_size for path in extracts.iterdir()) < limit
    ran = _wash(datawash, extracts, preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit)))
    assert ran.code == 6
    assert "Nothing was published" in ran.err
    assert "Traceback" not in ran.err
    assert _nothing_published(tmp_path / "outputs")


def test_a_name_that_would_steer_a_terminal(look, tmp_path: Path) -> None:
    extracts = write_four_families(tmp_path / "extracts")
    write_rows(extracts / "attendance-\x1b[31m[bold].csv", [{"forename": "Kim"}])
    ran = _wash(look, extracts)
    assert ran.code == 4
    assert "\x1b" not in ran.err
    assert "[bold]" in ran.err


def test_a_date_in_the_settings_of_linkage_is_refused(look, tmp_path: Path) -> None:
    extracts = write_four_families(tmp_path / "extracts")
    (extracts / "wash.toml").write_text("[linkage]\nas_of = 2013-09-30\n", encoding="utf-8")
    ran = _wash(look, extracts)
    assert ran.code == 3
    assert "wash.toml: linkage: as_of is not set here" in ran.err
