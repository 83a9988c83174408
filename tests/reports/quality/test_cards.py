"""The card of an extract: what broke, what is empty, what was kept out, and what differs from last month."""

import pandas as pd

from reports.quality.cards import arrived, came_in_section, card, worth_a_look
from tests.reports.quality.months import counted, extracts, fields


def asb(rows: int, rejected: int = 0, **noted: int) -> dict[str, int]:
    return {"rows_read": rows, "rows_accepted": rows - rejected, "rows_quarantined": rejected} | noted


def test_a_card_says_rows_duplicates_columns_kept_out_and_why_rows_were_rejected() -> None:
    noted = {"duplicate_row": 4, "unknown_column": 2, "placeholder: surname": 2, "join_none: a/b*.csv": 3}
    now = extracts(rejected=(("date_unreadable", "event_date", 3),), asb=asb(200, 3, **noted))
    was = asb(100, 3, **{"unknown_column: Ward": 1})
    before = extracts(8, rejected=(("date_unreadable", "event_date", 1), ("no_surname", None, 2)), asb=was)
    told = card(now, before, "asb")
    facts = dict(told.facts)
    assert facts["Rows read"] == "200 (100 last time)"
    assert facts["Rows rejected"] == "3, 1.5% (3 last time)"
    assert facts["Rows that say the same as another"] == "4, 2.0% (0 last time)"
    assert facts["Columns dropped at the door"] == "2 (1 last time)"
    tables = dict(told.tables)
    assert tables["Rejected rows"]["rows"].tolist() == [3, 0]
    assert tables["Rejected rows"]["rows_last_time"].tolist() == [1, 2]
    assert tables["Rejected rows"]["why"][0].startswith("Event date is not a date")
    assert tables["Counted, or cleared and the row kept"]["what"].tolist() == [
        "Surname holds a placeholder, which stands for nothing", "a/b*.csv found no row for a key"]


def test_empty_fields_stand_with_their_counts_and_those_of_last_month() -> None:
    now = extracts(asb=200)._replace(fields={"asb": fields(("surname", 200, 0), ("uprn", 200, 150))})
    before = extracts(8, asb=100)._replace(fields={"asb": fields(("surname", 100, 0), ("uprn", 100, 10))})
    table = card(now, before, "asb").fields
    assert table[["field", "empty", "rows", "share_empty", "share_last_time"]].to_numpy().tolist() == [
        ["Surname", 0, 200, "0%", "0%"], ["UPRN", 150, 200, "75%", "10%"]]


def test_what_is_worth_a_look_is_said_and_what_is_as_always_is_not() -> None:
    now = extracts(asb=asb(100, 10, unknown_column=1), referrals=10)
    now = now._replace(fields={"asb": fields(("postcode", 90, 45)), "referrals": fields(("postcode", 10, 1))})
    before = extracts(8, asb=200, referrals=10, contacts=50)
    before = before._replace(fields={"asb": fields(("postcode", 200, 10)), "referrals": fields(("postcode", 10, 1)),
                                     "contacts": fields()})
    looks = dict(worth_a_look(counted(now, before)))
    assert looks["contacts"] == ["It was given last time, and is missing."]
    assert looks["asb"] == [
        "10 rows of 100 (10%) were rejected.",
        "100 rows came, and 200 last time (-50.0%).",
        "Postcode is empty in 50% of the rows, and was in 5.0%.",
        "1 column of its files, which nothing needs, dropped at the door; 0 last time.",
    ]
    assert "referrals" not in looks


def test_every_extract_stands_in_the_list_and_a_missing_one_says_none() -> None:
    table = arrived(counted(extracts(asb=100), extracts(8, asb=100, contacts=5))).set_index("name")
    assert table.loc["asb", ["came", "change"]].tolist() == ["yes", "the same"]
    assert table.loc["contacts", ["came", "rows_last_time"]].tolist() == ["none", 5]
    assert set(table["came"]) == {"yes", "none"} and len(table) > 10


def test_a_run_of_before_fields_were_counted_has_no_picture_of_them() -> None:
    section = came_in_section(counted(extracts(asb=100)))
    assert [figure.title for figure in section.figures] == ["Extracts"]
    assert isinstance(section.figures[0].table, pd.DataFrame)
