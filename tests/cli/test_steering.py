"""`datawash costs` and `datawash profile`: files for those who steer, and what may not be in them."""

import json
import re
import shutil
from pathlib import Path

import pandas as pd
import pytest

from reports.svg import named
from schemas.columns import columns_of
from schemas.management import MANAGEMENT
from tests.builders import KIM, LEON, PATRICK, SANDRA
from tests.claiming import WINDOW
from tests.cli.conftest import Command, Washed, run_command


PLAIN = """
[criteria.allocation]
indicative_number = 6
by_year = { "2012/13" = 2 }

[criteria.overlays."disclosure.threshold"]
value = 1
reason = "a test, with nobody in it"

[criteria.overlays."disclosure.round_to"]
value = 1
reason = "a test, with nobody in it"
"""


@pytest.fixture
def plain(tmp_path: Path) -> Path:
    """Settings with an allocation, by which every count is shown as it is."""
    path = tmp_path / "plain.toml"
    path.write_text(PLAIN, encoding="utf-8")
    return path


def test_costs_are_written_as_tables_and_a_picture(claiming: Washed, plain: Path) -> None:
    ran = run_command("costs", "latest", "--settings", plain, "--outputs", claiming.outputs)
    assert ran.code == 0, ran.err
    folder = claiming.outputs / "reports" / f"costs-{claiming.run.name}"
    assert {path.name for path in folder.iterdir()} == {
        "costs.xlsx", "costs.html", "costs.svg", "share.csv", "by_year.csv", "by_quarter.csv", "second_year_fees.csv",
        "forecast.csv", "assumptions.csv"}
    years = pd.read_csv(folder / "by_year.csv").set_index("financial_year")
    assert years.loc["2012/13", ["fees", "families_counted", "assumed_cost"]].tolist() == [3200, 1, 20000]
    assert years.loc["2013/14", ["forecast_claims", "forecast_results"]].tolist() == [2, 1400]
    share = pd.read_csv(folder / "share.csv").set_index("line")["number"]
    assert share["Paid for: 5/6 of it"] == 5
    assert share["Share of the 120,000 announced"] == 0.005
    picture = (folder / "costs.svg").read_text(encoding="utf-8")
    assert picture.count("mark-rect") and all(word in picture for word in ("2012/13-Q2", "2013/14-Q3", "3,200"))
    page = (folder / "costs.html").read_text(encoding="utf-8")
    assert str(named(picture, "its name")).partition('aria-label="its name" ')[2] in page
    assert "<script" not in page
    assert set(re.findall(r"(?:https?:)?//([^/\"' <)]+)", page)) == {"www.w3.org"}


def test_a_claim_that_was_made_is_a_result_and_no_forecast(claiming: Washed, look: Command) -> None:
    before = look("costs", "latest", "--outputs", claiming.outputs, "--json").facts["by_year"][-1]
    assert (before["results"], before["forecast_claims"]) == (0, 2)
    look("claims", "--window", WINDOW, "--outputs", claiming.outputs)
    _sign(claiming.outputs, look)
    assert look("claims", "submit", "--window", WINDOW, "--outputs", claiming.outputs).code == 0
    after = look("costs", "latest", "--outputs", claiming.outputs, "--json").facts["by_year"][-1]
    assert (after["claims"], after["results"], after["forecast_claims"]) == (1, 700, 1)
    assert after["received_with_forecast"] == before["received_with_forecast"]


def _sign(outputs: Path, look: Command) -> None:
    window = ("--window", WINDOW, "--outputs", outputs)
    look("claims", "sample", *window)
    for role in ("preparer", "checker", "auditor", "approver"):
        assert look("claims", "sign", *window, "--role", role, "--name", f"the {role}").code == 0


def test_no_management_file_names_a_family_or_a_person(claiming: Washed, look: Command, plain: Path) -> None:
    look("costs", "latest", "--outputs", claiming.outputs)
    look("profile", "latest", "--outputs", claiming.outputs)
    look("profile", "latest", "--settings", plain, "--outputs", claiming.outputs)
    folders = [claiming.outputs / name for name in ("reports", "releases")]
    files = [path for folder in folders for path in folder.rglob("*") if path.is_file()]
    texts = {path: path.read_text(encoding="utf-8-sig") for path in files if path.suffix in (".csv", ".html", ".svg")}
    assert len(texts) > 10
    for person in (KIM, LEON, PATRICK, SANDRA):
        for value in (person.forename, person.surname, person.home.postcode, person.date_of_birth, "C1", "TF0"):
            assert not [path.name for path, text in texts.items() if re.search(rf"\b{re.escape(value)}\b", text)]
    for path in files:
        if path.suffix == ".csv":
            assert set(pd.read_csv(path).columns) <= set(columns_of(MANAGEMENT[path.stem]))


