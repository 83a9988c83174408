"""The canary: a string in every person field is found in identified files alone, after good washes and failed ones."""

import json
import logging
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import unquote

import pytest
from filelock import FileLock

from pipeline.claims.questions import answer_questions
from pipeline.costs import cost_run
from pipeline.linkage_report import report_linkage
from pipeline.profile import profile_run
from pipeline.record.manifest import read_manifest
from schemas.extracts import EXTRACTS
from tests.builders import AS_OF, Row
from tests.flows.commands import free_port, said
from tests.flows.machines import machines
from tests.privacy import planted
from tests.privacy.pages import (
    ASKED,
    IDENTIFIED,
    Answer,
    House,
    ask_everything,
    open_house,
    unpacked,
    with_handler,
)
from tests.privacy.planted import (
    PLAIN,
    WRONG,
    content_of,
    found_in,
    planted_row,
    planted_tables,
    values_in,
    write_planted,
)
from tests.web.doors import Visitor


pytestmark = pytest.mark.prefect

NAME = "Zqattendancesurname"
HEADING, DROPPED = "Zqheading of a list", "Zqdropped"
"""A column that nothing needs, and what stands in it."""

MANAGEMENT = ("funnel", "coverage", "quarantine")
"""Tables that say how a wash went and not who anybody is."""

ENDED = {
    "good": "ok",
    "again": "ok",
    "scheduled": "ok",
    "slip": "1 A bug in Data Wash: KeyError at ",
    "interrupted": "130",
    "no attendance": "4 There is no attendance extract",
    "no column": "4 attendance",
    "no headings": "4 attendance",
    "too many wrong": "4 youth_offending",
    "unclosed quote": "4 attendance",
    "ragged": "4 attendance",
    "nul": "4 attendance",
    "no workbook": "4 asb",
    "misspelt": "3 misspelt.toml",
    "bad judgements": "2 judgements.csv",
    "no archive": "6 ",
    "no cluster": "9 There is no Dask scheduler",
    "on a cluster": "ok",
    "locked": "5 Another wash",
}
"""How each wash ends: the exit code, and how what is said begins."""


class Place(NamedTuple):
    """Where the washes happened, how each ended, and everything that the process said."""

    place: Path
    ended: dict[str, str]
    said: str


def _extracts(place: Path) -> dict[str, Path]:
    """A folder of extracts for each way in which one can be wrong."""
    wrong: Row = planted_row("attendance") | {"date_of_birth": WRONG, "upn": WRONG, "sessions_possible": WRONG}
    good = [*planted_tables()["attendance"], wrong | {HEADING: DROPPED}]
    without_term = [{name: value for name, value in planted_row("attendance").items() if name != "term"}]
    many_wrong = [planted_row("youth_offending") | {"proven": WRONG, "offence_date": WRONG}] * 3
    folders = {
        "good": write_planted(place / "good", attendance=good),
        "no attendance": write_planted(place / "no attendance", attendance=None),
        "no column": write_planted(place / "no column", attendance=without_term),
        "too many wrong": write_planted(place / "too many wrong", youth_offending=many_wrong),
        "no workbook": write_planted(place / "no workbook", asb=None),
    }
    (folders["no workbook"] / "asb.xlsx").write_text(f"not a workbook, {WRONG}", encoding="utf-8")
    folders["no headings"] = write_planted(place / "no headings")
    bare = folders["no headings"] / "attendance.csv"
    bare.write_text("".join(bare.read_text(encoding="utf-8").splitlines(keepends=True)[:0:-1]), encoding="utf-8")
    ends = {"unclosed quote": f'"{WRONG},x\n', "ragged": f"{WRONG}{',x' * 40}\n", "nul": f"{WRONG}\0,x\n"}
    for name, end in ends.items():
        folders[name] = write_planted(place / name)
        with (folders[name] / "attendance.csv").open("a", encoding="utf-8") as file:
            file.write(end)
    return folders


