"""The order of the queue, and the few sure pairs that stand in it: told apart by nothing that a reviewer sees."""

import pandas as pd

from criteria.history import no_earlier_claims
from pipeline.reviewing.queue import choose, spread, touches_claim
from pipeline.reviewing.sample import add_sample, draw_sample
from schemas.columns import TEXT
from tests.criteria.town import Town


def asked(*rows: tuple[str, str, str, str]) -> pd.DataFrame:
    frame = pd.DataFrame(rows, columns=["review_id", "kind", "effect", "why"])
    return frame.astype(TEXT).assign(rank=range(1, len(rows) + 1))


def test_what_puts_a_family_on_or_off_the_list_comes_first_and_a_changed_record_before_all() -> None:
    table = asked(
        ("heavy", "pair", "none", ""),
        ("opens", "household", "undetermined", ""),
        ("off", "household", "off_list", ""),
        ("light", "pair", "none", ""),
        ("on", "bridge", "on_list", ""),
        ("again", "pair", "none", "record changed since it was judged"),
    )
    assert choose(table, 10) == ["again", "off", "on", "opens", "heavy", "light"]
    assert choose(table, 2) == ["again", "off"]


def test_homes_that_change_no_list_take_no_more_than_half() -> None:
    homes = [(f"h{number}", "household", "none", "") for number in range(6)]
    table = asked(("on", "household", "on_list", ""), *homes, ("p1", "pair", "none", ""), ("p2", "pair", "none", ""))
    assert choose(table, 4) == ["on", "h0", "h1", "p1"]
    assert len(choose(table, 9)) == 9


def test_sure_pairs_are_spread_among_the_questions_and_all_are_ranked() -> None:
    table = asked(*((name, "pair", "none", "") for name in "abcdxy"))
    queue = spread(table, list("abcd"), list("xy"))
    assert queue["review_id"].tolist() == ["a", "x", "b", "c", "y", "d"]
    assert queue["rank"].tolist() == [1, 2, 3, 4, 5, 6]


def test_a_question_touches_a_claim_by_its_people_by_who_lives_with_them_and_by_the_family() -> None:
    people = Town().family("H", children={"Kit": "2001-01-01"}, adults=["Ann"])
    people.family("L", children={"Bo": "2001-01-01"})
    queue = pd.DataFrame({"left_person": ["Kit", "Ann", "Zed"], "right_person": ["Zed", "Zed", "Bo"]}).astype(TEXT)
    homes = people.people()
    one = {"claim_id": "X1", "person_id": "Kit"}
    claimed = pd.DataFrame([one]).reindex(columns=no_earlier_claims().columns)
    assert touches_claim(queue, homes, claimed).tolist() == [True, True, False]
    family = claimed.assign(person_id=None, family_id="FL")
    assert touches_claim(queue, homes, family).tolist() == [False, False, True]
    assert not touches_claim(queue, homes, no_earlier_claims()).any()


def pairs(*rows: tuple[str, str, float]) -> pd.DataFrame:
    frame = pd.DataFrame(rows, columns=["judgement", "decided_by", "match_weight"])
    ends = {"left_id": [f"a{at:02d}" for at in range(len(rows))], "right_id": [f"b{at:02d}" for at in range(len(rows))]}
    return frame.assign(**ends, match_probability=0.5)


def test_the_sample_takes_as_many_of_each_way_to_be_settled_and_none_that_a_person_decided() -> None:
    table = pairs(
        *[("match", "identifier", 40.0)] * 5,
        *[("match", "model", 12.0)] * 4,
        *[("match", "model", 5.0)] * 1,
        *[("no_match", "rule", 2.0)] * 3,
        *[("match", "A. Reviewer", 5.0)] * 3,
        *[("review", "model", 0.0)] * 3,
    )
    aside = pairs(*[("no_match", "model", -5.0)] * 4).assign(left_id=[f"c{at}" for at in range(4)])
    sample = draw_sample(table, aside, 900, table.tail(3), 2)
    assert sample.groupby("settled").size().to_dict() == {
        "identifier": 2, "near": 1, "rule": 2, "set_aside": 2, "sure": 2,
    }  # fmt: skip
    among = sample.drop_duplicates("settled").set_index("settled")["among"]
    assert among.to_dict() == {"identifier": 5, "near": 1, "rule": 3, "set_aside": 900, "sure": 4}
    again = draw_sample(table.sample(frac=1, random_state=1), aside, 900, table.tail(3), 2)
    assert set(again["left_id"]) == set(sample["left_id"])
    assert len(draw_sample(table, aside, 900, table.tail(3), 0)) == 0
    asked_anyway = draw_sample(table, aside, 900, table, 2)
    assert set(asked_anyway["settled"]) == {"set_aside"}


def test_questions_without_a_sample_stay_as_they_are_and_say_of_none_that_it_was_settled() -> None:
    table = asked(("a", "pair", "none", ""), ("b", "pair", "none", ""))
    sample = draw_sample(pairs(("match", "model", 12.0)), pairs().head(0), 0, pairs(("match", "model", 12.0)), 2)
    assert len(sample) == 0
    both = add_sample(table, sample, pd.DataFrame({"record_id": []}))
    pd.testing.assert_frame_equal(both[table.columns], table)
    assert both[["settled", "among"]].isna().all(axis=None)
    assert both["among"].dtype == "Int64"
