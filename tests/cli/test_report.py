"""`datawash report` and the report that every run has: pictures with a table each, nobody's name, the same bytes."""

import re

from pipeline.record.files import sha256_of
from pipeline.record.manifest import read_manifest


PERSON = ("forename", "surname", "address", "postcode", "upn", "nino")


def test_every_run_has_its_report_and_the_command_says_where(look, first_wash) -> None:
    ran = look("report", "latest", "--outputs", first_wash.outputs, "--json")
    path = first_wash.run / "report.html"
    assert ran.code == 0 and ran.facts["report"] == str(path)
    (entry,) = (entry for entry in read_manifest(first_wash.run).outputs if entry.file == "report.html")
    assert entry.sha256 == sha256_of(path)


def test_the_report_shows_its_pictures_runs_nothing_fetches_nothing_and_names_nobody(first_wash) -> None:
    page = (first_wash.run / "report.html").read_text(encoding="utf-8")
    pictures = re.findall(r"<svg.*?</svg>", page, re.S)
    assert len(pictures) >= 6 and all('role="img"' in picture and picture.count("<text") > 2 for picture in pictures)
    assert page.count("<table>") >= len(pictures) + page.count("<dl>")
    assert "<script" not in page and "@import" not in page and "url(" not in page
    assert set(re.findall(r"(?:https?:)?//([^/\"' <)]+)", page)) == {"www.w3.org"}
    people = first_wash.table("people")
    values = {str(value) for name in PERSON if name in people for value in people[name].dropna()}
    born = {day.strftime(form) for day in people["date_of_birth"].dropna() for form in ("%Y-%m-%d", "%-d %b %Y")}
    assert values and born
    assert not [value for value in values | born if re.search(rf"(?<![A-Za-z]){re.escape(value)}(?![a-z])", page)]
    assert not re.search(r"\b[FHP]\d{7}\b", page)


def test_drawn_again_it_is_the_same(look, washed, tmp_path) -> None:
    ran = look("report", "latest", "--outputs", washed.outputs, "--out", tmp_path / "again.html")
    assert ran.code == 0, ran.err
    assert (tmp_path / "again.html").read_bytes() == (washed.run / "report.html").read_bytes()


def test_a_run_of_before_there_were_reports_is_drawn_beside_it(look, washed) -> None:
    (washed.run / "report.html").unlink()
    (washed.run / "tables" / "field_quality.parquet").unlink()
    ran = look("report", "latest", "--outputs", washed.outputs)
    assert ran.code == 0, ran.err
    page = (washed.outputs / "reports" / f"run-{washed.run.name}.html").read_text(encoding="utf-8")
    assert "Attendance by school and term" in page and "Empty fields that say" not in page