def _cases(place: Path, cluster: str) -> list[dict[str, str]]:
    """The washes, as `flow_cases` takes them: the good one first, then the others from where each goes wrong."""
    folders = _extracts(place / "inputs")
    outputs = str(place / "outputs")
    (place / "inputs" / "misspelt.toml").write_text("[linkage]\nneer = 1\n", encoding="utf-8")
    (place / "inputs" / "judgements.csv").write_text(f"left_id,judgement,reason\n{WRONG},{WRONG},{WRONG}\n")
    settings = place / "inputs" / "council.toml"
    settings.write_text(f'[inbox]\npath = "good"\n[notify]\nfile = "{place / "news.txt"}"\n', encoding="utf-8")
    (place / "inputs" / "cluster.toml").write_text(cluster, encoding="utf-8")
    nobody = f'[cluster]\nscheduler = "tcp://127.0.0.1:{free_port()}"\nwait_seconds = 1\n'
    (place / "inputs" / "nobody.toml").write_text(nobody, encoding="utf-8")
    changed = {
        "no cluster": {"settings": str(place / "inputs" / "nobody.toml")},
        "on a cluster": {"settings": str(place / "inputs" / "cluster.toml"), "outputs": str(place / "clustered")},
        "misspelt": {"settings": str(place / "inputs" / "misspelt.toml")},
        "bad judgements": {"judgements": str(place / "inputs" / "judgements.csv")},
        "scheduled": {"settings": str(settings), "outputs": str(place / "scheduled")},
        "no archive": {"outputs": str(place / "no archive")},
        "locked": {"outputs": str(place / "locked")},
        "slip": {"trouble": "slip", "outputs": str(place / "slip")},
        "interrupted": {"trouble": "interrupted", "outputs": str(place / "slip")},
    }
    base = {
        name: {"name": name, "folder": str(folders.get(name, folders["good"])), "outputs": outputs} for name in ENDED
    }
    return [base[name] | changed.get(name, {}) for name in ENDED]


@pytest.fixture(scope="module")
def washed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Place]:
    """Every case, washed by one process on a Prefect server of its own."""
    place = tmp_path_factory.mktemp("canary")
    own = {name: place / name for name in ("home", "temp", "current")}
    for folder in (*own.values(), place / "no archive", place / "locked"):
        folder.mkdir()
    (place / "no archive" / "archive").write_text("in the way", encoding="utf-8")
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("PREFECT", "DATAWASH"))}
    env = kept | {"HOME": str(own["home"]), "TMPDIR": str(own["temp"])}
    script = Path(__file__).with_name("flow_cases.py")
    with FileLock(place / "locked" / ".wash.lock"), machines(place / "dask", 1) as cluster:
        cases = _cases(place, cluster.settings())
        (own["current"] / "cases.json").write_text(json.dumps(cases), encoding="utf-8")
        done = subprocess.run(
            [sys.executable, script], capture_output=True, text=True, cwd=own["current"], env=env, check=False, umask=0
        )
    assert done.returncode == 0, done.stderr
    ended = dict(line.split(": ", 1) for line in done.stdout.splitlines() if line.split(": ")[0] in ENDED)
    yield Place(place, ended, done.stdout + done.stderr)
    shutil.rmtree(place)


def test_something_is_planted_wherever_an_extract_says_who_somebody_is() -> None:
    assert {name for name, spec in EXTRACTS.items() if spec.person} <= set(PLAIN)
    assert all(planted.unplanted_person_columns(extract) <= {"sex"} for extract in PLAIN)


def test_each_wash_ends_as_it_should(washed: Place) -> None:
    assert {name: washed.ended[name][: len(how)] for name, how in ENDED.items()} == ENDED


def test_the_canary_would_be_found(washed: Place) -> None:
    run = _run(washed)
    assert found_in([run / "tables" / "people.parquet"])
    assert [line for line in found_in((run / "restricted").iterdir()) if line.endswith(WRONG.lower())]


