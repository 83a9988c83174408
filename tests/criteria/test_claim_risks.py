"""Which claims an auditor looks at: sizes, chance that anybody can repeat, and each risk with its reason."""

from typing import Any

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from criteria import CriteriaSettings, Framework, load_framework
from criteria.claim_risks import EMPLOYMENT, HINGES, RETROSPECTIVE, SHARED, WITHDRAWN, draw_sample, risks_of
from schemas.columns import TEXT
from schemas.words import Hinge


def rules(**overlays: Any) -> Framework:
    laid = {f"audit.{key}": {"value": value, "reason": "a test"} for key, value in overlays.items()}
    return load_framework(CriteriaSettings.model_validate({"overlays": laid}))


def claims(number: int = 1, **changed: Any) -> pd.DataFrame:
    rows = [{"claim_id": f"X{place:04d}", "family_ref": f"C{place:04d}", "family_id": f"F{place:07d}", "route": "a",
             "amount": 1500, "hinges": None, "result_start": "2013-04-01", **changed} for place in range(number)]
    table = pd.DataFrame(rows)
    table["result_start"] = pd.to_datetime(table["result_start"]).astype("datetime64[ns]")
    return table.astype({"hinges": TEXT, "amount": "Int64"})


def cases(number: int = 1, attached_on: str = "2013-01-05", first_contact_on: Any = "2013-01-09") -> pd.DataFrame:
    table = pd.DataFrame([{"family_ref": f"C{place:04d}", "attached_on": attached_on,
                           "first_contact_on": first_contact_on} for place in range(number)])
    days = {name: pd.to_datetime(table[name]).astype("datetime64[ns]") for name in ("attached_on", "first_contact_on")}
    return table.assign(**days)


MEMBERS = pd.DataFrame([("C0000", "P1"), ("C0000", "P2")], columns=["family_ref", "person_id"])
PEOPLE = pd.DataFrame([("P1", 0.99), ("P2", 1.0)], columns=["person_id", "cohesion"])


def reasons(one: pd.DataFrame, of: pd.DataFrame | None = None, **told: Any) -> list[str]:
    members, people = told.pop("members", MEMBERS), told.pop("people", PEOPLE)
    found = risks_of(one, cases() if of is None else of, members, people, rules=rules(), **told)
    return found["reason"].tolist()


def test_an_ordinary_claim_is_no_risk() -> None:
    assert reasons(claims()) == []


@pytest.mark.parametrize("hinge", list(Hinge))
def test_whatever_a_claim_hinges_on_is_a_risk(hinge: Hinge) -> None:
    assert reasons(claims(hinges=str(hinge))) == [HINGES[hinge]]


def test_several_hinges_are_several_reasons() -> None:
    assert len(reasons(claims(hinges="referral_only;education_neutral"))) == 2


@pytest.mark.parametrize(("attached", "contact", "told"), [
    ("2013-01-05", "2013-04-01", []),
    ("2013-01-05", "2013-04-02", [RETROSPECTIVE]),
    ("2013-05-01", None, [RETROSPECTIVE]),
])
def test_support_that_began_after_the_result_window_did_is_retrospective(attached, contact, told) -> None:  # type: ignore[no-untyped-def]
    assert reasons(claims(), cases(attached_on=attached, first_contact_on=contact)) == told


def test_employment_a_shared_person_doubtful_records_and_a_withdrawn_claim_are_risks() -> None:
    assert reasons(claims(route="b")) == [EMPLOYMENT]
    other = pd.concat([MEMBERS, pd.DataFrame([("C9", "P2")], columns=MEMBERS.columns)])
    assert reasons(claims(), members=other) == [SHARED]
    assert reasons(claims(), people=PEOPLE.assign(cohesion=[0.84, 1.0])) == [
        "records joined with little certainty: a link of 0.84"]
    assert reasons(claims(), withdrawn={"C0000"}) == [WITHDRAWN]


NO_RISK = pd.DataFrame({"claim_id": [], "reason": []}, dtype=object)


@pytest.mark.parametrize(("number", "drawn"), [(0, 0), (4, 4), (10, 10), (99, 10), (100, 10), (101, 11), (2000, 200)])
def test_a_tenth_is_drawn_by_chance_rounded_up_and_ten_at_least(number: int, drawn: int) -> None:
    sample = draw_sample(claims(max(number, 1)).head(number), NO_RISK, rules(), seed="s")
    assert len(sample) == drawn
    assert set(sample["drawn"]) <= {"random"}


def test_the_sizes_are_settings() -> None:
    assert len(draw_sample(claims(50), NO_RISK, rules(sample_percent=50, sample_least=1), seed="s")) == 25
    assert len(draw_sample(claims(50), NO_RISK, rules(sample_percent=0, sample_least=3), seed="s")) == 3


def test_those_with_most_reasons_are_drawn_for_their_risks_beside_the_random_ones() -> None:
    many = claims(100)
    risky = [(f"X{place:04d}", "one") for place in range(30)] + [(f"X{place:04d}", "two") for place in range(10)]
    sample = draw_sample(many, pd.DataFrame(risky, columns=["claim_id", "reason"]), rules(), seed="dice")
    by_risk = sample[sample["drawn"].str.contains("risk")]
    assert set(by_risk["claim_id"]) == {f"X{place:04d}" for place in range(10)}
    assert set(by_risk["reasons"]) == {"one; two"}
    assert sample["drawn"].str.contains("random").sum() == 10
    assert sample["place"].is_monotonic_increasing


def test_a_seed_draws_the_same_whatever_the_rows_order_and_another_draws_others() -> None:
    many = claims(300)
    first = draw_sample(many, NO_RISK, rules(), seed="443")
    assert draw_sample(many[::-1], NO_RISK, rules(), seed="443").equals(first)
    assert set(draw_sample(many, NO_RISK, rules(), seed="444")["claim_id"]) != set(first["claim_id"])


def test_a_claim_that_is_added_leaves_the_others_chance_as_it_was() -> None:
    few, more = (draw_sample(claims(number), NO_RISK, rules(sample_percent=10), seed="s") for number in (100, 101))
    shared = more["claim_id"].isin(few["claim_id"])
    assert shared.sum() >= len(few) - 1


@settings(max_examples=30, deadline=None)
@given(st.text(min_size=1, max_size=20))
def test_whatever_the_seed_each_claim_may_be_drawn_and_none_twice(seed: str) -> None:
    sample = draw_sample(claims(40), NO_RISK, rules(), seed=seed)
    assert sample["claim_id"].is_unique
    assert len(sample) == 10


def test_over_many_seeds_every_claim_is_drawn_about_as_often() -> None:
    many = claims(20)
    drawn = pd.concat([draw_sample(many, NO_RISK, rules(sample_least=5), seed=str(seed)) for seed in range(200)])
    often = drawn["claim_id"].value_counts()
    assert len(often) == 20
    assert often.between(25, 80).all(), "fifty times of two hundred, give or take"
