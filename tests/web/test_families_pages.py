"""The pages of the lists: what stands on them, in their files and in the audit log, and what none of these may say."""

import io
import json
import re
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NamedTuple

import pandas as pd
import pytest
from python_calamine import CalamineWorkbook
from starlette.testclient import TestClient

from pipeline.record.audit_log import AUDIT_LOG
from tests.web.signing import signed_in, somebody
from web.app import make_app, make_site
from web.door.entrance import open_entrance
from web.door.roles import Role
from web.families.missing import missing
from web.families.search import find
from web.published import Published, latest
from web.settings import PagesSettings


NORTH, SOUTH = "North & East", "South"
LISTS = {"master_list": "/families", "undetermined": "/families/undetermined", "left_list": "/families/left"}
CORA = Role.COORDINATOR


class Town(NamedTuple):
    """Pages over the two months, whose families live in two areas, and which lives where."""

    outputs: Path
    run: Published
    area: dict[str, str]
    client: Callable[..., TestClient]

    def table(self, name: str) -> pd.DataFrame:
        return self.run.table(name)

    def families(self, name: str, *areas: str) -> list[str]:
        return [family for family in self.table(name)["family_id"] if not areas or self.area[family] in areas]

    def events(self) -> list[dict]:
        return [json.loads(line) for line in (self.outputs / AUDIT_LOG).read_text(encoding="utf-8").splitlines()]


@pytest.fixture(scope="module")
def town(outputs: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Town]:
    """The sample has one district: every other family is put into another area as its table is read."""
    place = tmp_path_factory.mktemp("town")
    for run in outputs.iterdir():
        if run.is_dir() and run.name != "pages":
            (place / run.name).symlink_to(run)
    shutil.copy(outputs / AUDIT_LOG, place / AUDIT_LOG)
    settings = PagesSettings()
    site = make_site(place, settings, open_entrance(place, settings))
    app, run = make_app(site), latest(place)
    assert run is not None
    areas = run.table("family_areas", ["family_id", "area"])
    moved = areas.assign(area=[NORTH if place % 2 else SOUTH for place in range(len(areas))])
    moved.loc[moved["family_id"].isin(run.table("left_list")["family_id"]), "area"] = SOUTH
    run._tables["family_areas", ("family_id", "area")] = moved
    known = dict(zip(moved["family_id"], moved["area"], strict=True))
    made: dict[object, TestClient] = {}

    def client(*areas: str, role: Role = CORA) -> TestClient:
        who = somebody(role, areas=frozenset(areas), name=f"{role}{len(areas)}{''.join(areas)[:1]}")
        if who.name not in made:
            made[who.name] = signed_in(app, site, who)
        return made[who.name]

    yield Town(place, run, known, client)


def shown(page: str) -> list[str]:
    """The families whose rows stand on a page, in its order."""
    table = page.partition("<tbody")[2]
    return re.findall(r"/family/(F\d{7})", table)


def counts(page: str) -> list[int]:
    return [int(number) for number in re.findall(r'class="dw-tabs__tab"[^>]*>[^<(]*\((\d+)\)', page)]


def searched(client: TestClient, text: str, name: str = "master_list") -> str:
    """Search, and return the address that it leads to."""
    page = client.get("/families").text
    token = re.search(r'name="csrf" value="([^"]+)"', page)
    assert token
    answer = client.post("/families/search", data={"text": text, "list": name, "csrf": token.group(1)})
    assert answer.status_code == 303
    return str(answer.headers["location"])


@pytest.mark.parametrize("name", LISTS)
@pytest.mark.parametrize("areas", [(), (NORTH,), (SOUTH,), (NORTH, SOUTH), ("Elsewhere",)], ids=len)
def test_everybody_sees_the_families_of_their_areas_and_counts_no_others(
    town: Town, name: str, areas: tuple[str, ...]
) -> None:
    page = town.client(*areas).get(LISTS[name])
    assert page.status_code == 200
    assert shown(page.text) == town.families(name, *areas)
    assert counts(page.text) == [len(town.families(one, *areas)) for one in LISTS]
    others = set(town.area) - set(town.families(name, *areas))
    assert not [family for family in others if family in page.text]


