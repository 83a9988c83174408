"""The pages of a family and of a person against the tables of the run: every fact, its place, and who may see it."""

import json
import re
from io import BytesIO
from pathlib import Path

import openpyxl
import pandas as pd
import pytest
from pypdf import PdfReader

from linkage.explain import waterfall
from pipeline.evidence_pack import make_pack, pack_file
from pipeline.record.audit_log import AUDIT_LOG
from pipeline.record.rows import records
from reports.charts import BLUE, GREY, ORANGE
from reports.packs.shape import Pack
from reports.packs.wording import CRITERIA
from tests.web.conftest import AUGUST, SEPTEMBER
from tests.web.signing import signed_in, somebody
from web.app import make_app, make_site
from web.door.entrance import open_entrance
from web.door.roles import Role
from web.family import pages
from web.family.seen import Gone
from web.family.shown import plain_reason
from web.settings import PagesSettings
from web.visit import PDF, XLSX


@pytest.fixture(scope="module")
def run(outputs: Path) -> Path:
    """September's run."""
    (folder,) = outputs.glob(f"{SEPTEMBER}-*")
    return folder


@pytest.fixture(scope="module")
def made(run: Path) -> Pack:
    """The pack of the first family that has a case, as the command makes it."""
    return make_pack(run, family_with(run, "cases"))


def table(run: Path, name: str) -> pd.DataFrame:
    return pd.read_parquet(run / "tables" / f"{name}.parquet")


def home_of(run: Path, family: str) -> str:
    """The household of a family."""
    return str(table(run, "households").set_index("family_id").loc[family, "household_id"])


def rows_of(run: Path, name: str, household: str) -> pd.DataFrame:
    """The rows of a table about a household."""
    rows = table(run, name)
    return rows[rows["household_id"] == household]


def text_of(html: str) -> str:
    """What a page says, without its markup."""
    return " ".join(re.sub(r"<[^>]+>", " ", html).replace("&#39;", "'").replace("&amp;", "&").split())


def last_event(outputs: Path) -> dict:
    return json.loads((outputs / AUDIT_LOG).read_text(encoding="utf-8").splitlines()[-1])


def family_with(run: Path, name: str) -> str:
    """A family of the list or table called `name`."""
    return str(table(run, name)["family_id"].iloc[0])


def test_a_listed_family_shows_every_fact_where_it_stands_and_the_log_has_the_view(client, outputs, run):
    family = family_with(run, "master_list")
    answer = client(Role.COORDINATOR).get(f"/family/{family}")
    assert answer.status_code == 200
    home = home_of(run, family)
    facts = rows_of(run, "evidence", home)
    rows = re.findall(r'<th scope="row" class="govuk-table__header govuk-!-font-weight-regular">', answer.text)
    said = text_of(answer.text)
    assert len(rows) == len(facts) > 3
    assert all(f"row {row}" in said or f"rows {row}" in said
               for row in facts["row_numbers"].dropna() if ";" not in row)
    for verdict in records(rows_of(run, "verdicts", home)):
        assert f'id="criterion-{verdict["criterion"]}"' in answer.text
    event = last_event(outputs)
    assert (event["event"], event["family"], event["who"]) == ("viewed_family", family, "cora.coordinator")
    assert not re.search("|".join(table(run, "people")["surname"].dropna().unique()), json.dumps(event))


def test_the_time_lines_draw_each_dated_fact_as_what_it_is(client, run):
    family = family_with(run, "master_list")
    html = client(Role.COORDINATOR).get(f"/family/{family}").text
    facts = rows_of(run, "evidence", home_of(run, family)).dropna(subset=["event_date"])
    places = facts.assign(met=facts["met"].astype("object").where(facts["met"].notna(), "?")).drop_duplicates(
        ["criterion", "indicator", "event_date", "met"])["met"].value_counts()
    drawn = {True: r'class="mark"', False: r'class="mark hollow"', "?": r'class="mark unsure"'}
    assert {met: len(re.findall(mark, html)) for met, mark in drawn.items()} == {
        met: int(places.get(met, 0)) for met in drawn}
    assert html.count('role="img"') == facts["criterion"].nunique()
    assert "style=" not in html and "<script>" not in html


