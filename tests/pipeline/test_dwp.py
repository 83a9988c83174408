"""The reference under which a person is asked about, and the way back of the answer."""

import pandas as pd

from pipeline.dwp import answered_people, dwp_request, request_refs
from schemas.columns import TEXT


def frame(*rows: dict, columns: tuple[str, ...] = ()) -> pd.DataFrame:
    made = pd.DataFrame(rows).reindex(columns=list(columns or rows[0]))
    return made.astype({name: TEXT for name in made.columns if name != "date_of_birth"})


MENTION = ("record_id", "source", "surname", "forename", "date_of_birth", "postcode", "address", "upn", "nino")


def mention(record: str, surname: str, source: str = "contacts") -> dict:
    return {"record_id": record, "source": source, "surname": surname, "forename": "Ann"}


RECORDS = frame(mention("c1", "Rowe"), mention("c2", "Lane"), columns=MENTION)
OWNERS = frame({"record_id": "c1", "person_id": "P1"}, {"record_id": "c2", "person_id": "P2"})


def by_person(refs: pd.DataFrame) -> dict:
    return dict(zip(refs["person_id"], refs["request_ref"], strict=True))


def test_a_reference_does_not_change_when_answers_and_other_people_join_the_wash() -> None:
    first = by_person(request_refs(RECORDS, OWNERS, None))
    extra = frame(mention("d1", "Abbot", "dwp_benefits"), mention("c3", "Ash"), columns=MENTION)
    owners = pd.concat([OWNERS, frame({"record_id": "d1", "person_id": "P1"}, {"record_id": "c3", "person_id": "P9"})])
    again = by_person(request_refs(pd.concat([RECORDS, extra]), owners.replace({"P1": "P5"}), None))
    assert again["P5"] == first["P1"]
    assert again["P2"] == first["P2"]
    assert len(set(again.values())) == 3


def test_two_people_who_look_the_same_have_two_references() -> None:
    records = frame(mention("c1", "Rowe"), mention("c2", "Rowe"), columns=MENTION)
    assert request_refs(records, OWNERS, None)["request_ref"].is_unique


def test_last_runs_references_are_kept_and_never_given_to_another() -> None:
    first = request_refs(RECORDS, OWNERS, None)
    renamed = RECORDS.assign(surname=pd.array(["Rowe-Smith", "Lane"], dtype=TEXT))
    kept = by_person(request_refs(renamed, OWNERS, first))
    assert kept == by_person(first)
    new = by_person(request_refs(RECORDS, OWNERS.replace({"P1": "P7"}), first))
    assert new["P7"] not in set(first["request_ref"])


def test_an_answer_finds_its_person_by_reference_alone_or_by_linkage() -> None:
    refs = request_refs(RECORDS, OWNERS, None)
    ref = by_person(refs)["P1"]
    answers = frame(
        {"record_id": "d1", "request_ref": ref},
        {"record_id": "d2", "request_ref": None},
        {"record_id": "d3", "request_ref": "RNOBODY"},
    )
    owners = pd.concat([OWNERS, frame({"record_id": "d2", "person_id": "P2"})])
    assert answered_people(answers, refs, owners).tolist()[:2] == ["P1", "P2"]
    assert answered_people(answers, refs, owners).isna().tolist() == [False, False, True]


def test_only_adults_with_a_full_address_are_sent_and_the_others_counted() -> None:
    people = frame(
        {
            "person_id": "P1",
            "forename": "Ann",
            "middle_names": None,
            "surname": "Rowe",
            "date_of_birth": None,
            "sex": "F",
        },
        {
            "person_id": "P2",
            "forename": "Bo",
            "middle_names": None,
            "surname": "Lane",
            "date_of_birth": None,
            "sex": "M",
        },
    )
    homes = frame(
        {"household_id": "H1", "address": "1 High Street", "postcode": "QX1 1AA"},
        {"household_id": "H2", "address": "2 High Street", "postcode": None},
    )
    asked = frame({"household_id": "H1", "person_id": "P1"}, {"household_id": "H2", "person_id": "P2"})
    request = dwp_request(asked, people, homes, request_refs(RECORDS, OWNERS, None))
    assert list(request.adults["surname"]) == ["Rowe"]
    assert request.incomplete == 1
    assert "person_id" not in request.adults.columns