def test_of_a_column_that_nothing_needs_its_heading_is_in_the_restricted_folder_alone_and_its_values_nowhere(
    washed: Place,
) -> None:
    run = _run(washed)
    files = [path for path in run.rglob("*") if path.is_file()]
    assert [path.relative_to(run).as_posix() for path in files if HEADING.lower().encode() in content_of(path)] == [
        "restricted/attendance.dropped.parquet"
    ]
    assert [path for path in files if DROPPED.lower().encode() in content_of(path)] == []
    (file,) = [file for file in read_manifest(run).inputs if file.extract == "attendance"]
    assert file.columns_dropped == 1


def test_nothing_said_holds_a_value(washed: Place) -> None:
    said = washed.said.lower().encode()
    assert [canary for canary in planted.canaries() if canary in said] == []


def test_no_file_holds_a_value_but_those_that_are_meant_to(washed: Place) -> None:
    identified = [washed.place / "inputs", *washed.place.glob("*/archive"), *washed.place.glob(f"*/{AS_OF}-*")]
    files = [path for path in washed.place.rglob("*") if path.is_file()]
    others = [path for path in files if not any(path.is_relative_to(folder) for folder in identified)]
    names = {path.name for path in others}
    assert {"prefect.db", "audit_log.jsonl", "server.log", "news.txt", "scheduler0.log", "worker0.log"} <= names
    assert found_in(others) == []


def test_a_wash_on_a_cluster_is_the_same_run(washed: Place) -> None:
    one, other = (next((washed.place / name).glob(f"{AS_OF}-*")) for name in ("outputs", "clustered"))
    assert other.name == one.name
    assert said(other) == said(one)
    assert "PrefectDaskClient-datawash" in (washed.place / "dask" / "scheduler0.log").read_text()


def test_what_a_run_says_to_managers_holds_no_value(washed: Place) -> None:
    run = _run(washed)
    tables = [run / "tables" / f"{name}.parquet" for name in MANAGEMENT]
    assert found_in([run / "manifest.json", *tables, *run.glob("clean/*.quarantine.parquet")]) == []


def test_what_managers_are_given_beside_it_names_nobody(washed: Place, tmp_path: Path) -> None:
    """The linkage report, the costs, the profile, the answers about claims: each file of them, unpacked."""
    outputs = tmp_path / "outputs"
    shutil.copytree(washed.place / "outputs", outputs, ignore=shutil.ignore_patterns("prefect", "*.lock"))
    (run,) = outputs.glob(f"{AS_OF}-*")
    before = set(outputs.rglob("*"))
    report_linkage(run)
    cost_run(run)
    profile_run(run, of="eligible")
    answer_questions(outputs, run)
    made = [path for path in set(outputs.rglob("*")) - before if path.is_file()]
    assert {path.suffix for path in made} >= {".html", ".xlsx", ".csv", ".svg"}
    assert [(path.name, values_in(unpacked(path.read_bytes()).lower())) for path in made
            if values_in(unpacked(path.read_bytes()).lower())] == []  # fmt: skip


@pytest.mark.skipif(os.name != "posix", reason="modes of files are told so on POSIX alone")
def test_every_file_and_folder_is_for_this_user_alone(washed: Place) -> None:
    """Whatever the machine's default is: the process began with a umask of nought."""
    made = [washed.place / name for name in ("outputs", "scheduled", "clustered", "slip")]
    wide = [path for folder in made for path in folder.rglob("*") if path.lstat().st_mode & 0o077]
    assert [path.relative_to(washed.place) for path in wide] == []


def test_prefect_stores_no_result_and_no_error(washed: Place) -> None:
    assert [path for path in washed.place.glob("*/prefect/storage/*") if path.is_file()] == []


def test_failed_washes_leave_nothing_published_and_nothing_aside(washed: Place) -> None:
    assert len(list((washed.place / "outputs").glob(f"{AS_OF}-*"))) == 1
    assert list(washed.place.glob("*/*.part")) == []
    assert [path for path in (washed.place / "temp").rglob("*") if path.is_file()] == []