def test_what_would_settle_an_undetermined_family_stands_first(client, run):
    row = table(run, "undetermined").iloc[0]
    said = text_of(client(Role.ANALYST).get(f"/family/{row['family_id']}").text)
    settles = said[said.index("What would settle it"):said.index("Who lives here")]
    assert all(part in settles for part in row["would_settle"].split("; "))
    assert "not met" not in settles and "crime_asb" not in said


def test_a_family_that_is_neither_has_a_page_that_says_so(client, run):
    known = set(table(run, "master_list")["family_id"]) | set(table(run, "undetermined")["family_id"])
    families = table(run, "households")["family_id"].dropna()
    family = next(name for name in families if name not in known)
    said = text_of(client(Role.AUDITOR).get(f"/family/{family}").text)
    assert "Not on the list" in said and "Neither on the list nor undetermined" in said
    assert "worked out once it is on the list" in said and "no agency is known to" not in said


def test_every_member_has_a_page_that_says_which_records_are_theirs_and_the_steps_of_each_weight(client, outputs, run):
    pairs, owner = table(run, "pairs"), table(run, "person_records").set_index("record_id")
    apart = pairs[pairs["judgement"] == "no_match"].iloc[0]
    person = owner.loc[apart["left_id"], "person_id"]
    answer = client(Role.COORDINATOR).get(f"/person/{person}")
    said = text_of(answer.text)
    own = owner[owner["person_id"] == person]
    assert all(f"{row.file}, row {row.row_number}" in said for row in own.itertuples())
    assert apart["reason"] in said[said.index("What was looked at and not joined"):]
    steps = waterfall(records(apart.to_frame().T)[0])
    assert f"{steps['bits'].iloc[-1]:+.1f}" in said
    assert last_event(outputs)["person"] == person
    other = owner.loc[apart["right_id"], "person_id"]
    name = table(run, "people").set_index("person_id").loc[other, "forename"]
    mine = table(run, "people").set_index("person_id").loc[person, "forename"]
    assert other in said and (name == mine or f"{name} " not in said[said.index("What was looked at"):])


def test_a_waterfall_has_a_bar_for_each_step(client, run):
    pairs, owner = table(run, "pairs"), table(run, "person_records").set_index("record_id")["person_id"]
    involved = pd.concat([pairs["left_id"], pairs["right_id"]]).map(owner).value_counts()
    person = involved[involved == 2].index[0]
    html = client(Role.ANALYST).get(f"/person/{person}").text
    mine = pairs[(pairs["left_id"].map(owner) == person) | (pairs["right_id"].map(owner) == person)]
    pictures = re.findall(r"<svg.*?</svg>", html, re.DOTALL)
    assert len(pictures) == len(mine)
    of_the_legend = 3
    bars = [len(re.findall(f'fill="(?:{BLUE}|{ORANGE}|{GREY})"', picture)) - of_the_legend for picture in pictures]
    assert sorted(bars) == sorted(len(waterfall(row)) for row in records(mine))


@pytest.mark.parametrize(("form", "kind"), [("pdf", PDF), ("xlsx", XLSX)])
def test_a_pack_leaves_as_the_command_makes_it_once_the_log_has_its_digest(client, outputs, run, made, form, kind):
    family = family_with(run, "cases")
    answer = client(Role.COORDINATOR).get(f"/family/{family}/pack/{form}")
    assert answer.headers["content-type"] == kind
    assert "attachment" in answer.headers["content-disposition"] and made.name in answer.headers["content-disposition"]
    assert answer.content == pack_file(made, form)
    event = last_event(outputs)
    assert (event["event"], event["family"], event["form"]) == ("packed", family, form)
    if form == "pdf":
        assert family in PdfReader(BytesIO(answer.content)).pages[0].extract_text()
    else:
        assert openpyxl.load_workbook(BytesIO(answer.content)).sheetnames[0] == "Items"


def test_day_by_day_shows_the_pack_s_own_picture(client, run, made):
    family = family_with(run, "cases")
    answer = client(Role.COORDINATOR).get(f"/family/{family}/history")
    picture, grid = made.opening
    drawn = len(re.findall(r'class="(?:mark|bar)"', answer.text))
    assert drawn == sum(len(lane.marks) + len(lane.bars) for lane in picture.lanes)
    said = text_of(answer.text)
    assert all(row[1] in said and row[3] in said for row in grid.rows)


