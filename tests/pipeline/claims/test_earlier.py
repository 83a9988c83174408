"""Earlier claims as a wash takes them in: who their people are today, and which of two records of a claim speaks."""

import pandas as pd
import pytest

from pipeline.claims.earlier import known_again
from schemas.columns import TEXT


def _claim(name: str, *people: list[str]) -> dict:
    return {"claim_id": name, "people": [{"person_id": f"then-{name}", "identities": list(one)} for one in people]}


def _identities(**people: str) -> pd.DataFrame:
    rows = [(digest, person) for person, digests in people.items() for digest in digests.split()]
    return pd.DataFrame(rows, columns=["identity", "person_id"]).astype(TEXT)


@pytest.mark.parametrize(("people", "known"), [
    ({"P1": "a b", "P2": "c"}, ["P1"]),
    ({"P1": "b", "P2": "z"}, ["P1"]),
    ({"P1": "a", "P2": "b x"}, ["P1", "P2"]),
    ({"P1": "a b", "P2": "b"}, ["P1"]),
    ({"P9": "x"}, []),
], ids=["the same digests", "one digest is enough", "split into two alike", "who shares more", "not seen today"])
def test_a_person_is_whoever_shares_most_digests(people: dict[str, str], known: list[str]) -> None:
    found = known_again((_claim("X1", ["a", "b"]),), _identities(**people))
    assert list(found["person_id"]) == known


def test_people_of_several_claims_are_told_apart() -> None:
    claims = (_claim("X1", ["a"], ["b"]), _claim("X2", ["c"]))
    found = known_again(claims, _identities(P1="a", P2="b", P3="c"))
    assert set(found.itertuples(index=False, name=None)) == {("X1", "P1"), ("X1", "P2"), ("X2", "P3")}


def test_two_people_of_a_claim_who_are_one_today_are_one() -> None:
    found = known_again((_claim("X1", ["a"], ["b"]),), _identities(P1="a b"))
    assert list(found["person_id"]) == ["P1"]