def test_the_same_run_gives_the_same_bytes(claiming: Washed, look: Command) -> None:
    folder = claiming.outputs / "reports" / f"costs-{claiming.run.name}"
    written = []
    for _ in range(2):
        look("costs", "latest", "--outputs", claiming.outputs)
        written.append({path.name: path.read_bytes() for path in folder.iterdir()})
        shutil.rmtree(folder)
    assert written[0] == written[1]


def test_a_small_programme_s_profile_shows_nothing_and_says_so(claiming: Washed) -> None:
    ran = run_command("profile", "latest", "--outputs", claiming.outputs)
    assert ran.code == 0, ran.err
    (folder,) = (claiming.outputs / "releases").glob("0001-profile-programme-*")
    table = pd.read_csv(folder / "profile.csv")
    assert not table["shown"].any()
    assert table["families"].isna().all()
    lone = table.set_index(["measure", "level"]).loc[("lone parent", "yes")]
    assert (lone["national"], lone["national_source"]) == (
        49, "London Councils (2014), on the national evaluation's monitoring")


def test_without_a_threshold_the_profile_says_what_there_is(claiming: Washed, look: Command, plain: Path) -> None:
    ran = look("profile", "latest", "--settings", plain, "--outputs", claiming.outputs, "--json")
    told = {(row["measure"], row["level"]): row for row in ran.facts["profile"]}
    assert told["all families", ""]["families"] == 2
    assert told["lone parent", "yes"]["families"] == 2
    assert told["children in the family", "mean"]["mean"] == 1.0
    assert told["problem: crime asb", "yes"]["national"] == 54
    assert told["lone parent", "yes"]["share_percent"] == 100


def test_a_release_stays_as_it_is_and_the_next_is_numbered(claiming: Washed, look: Command, plain: Path) -> None:
    first = look("profile", "latest", "--outputs", claiming.outputs, "--json").facts
    again = look("profile", "latest", "--outputs", claiming.outputs, "--json").facts
    other = look("profile", "latest", "--of", "eligible", "--outputs", claiming.outputs, "--json").facts
    assert (first["again"], again["again"], other["again"]) == (False, True, False)
    assert again["folder"] == first["folder"]
    assert again["profile"] == first["profile"]
    assert Path(other["folder"]).name.startswith("0002-profile-eligible-")
    log = (claiming.outputs / "releases" / "releases.jsonl").read_text(encoding="utf-8").splitlines()
    assert [json.loads(line)["of"] for line in log] == ["programme", "eligible"]
    assert all(cell[2] is None for cell in json.loads(log[0])["cells"]), "what was left out is not in the log"
    before = ("--before", claiming.run.name, "--settings", plain)
    with_before = look("profile", "latest", *before, "--outputs", claiming.outputs)
    assert with_before.code == 0, with_before.err


def test_a_reason_that_names_a_family_holds_the_profile_back(claiming: Washed, look: Command, tmp_path: Path) -> None:
    """The reason stands among the figures that the profile rests on, and would leave the team with it."""
    settings = tmp_path / "naming.toml"
    settings.write_text(PLAIN.replace("a test, with nobody in it", "asked for by F0000002"), encoding="utf-8")
    refused = look("profile", "latest", "--settings", settings, "--outputs", claiming.outputs)
    assert refused.code == 7
    assert "The profile was not released: assumptions holds the id of a person, a household or a family." in refused.err
    releases = claiming.outputs / "releases"
    assert not (releases / "releases.jsonl").exists()
    assert [path.name for path in releases.glob("*/*")] == ["assumptions.refused.txt"]


def test_a_log_of_releases_that_was_changed_stops_the_next(claiming: Washed, look: Command) -> None:
    look("profile", "latest", "--outputs", claiming.outputs)
    look("profile", "latest", "--of", "eligible", "--outputs", claiming.outputs)
    log = claiming.outputs / "releases" / "releases.jsonl"
    whole = log.read_bytes()
    for changed in (whole.replace(b'"threshold": 10', b'"threshold": 1', 1), whole.splitlines(keepends=True)[1]):
        log.write_bytes(changed)
        refused = look("profile", "latest", "--outputs", claiming.outputs)
        assert refused.code == 7
        assert "releases.jsonl, line" in refused.err
    log.write_bytes(whole.splitlines(keepends=True)[0])
    refused = look("profile", "latest", "--outputs", claiming.outputs)
    assert refused.code == 7, "the audit log has seen two releases"


def test_a_run_of_an_earlier_version_is_told_so(claiming: Washed, look: Command) -> None:
    (claiming.run / "tables" / "cases.parquet").unlink()
    for command in ("costs", "profile"):
        refused = look(command, "latest", "--outputs", claiming.outputs)
        assert refused.code == 2
        assert "Wash its extracts again" in refused.err