def test_what_changed_since_last_month_is_what_the_two_runs_differ_in(client, outputs, run):
    (before,) = outputs.glob(f"{AUGUST}-*")
    family = str(table(run, "master_list").query("change == 'new'")["family_id"].iloc[0])
    said = text_of(client(Role.COORDINATOR).get(f"/family/{family}").text)
    changed = said[said.index("What changed since last month"):said.index("Agencies", said.index("What changed since"))]
    assert "Compared with the wash of 31 August 2013" in changed and "New on the list" in changed
    held = [rows_of(one, "verdicts", home_of(one, family)).set_index("criterion")["verdict"] for one in (before, run)]
    differing = [name for name in held[1].index if held[0].get(name) != held[1][name]]
    assert differing and all(f"{CRITERIA[name]}: " in changed for name in differing)
    assert changed.count(" then, ") == len(differing)


@pytest.mark.parametrize(("said", "shown"), [
    ("not asked: neither crime_asb nor education is met", "not asked: neither crime and anti-social behaviour nor "
     "education is met"),
    ("from 2013-02-26; not independent of crime_asb", "from 26 Feb 2013; not independent of crime and anti-social "
     "behaviour"),
    ("none of its indicators (domestic_abuse_victim)", "none of its indicators (domestic abuse victim)"),
    ("row 3 of local_indicators.csv", "row 3 of local_indicators.csv"),
    (None, ""),
])
def test_no_code_is_left_in_a_reason(said, shown):
    assert plain_reason(said) == shown


def test_a_family_that_left_the_list_says_what_lapsed(client, run):
    row = table(run, "left_list").iloc[0]
    said = text_of(client(Role.COORDINATOR).get(f"/family/{row['family_id']}").text)
    assert "No longer on the list." in said and "local: no longer met" in row["lapsed"]
    assert "Local criteria: no longer met" in said


def test_a_family_that_is_gone_says_what_it_became(client, run, monkeypatch):
    family, other = "F0000001", family_with(run, "master_list")
    change = {"family_id": family, "change": "merged", "became": other, "lapsed": None}
    monkeypatch.setattr(pages, "family_asked", lambda visit: Gone(family, change))
    answer = client(Role.COORDINATOR).get(f"/family/{family}")
    assert "is not there any more" in answer.text and f'href="/family/{other}"' in answer.text
    assert client(Role.COORDINATOR).get(f"/family/{family}/history").status_code == 404


def test_of_a_family_of_another_area_there_is_no_word_but_a_line_in_the_log(client, outputs, run):
    family = family_with(run, "master_list")
    area = table(run, "family_areas").set_index("family_id").loc[family, "area"]
    person = rows_of(run, "members", home_of(run, family))["person_id"].iloc[0]
    own = client(Role.COORDINATOR, areas=frozenset({area}), name="own.area")
    other = client(Role.COORDINATOR, areas=frozenset({"ZZ99"}), name="other.area")
    for path in (f"/family/{family}", f"/family/{family}/history", f"/family/{family}/pack/pdf", f"/person/{person}"):
        assert "pack" in path or own.get(path).status_code == 200
        hidden, unknown = other.get(path), other.get(re.sub(r"[FP]\d+", lambda found: found[0][0] + "9999999", path))
        assert (hidden.status_code, unknown.status_code) == (404, 404)
        assert re.sub(r'value="[^"]*"', "", hidden.text) == re.sub(r'value="[^"]*"', "", unknown.text)
    refused = [json.loads(line) for line in (outputs / AUDIT_LOG).read_text(encoding="utf-8").splitlines()]
    mine = [event for event in refused if event["who"] == "other.area" and event["event"] == "refused"]
    assert [event.get("family") or event["person"] for event in mine] == [family, family, family, person]


def test_a_table_that_was_changed_is_not_shown(own_outputs):
    (run,) = own_outputs.glob(f"{SEPTEMBER}-*")
    family = family_with(run, "master_list")
    path = run / "tables" / "evidence.parquet"
    path.write_bytes(path.read_bytes()[:-1] + b"\0")
    site = make_site(own_outputs, PagesSettings(), open_entrance(own_outputs, PagesSettings()))
    answer = signed_in(make_app(site), site, somebody(Role.COORDINATOR)).get(f"/family/{family}")
    assert answer.status_code == 500 and "not what its manifest.json says" in answer.text
    assert "Members of the household" not in answer.text
