"""Who a row speaks of, and when it was seen."""

from datetime import date

import pandas as pd

from criteria.calendar import Term
from linkage import link
from pipeline.mentions import mentions
from schemas.extracts import EXTRACTS


AS_OF = date(2013, 9, 30)
TERMS = (
    Term("2012/13", "summer", date(2013, 4, 1), date(2013, 7, 31)),
    Term("2013/14", "autumn", date(2013, 9, 1), date(2013, 12, 31)),
)


def clean(name: str, *rows: dict) -> pd.DataFrame:
    empty = EXTRACTS[name].empty()
    numbered = [{"record_id": f"{name}:{n}", "file": "f.csv", "row_number": n + 2, **row} for n, row in enumerate(rows)]
    kinds = empty.dtypes.to_dict() | {"file": "category", "file_sha256": "category"}
    return pd.DataFrame(numbered).reindex(columns=empty.columns).astype(kinds)


def seen(frame: pd.DataFrame) -> list[str]:
    return frame["observed_on"].dt.strftime("%Y-%m-%d").tolist()


def test_a_pupil_was_seen_at_the_end_of_term_or_when_she_left_and_never_after_the_as_of_date() -> None:
    pupil = {"surname": "Rowe", "academic_year": "2012/13", "term": "summer"}
    rows = (pupil, pupil | {"leaving_date": "2013-05-01"}, pupil | {"academic_year": "2013/14", "term": "autumn"})
    found = mentions({"attendance": clean("attendance", *rows)}, TERMS, {}, as_of=AS_OF)
    assert seen(found) == ["2013-07-31", "2013-05-01", "2013-09-30"]
    assert set(found["role_hint"]) == {"child"}


def test_a_contact_is_an_adult_tied_to_a_child() -> None:
    row = {
        "surname": "Rowe",
        "forename": "Ann",
        "upn": "H801200001001",
        "child_surname": "Lane",
        "relationship": "mother",
    }
    found = mentions({"contacts": clean("contacts", row)}, TERMS, {}, as_of=AS_OF)
    adult, child = found.to_dict("records")
    assert (adult["surname"], adult["role_hint"], adult["tied_to"]) == ("Rowe", "adult", child["record_id"])
    assert pd.isna(adult["upn"])
    assert (child["surname"], child["role_hint"], child["upn"]) == ("Lane", "child", "H801200001001")
    assert pd.isna(child["address"])


def test_an_answer_found_by_its_reference_is_no_mention() -> None:
    answers = clean(
        "dwp_benefits", {"request_ref": "R1", "surname": "Rowe"}, {"surname": "Lane", "as_at": "2013-09-01"}
    )
    found = mentions({"dwp_benefits": answers}, TERMS, {}, as_of=AS_OF)
    assert list(found["surname"]) == ["Lane"]
    assert seen(found) == ["2013-09-01"]


def test_an_address_alone_is_a_record_and_a_row_that_says_nothing_is_not() -> None:
    rows = clean("asb", {"address": "1 High Street", "event_date": "2013-02-03"}, {"event_date": "2013-02-03"})
    found = mentions({"asb": rows, "schools": clean("schools", {"school_urn": "1"})}, TERMS, {}, as_of=AS_OF)
    assert list(found["record_id"]) == ["asb:0"]


def test_no_tables_give_no_mentions_with_every_column() -> None:
    found = mentions({"schools": clean("schools", {"school_urn": "1"})}, TERMS, {}, as_of=AS_OF)
    assert len(found) == 0
    assert {"record_id", "source", "surname", "tied_to", "observed_on"} <= set(found.columns)


def test_a_contact_was_seen_on_the_day_of_its_extract_or_on_the_as_of_date() -> None:
    row = {"surname": "Rowe", "upn": "H801200001001"}
    rows = clean("contacts", row | {"file_sha256": "a"}, row | {"file_sha256": "b"})
    found = mentions({"contacts": rows}, TERMS, {"a": date(2013, 6, 1)}, as_of=AS_OF)
    adults = found[found["role_hint"] == "adult"]
    assert seen(adults) == ["2013-06-01", "2013-09-30"]


def test_an_extract_full_of_adults_does_not_say_that_the_others_are_children() -> None:
    pupil = {"surname": "Rowe", "academic_year": "2012/13", "term": "summer"}
    ages = [{"date_of_birth": "1950-01-01"}, {"date_of_birth": "2001-01-01"}, {}]
    grown = mentions({"attendance": clean("attendance", *[pupil | age for age in ages])}, TERMS, {}, as_of=AS_OF)
    young = mentions({"attendance": clean("attendance", *[pupil | age for age in ages[1:]])}, TERMS, {}, as_of=AS_OF)
    assert grown["role_hint"].isna().all()
    assert set(young["role_hint"]) == {"child"}


SPEAKS_OF = {"adult_offending": "adult", "missing_child": "child", "child_in_need": "child"}


def test_an_indicator_of_which_the_rules_say_it_tells_an_adult_from_a_child() -> None:
    row = {"surname": "Rowe", "start_date": "2013-01-01"}
    kinds = ["adult_offending", "missing_child", "mental_health", "child_in_need"]
    old = {"indicator": "child_in_need", "date_of_birth": "1970-01-01"}
    found = mentions(
        {"local_indicators": clean("local_indicators", *[row | {"indicator": kind} for kind in kinds], row | old)},
        TERMS, {}, as_of=AS_OF, speaks_of=SPEAKS_OF,
    )  # fmt: skip
    assert found["role_hint"].astype(object).where(found["role_hint"].notna(), None).tolist() == [
        "adult", "child", None, None, None,
    ]  # fmt: skip


def test_a_small_child_is_not_taken_to_be_an_offending_adult_of_the_same_name() -> None:
    child = {"surname": "Singh", "forename": "Harjit", "date_of_birth": "2008-12-05", "address": "26 Heather Avenue"}
    asb = clean("asb", child | {"postcode": "ZB1 1AY", "event_date": "2013-02-03"})
    other = {"surname": "Singh", "forename": "Harjit", "address": "26 Heather Avenue", "postcode": "ZB1 1AY"}
    indicators = clean("local_indicators", other | {"indicator": "adult_offending", "start_date": "2013-01-01"})
    tables = {"asb": asb, "local_indicators": indicators}
    found = link(mentions(tables, TERMS, {}, as_of=AS_OF, speaks_of=SPEAKS_OF))
    assert found.person_records["person_id"].nunique() == 2