def test_filters_offer_what_may_be_seen_alone(town: Town) -> None:
    page = town.client(NORTH).get("/families").text
    offered = re.search(r'<select class="govuk-select" id="area".*?</select>', page, re.DOTALL)
    assert offered
    assert re.findall(r'value="([^"]*)"', offered.group()) == ["", "North &amp; East"]
    assert SOUTH not in re.sub(r"<select.*?</select>", "", page, flags=re.DOTALL).replace("Southgate", "")


@pytest.mark.parametrize(("query", "keep"), [
    ("met=education", lambda row: row.education == "met"),
    ("unknown=work", lambda row: row.work == "unknown"),
    ("met=education&met=local", lambda row: row.education == row.local == "met"),
    ("rule=2_plus_local", lambda row: row.rule == "2_plus_local"),
    ("new=yes", lambda row: row.change == "new"),
    ("tier=light", lambda row: str(row.tier) == "light"),
    ("tier=-", lambda row: pd.isna(row.tier)),
    ("stale=oldest-9", lambda row: row.stalest_evidence < pd.Timestamp("2012-12-30")),
    ("area=North+%26+East", lambda row: row.area == NORTH),
    ("area=Nowhere", lambda row: False),
])  # fmt: skip
def test_a_filter_shows_the_families_that_the_table_has_of_it(town: Town, query: str, keep: Callable) -> None:
    table = town.table("master_list")
    rows = table.assign(area=table["family_id"].map(town.area))
    expected = [row.family_id for row in rows.itertuples() if keep(row)]
    page = town.client().get(f"/families?{query}").text
    assert shown(page) == expected
    assert ("No family is what these filters ask for" in page) == (not expected)


def test_a_school_shows_the_families_of_its_children(town: Town) -> None:
    schools = town.table("family_schools")
    urn = schools["school_urn"].value_counts().index[0]
    families = set(schools.loc[schools["school_urn"] == urn, "family_id"])
    expected = [family for family in town.families("master_list") if family in families]
    assert expected
    assert shown(town.client().get(f"/families?school={urn}").text) == expected


def test_the_banner_names_the_schools_and_the_families_that_wait_of_ones_own_areas(town: Town) -> None:
    would_settle = town.table("undetermined").set_index("family_id")["would_settle"]
    waiting = [family for family, text in would_settle.items() if "St Anne's Primary School" in text]
    for areas in ((), (NORTH,)):
        mine = [family for family in waiting if not areas or town.area[family] in areas]
        page = town.client(*areas).get("/families").text
        assert "3 schools sent no attendance for a term or more" in page
        assert f"nothing for autumn 2012/13; {len(mine)} undetermined families wait for it" in page
        assert missing(town.run, frozenset(areas)).schools[0].waiting == len(mine)
    assert 0 < len(mine) < len(waiting)


def test_an_undetermined_family_is_told_with_what_would_settle_it(town: Town) -> None:
    page = town.client().get("/families/undetermined").text
    for text in town.table("undetermined")["would_settle"]:
        for part in text.split("; "):
            assert part.replace("'", "&#39;")[1:] in page
    (link,) = re.findall(r'href="([^"]+)">Attendance from St Anne&#39;s[^<]*</a>: (\d+)', page)
    assert len(shown(town.client().get(link[0].replace("&amp;", "&")).text)) == int(link[1]) > 5


def test_a_family_that_left_is_told_with_what_lapsed(town: Town) -> None:
    page = town.client().get("/families/left").text
    assert shown(page) == town.families("left_list")
    assert "<li>Local criteria: no longer met</li>" in page