@pytest.fixture(scope="module")
def house(washed: Place) -> House:
    """The pages over the good wash."""
    return open_house(washed.place / "outputs")


@pytest.fixture(scope="module")
def answers(house: House) -> list[Answer]:
    """Every page, once."""
    return ask_everything(house)


def test_values_stand_on_the_pages_about_families(answers: list[Answer]) -> None:
    assert {"families", "family", "person", "review_download"} <= {one.name for one in answers if values_in(one.body)}


def test_no_value_stands_in_an_address_a_header_a_cookie_or_a_link(answers: list[Answer]) -> None:
    assert [(one.name, values_in(one.around)) for one in answers if values_in(one.around)] == []


def test_no_page_shows_a_value_but_those_about_families(answers: list[Answer]) -> None:
    others = [one for one in answers if one.name not in IDENTIFIED]
    assert {one.name for one in others} >= {"quality", "quality_report", "quality_rejected", "runs", "run", "audit"}
    assert [(one.name, values_in(one.body)) for one in others if values_in(one.body)] == []


def test_no_browser_keeps_a_page_and_none_fails(answers: list[Answer]) -> None:
    assert [one.name for one in answers if one.kept != "no-store"] == []
    assert [one.name for one in answers if one.status >= 500] == []


def test_who_was_sought_stands_in_no_address_and_no_log(house: House, caplog: pytest.LogCaptureFixture) -> None:
    visitor = Visitor(house.visitor)
    with caplog.at_level(logging.DEBUG, logger="datawash"):
        visitor.go("/families")
        answer = visitor.send("/families/search", text=NAME)
        assert answer.status_code == 303
        while answer.status_code == 303:
            assert NAME.lower() not in unquote(answer.headers["location"]).lower()
            answer = visitor.go(answer.headers["location"])
    assert NAME in answer.text
    assert values_in(caplog.text.lower().encode()) == []


WRITTEN = ("/{}", "/family/{}", "/person/{}", "/runs/{}", "/review/{}", "/quality/{}", "/families?area={}",
           "/audit?about={}", "/audit?who={}")  # fmt: skip


@pytest.mark.parametrize("path", WRITTEN)
def test_a_name_that_somebody_writes_into_an_address_stays_in_no_log(path: str, house: House, caplog: Any) -> None:
    with caplog.at_level(logging.DEBUG, logger="datawash"):
        answer = house.visitor.get(path.format(NAME))
    assert answer.status_code < 500
    assert answer.headers["referrer-policy"] == "no-referrer"
    assert values_in(caplog.text.lower().encode()) == []


def test_a_mistake_of_ours_on_any_page_says_no_value(house: House, caplog: pytest.LogCaptureFixture) -> None:
    def slip(visit: Any) -> Any:
        try:
            int(NAME)
        except ValueError as error:
            raise KeyError(NAME) from error

    visitor = with_handler(house, slip)
    with caplog.at_level(logging.DEBUG, logger="datawash"):
        for page in ASKED:
            answer = visitor.get(re.sub(r"\{[^}]+\}", "1", page.path))
            assert answer.status_code == 500, page.name
            assert "KeyError at" in answer.text
            assert values_in(answer.content.lower()) == []
    assert "a bug, KeyError" in caplog.text
    assert values_in(caplog.text.lower().encode()) == []


def test_what_the_pages_keep_beside_the_runs_holds_no_value(washed: Place, house: House) -> None:
    """The audit log, the accounts and whatever else there is, after all of the above."""
    identified = [house.outputs / "archive", *house.outputs.glob(f"{AS_OF}-*")]
    files = [path for path in house.outputs.rglob("*") if path.is_file()]
    others = [path for path in files if not any(path.is_relative_to(folder) for folder in identified)]
    assert {"audit_log.jsonl"} <= {path.name for path in others}
    assert found_in(others) == []


def _run(washed: Place) -> Path:
    (run,) = (washed.place / "outputs").glob(f"{AS_OF}-*")
    return run