@pytest.mark.parametrize("name", LISTS)
@pytest.mark.parametrize("areas", [(), (SOUTH,)], ids=len)
def test_a_workbook_holds_what_the_page_shows_and_says_what_it_is(
    town: Town, name: str, areas: tuple[str, ...]
) -> None:
    client = town.client(*areas)
    answer = client.get(f"/families/download/xlsx?list={name}&area=South")
    assert answer.headers["content-type"].endswith("spreadsheetml.sheet")
    assert "OFFICIAL-SENSITIVE" in answer.headers["content-disposition"]
    book = CalamineWorkbook.from_filelike(io.BytesIO(answer.content))
    header, *rows = book.get_sheet_by_index(0).to_python()
    own = town.table(name)
    own = own[own["family_id"].isin(town.families(name, SOUTH))]
    assert [row[header.index("Family ID")] for row in rows] == own["family_id"].tolist()
    assert {row[header.index("Area")] for row in rows} <= {SOUTH}
    same = [column for column in own if own[column].dtype.kind == "O" or str(own[column].dtype) == "string"]
    for column in same:
        heading = column.replace("_", " ").capitalize().replace(" id", " ID").replace("asb", "ASB")
        assert [row[header.index(heading)] for row in rows] == own[column].fillna("").tolist()
    about = [row[0] for row in book.get_sheet_by_name("About this file").to_python()]
    assert {"OFFICIAL-SENSITIVE", f"Run {town.run.run_id}", f"Families in this file: {len(own):,}."} <= set(about)
    assert any(line.startswith(f"Asked for by coordinator{len(areas)}") for line in about)
    assert any("Area: South" in line for line in about)
    assert any("St Anne's Primary School sent no attendance for autumn 2012/13" in line for line in about)


def test_a_csv_holds_the_same_with_its_marking_in_each_row(town: Town) -> None:
    answer = town.client(NORTH).get("/families/download/csv?new=yes")
    assert answer.content.startswith(b"\xef\xbb\xbf")
    table = pd.read_csv(io.BytesIO(answer.content), dtype=str)
    new = town.table("master_list").query("change == 'new'")["family_id"]
    assert table["family_id"].tolist() == [family for family in new if town.area[family] == NORTH]
    assert set(table["marking"]) == {"OFFICIAL-SENSITIVE"}
    assert set(table["run"]) == {town.run.run_id}
    assert set(table["asked_by"]) == {"coordinator1N"}


@pytest.mark.parametrize("path", ["pdf", "xlsx?list=people", "xlsx?search=abc"])
def test_there_is_no_other_file(town: Town, path: str) -> None:
    assert town.client().get(f"/families/download/{path}").status_code == 404


def someone(town: Town, name: str) -> tuple[str, str, str]:
    """Whom a list's first family can be found by: the family, a surname, the family's postcode."""
    homes = town.table("households").set_index("household_id")
    for row in town.table(name).itertuples():
        members = town.table("members").query("household_id == @row.household_id")["person_id"]
        people = town.table("people")
        surname = people.loc[people["person_id"].isin(members), "surname"].dropna().iloc[0]
        return row.family_id, surname, homes.loc[row.household_id, "postcode"]
    raise AssertionError


@pytest.mark.parametrize("name", ["master_list", "undetermined"])
def test_a_search_leads_to_the_list_that_has_the_family(town: Town, name: str) -> None:
    family, surname, postcode = someone(town, name)
    client = town.client()
    for text in (family, surname, postcode, surname.upper(), postcode.lower().replace(" ", "")):
        page = client.get(searched(client, text, name))
        assert family in shown(page.text)
        assert f'value="{text}"'.replace("'", "&#39;") in page.text
        found = find(town.run, text).families
        assert counts(page.text) == [len(found & set(town.families(one))) for one in LISTS]
    address = searched(client, family, "left_list")
    assert address.startswith(LISTS[name] + "?search=")


def test_what_is_searched_for_stands_in_no_address_log_or_header(town: Town, capfd, caplog) -> None:
    family, surname, postcode = someone(town, "master_list")
    client = town.client()
    before = len(town.events())
    for text in (surname, postcode):
        address = searched(client, text)
        page = client.get(address)
        links = re.findall(r'(?:href|action)="([^"]*)"', page.text)
        file = client.get(next(link for link in links if "download/xlsx" in link).replace("&amp;", "&"))
        said = [address, *links, *file.headers.values(), *page.headers.values(), *capfd.readouterr(), caplog.text]
        written = json.dumps(town.events()[before:])
        for quoted in {text, text.replace(" ", "+"), text.replace(" ", "%20"), text.replace(" ", "")}:
            assert not [one for one in [*said, written] if quoted.casefold() in str(one).casefold()]
    about = CalamineWorkbook.from_filelike(io.BytesIO(file.content)).get_sheet_by_name("About this file").to_python()
    assert any("Found by a search" in row[0] for row in about)


def test_a_search_finds_nothing_of_another_area_nor_for_another_person(town: Town) -> None:
    family, surname, _ = someone(town, "master_list")
    other = NORTH if town.area[family] == SOUTH else SOUTH
    mine = find(town.run, surname).families
    client = town.client(other)
    page = client.get(searched(client, surname)).text
    assert family not in page
    assert sum(counts(page)) == len([one for one in mine if town.area[one] == other])
    stolen = searched(town.client(), surname)
    answer = client.get(stolen)
    assert "That search is over" in answer.text
    assert surname not in answer.text


def test_a_search_for_nothing_leads_back_to_the_list(town: Town) -> None:
    assert searched(town.client(), "   ") == "/families"
    assert searched(town.client(), "F0000001", "people") == "/families"


def test_every_view_search_and_file_is_in_the_audit_log_first(town: Town) -> None:
    client, before = town.client(SOUTH), len(town.events())
    client.get("/families?met=education&page=7")
    client.get("/families/undetermined")
    client.get(searched(client, town.families("master_list", SOUTH)[0]))
    client.get("/families/download/csv?list=left_list")
    events = town.events()[before:]
    assert [(event["event"], event["page"]) for event in events] == [
        ("viewed_list", "families"), ("viewed_list", "families_undetermined"), ("viewed_list", "families"),
        ("searched_families", "families_search"), ("viewed_list", "families"),
        ("downloaded_list", "families_download")]  # fmt: skip
    assert {event["who"] for event in events} == {"coordinator1S"}
    assert {event["run_id"] for event in events} == {town.run.run_id}
    assert events[0]["filters"] == "met=education"
    assert (events[3]["by"], events[3]["found"], events[4]["filters"]) == ("id", 1, "search=yes")
    assert (events[5]["list"], events[5]["form"], events[5]["families"]) == ("left_list", "csv", 1)


@pytest.mark.parametrize("name", ["area", "school", "tier", "waits", "search"])
def test_what_somebody_writes_into_an_address_is_not_recorded(town: Town, name: str) -> None:
    town.client(SOUTH).get(f"/families/undetermined?{name}=Ashdown")
    event = town.events()[-1]
    assert event["filters"] == f"{name}={'yes' if name == 'search' else 'other'}"
    assert "Ashdown" not in json.dumps(event)


def test_nothing_is_shown_or_handed_out_that_the_log_cannot_hold(town: Town, monkeypatch) -> None:
    def full(*_: object, **__: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("web.visit.record_event", full)
    for path in ("/families", "/families/download/xlsx"):
        answer = town.client().get(path)
        assert answer.status_code == 503
        assert "F0000" not in answer.text


@pytest.mark.parametrize("role", [Role.REVIEWER, Role.ADMINISTRATOR])
def test_lists_are_not_for_everybody(town: Town, role: Role) -> None:
    for path in (*LISTS.values(), "/families/download/xlsx"):
        assert town.client(role=role).get(path).status_code == 403


def test_pages_part_a_long_list(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("web.families.pages.PAGE_OF", 4)
    client, families = town.client(), town.families("master_list")
    found = [family for page in range(1, 5) for family in shown(client.get(f"/families?page={page}").text)]
    assert found == families
    assert shown(client.get("/families?page=99").text) == families[12:]
    second = client.get("/families?page=2&order=newest").text
    assert 'href="/families?order=newest&amp;page=3"' in second
    assert "page 2 of 4" in second
    assert "5 to 8 shown" in second
