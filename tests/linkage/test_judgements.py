"""Decisions of people: carried from month to month by what a record says, asked again when it changed, never lost."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from linkage import LinkageSettings, link
from linkage.clustering import Links
from linkage.record_hash import hash_records, read_hash
from linkage.weak_joins import find_parts, find_weak_joins
from schemas.errors import UsageError
from tests.linkage.neighbours import make_records


SETTINGS = LinkageSettings(as_of="2013-09-30")
FEW = settings(derandomize=True, deadline=None, max_examples=4)
JIM = {"forename": "Jim", "surname": "Ashdown", "date_of_birth": "2001-02-03", "address": "1 Elm Grove"}
JAMES = {"forename": "James", "surname": "Ashdon", "date_of_birth": "2001-03-02", "address": "9 Oak Road"}
ANN = {"forename": "Ann", "surname": "Hall", "date_of_birth": "1970-01-05", "address": "2 Weir Street"}


def table(*rows, first="r"):
    return pd.DataFrame([{"record_id": f"{first}{number}", "source": "s"} | row for number, row in enumerate(rows)])


def decided(left, right, judgement, **more):
    return {"left_id": left, "right_id": right, "judgement": judgement, "decided_by": "a reviewer"} | more


def judge(records, *rows):
    return link(records, SETTINGS, judgements=pd.DataFrame(list(rows)))


def owners(result):
    return result.person_records.set_index("record_id")["person_id"]


def by_hash(left, right, judgement, **more):
    """A decision on records of another month: their ids are gone, their hashes are not."""
    hashes = hash_records(table(left, right))
    return decided("gone:1", "gone:2", judgement, left_hash=hashes[0], right_hash=hashes[1], **more)


def outcome(result):
    return result.decisions["outcome"].tolist()


def test_a_hash_is_of_what_the_record_says_alone():
    one, other = table(JIM, ANN), table(ANN | {"source": "t", "observed_on": "2013-01-01"}, JIM, first="x")
    assert hash_records(one)[0] == hash_records(other)[1]
    assert hash_records(one)[1] == hash_records(other)[0]
    assert hash_records(table(JIM | {"surname": "ASHDOWN "}))[0] == hash_records(one)[0]


@pytest.mark.parametrize("column", ["forename", "surname", "date_of_birth", "address"])
def test_a_hash_changes_with_what_the_record_says(column):
    changed = hash_records(table(JIM | {column: "1999-01-01"}))[0]
    assert read_hash(changed).identity != read_hash(hash_records(table(JIM))[0]).identity


def test_who_moved_house_has_another_hash_and_the_same_core():
    one, other = (read_hash(text) for text in hash_records(table(JIM, JIM | {"address": "5 Ash Lane"})))
    assert one.identity != other.identity
    assert one.core == other.core


def test_a_name_alone_is_known_by_its_source_and_day():
    thin = {"forename": "Jim", "surname": "Ashdown"}
    days = [thin | {"observed_on": day} for day in ("2013-01-01", "2013-02-01")]
    assert len(set(hash_records(table(thin, thin | {"source": "t"}, *days)))) == 4


def test_an_adult_and_a_child_of_one_name_and_address_differ():
    name = {"forename": "Jim", "surname": "Ashdown", "address": "1 Elm Grove"}
    assert len(set(hash_records(table(name | {"role_hint": "adult"}, name | {"role_hint": "child"})))) == 2


def test_a_decision_is_carried_over_to_every_record_that_says_the_same():
    records = table(JAMES, JIM, ANN, JIM)
    result = judge(records, by_hash(JIM, JAMES, "match"))
    assert owners(result)[["r0", "r1", "r3"]].nunique() == 1
    assert outcome(result) == ["carried over"]
    assert result.counts["judgements_carried_over"] == 1


def test_what_was_judged_apart_stays_apart_next_month():
    records = table(JIM, JIM | {"surname": "Ashdwn"}, ANN)
    assert owners(link(records, SETTINGS))[["r0", "r1"]].nunique() == 1
    result = judge(records, by_hash(JIM, JIM | {"surname": "Ashdwn"}, "no_match"))
    assert owners(result)[["r0", "r1"]].nunique() == 2


def test_two_records_that_say_the_same_stay_apart_next_month():
    result = judge(table(JIM, JIM, ANN), by_hash(JIM, JIM, "no_match"))
    assert owners(result)[["r0", "r1"]].nunique() == 2
    assert outcome(result) == ["carried over"]


def test_of_three_that_say_the_same_nobody_can_tell_which_two_were_meant():
    result = judge(table(JIM, JIM, JIM), by_hash(JIM, JIM, "no_match"))
    assert outcome(result) == ["check again"]


def test_a_decision_without_hashes_gets_them_from_its_records():
    row = judge(table(JIM, JAMES), decided("r0", "r1", "match")).decisions.iloc[0]
    assert [row["left_hash"], row["right_hash"]] == list(hash_records(table(JIM, JAMES)))


def test_a_record_that_changed_is_asked_about_again_and_nothing_is_applied():
    records = table(JIM | {"address": "5 Ash Lane"}, JIM | {"surname": "Ashdwn"}, ANN)
    result = judge(records, by_hash(JIM, JIM | {"surname": "Ashdwn"}, "no_match", decided_on="2013-09-01"))
    assert owners(result).equals(owners(link(records, SETTINGS)))
    question = result.review_queue.iloc[0]
    assert question["change"].startswith("judged `no_match` before; ")
    assert (question["left_id"], question["right_id"], question["rank"]) == ("r0", "r1", 1)
    assert question["why"] == "record changed since it was judged"
    assert result.counts["judgements_to_check_again"] == 1


def test_a_record_that_changed_under_its_own_id_is_asked_about_again():
    hashes = hash_records(table(JIM, JAMES))
    records = table(JIM | {"forename": "Joan", "date_of_birth": "1990-01-01"}, JAMES)
    result = judge(records, decided("r0", "r1", "match", left_hash=hashes[0], right_hash=hashes[1]))
    assert outcome(result) == ["check again"]
    assert owners(result).nunique() == 2


def test_who_has_been_asked_again_is_not_asked_a_third_time():
    moved = JIM | {"address": "5 Ash Lane"}
    old = by_hash(JIM, JAMES, "match", decided_on="2013-08-01")
    new = by_hash(moved, JAMES, "no_match", decided_on="2013-09-01")
    result = judge(table(moved, JAMES, ANN), old, new)
    assert sorted(outcome(result)) == ["carried over", "settled since"]
    assert owners(result)[["r0", "r1"]].nunique() == 2
    assert "record changed since it was judged" not in set(result.review_queue["why"])


def test_records_that_are_not_here_are_counted_and_kept():
    result = judge(table(ANN), by_hash(JIM, JAMES, "match"))
    assert result.counts["judgements_on_unknown_records"] == 1
    assert result.decisions["left_id"].tolist() == ["gone:1"]


def test_the_later_of_two_decisions_about_one_pair_holds():
    rows = [
        decided("r0", "r1", "match", decided_on="2013-08-01"),
        decided("r1", "r0", "no_match", decided_on="2013-09-01"),
    ]
    for order in (rows, rows[::-1]):
        result = judge(table(JIM, JAMES), *order)
        assert owners(result).nunique() == 2
        assert result.counts["judgements_superseded"] == 1


@pytest.mark.parametrize("days", [("2013-09-01", "2013-09-01"), (None, "2013-09-01"), (None, None)])
def test_two_decisions_of_which_neither_is_later_are_both_named(days):
    rows = [
        decided("r0", "r1", "match", decided_on=days[0], row="d.csv, row 2"),
        decided("r0", "r1", "no_match", decided_on=days[1], row="d.csv, row 7"),
    ]
    with pytest.raises(UsageError, match="d.csv, row 2 says") as caught:
        judge(table(JIM, JAMES), *rows)
    assert "d.csv, row 7 says" in str(caught.value)
    assert "decided_on" in str(caught.value)


def test_a_contradiction_through_a_chain_names_every_row_of_it():
    rows = [
        decided("r0", "r1", "match", row="d.csv, row 2"),
        decided("r1", "r2", "match", row="d.csv, row 3"),
        decided("r2", "r0", "no_match", row="d.csv, row 4"),
    ]
    with pytest.raises(UsageError) as caught:
        judge(table(JIM, JAMES, ANN), *rows)
    assert all(f"d.csv, row {row} says" in str(caught.value) for row in (2, 3, 4))


def test_those_said_to_be_one_person_cannot_be_said_to_live_apart():
    with pytest.raises(UsageError, match="two households"):
        judge(table(JIM, JAMES), decided("r0", "r1", "match"), decided("r0", "r1", "other_household"))


def test_a_decision_against_two_upns_holds_and_is_reported():
    upns = [{"upn": "A801200001001"}, {"upn": "H801200001002"}]
    records = table(JIM | upns[0], JAMES | upns[1], ANN)
    result = judge(records, decided("r0", "r1", "match"))
    assert owners(result)[["r0", "r1"]].nunique() == 1


def test_a_decision_against_a_tie_holds_and_is_reported():
    records = table(JIM, ANN | {"tied_to": "r0"})
    result = judge(records, decided("r0", "r1", "match"))
    assert owners(result).nunique() == 1
    assert result.counts["judgements_against_rules"] == 1
    assert result.decisions["note"].tolist() == ["overrules a rule: one is parent or carer of the other"]


def test_words_that_mean_nothing_are_refused():
    with pytest.raises(UsageError, match="same_household"):
        judge(table(JIM, JAMES), decided("r0", "r1", "perhaps"))


def test_what_matters_more_is_asked_first():
    records = make_records(seed=1, households=40)[0]
    plain = link(records, SETTINGS).review_queue
    assert plain["rank"].tolist() == list(range(1, len(plain) + 1))
    assert plain["priority"].is_monotonic_decreasing
    last = plain.iloc[-1]
    weights = records["record_id"].isin([last["left_id"], last["right_id"]]).map({True: 1000.0, False: 1.0})
    asked = link(records.assign(matters=weights), SETTINGS).review_queue
    assert asked.iloc[0]["review_id"] == last["review_id"]


@pytest.mark.parametrize("wrong", [-1.0, float("inf"), "much"])
def test_what_matters_is_a_weight(wrong):
    with pytest.raises(UsageError, match="matters"):
        link(table(JIM, JAMES).assign(matters=[1.0, wrong]), SETTINGS)


def test_no_more_is_asked_than_may_be():
    records = make_records(seed=1, households=40)[0]
    every = link(records, SETTINGS)
    few = link(records, SETTINGS.model_copy(update={"review_most": 2}))
    assert len(every.review_queue) > 2
    pd.testing.assert_frame_equal(few.review_queue, every.review_queue.head(2))
    assert few.counts["reviews_left_out"] == len(every.review_queue) - 2


@pytest.fixture(scope="module")
def months():
    """Two months of one place: the same rows under other ids, in another order."""
    records = make_records(seed=1, households=12)[0]
    later = records.iloc[::-1].reset_index(drop=True)
    return records, later.assign(record_id="next:" + later["record_id"])


@FEW
@given(data=st.data())
def test_decisions_hold_this_month_and_the_next(months, data):
    records, later = months
    says = pd.Series(hash_records(records), index=records["record_id"])
    ids = sorted(says.drop_duplicates().index)
    chosen = data.draw(st.lists(st.sampled_from(ids), min_size=5, max_size=7, unique=True))
    rows = [decided(*pair, "match") for pair in zip(chosen[:2], chosen[1:3], strict=True)]
    rows += [decided(chosen[0], other, "no_match") for other in chosen[3:]]
    first = judge(records, *rows)
    second = link(later, SETTINGS, judgements=first.decisions)
    for owner, prefix in ((owners(first), ""), (owners(second), "next:")):
        named = [prefix + record for record in chosen]
        assert owner[named[:3]].nunique() == 1
        assert all(owner[other] != owner[named[0]] for other in named[3:])
    assert second.counts["judgements_carried_over"] == len(rows)


def test_what_was_answered_is_not_asked_again():
    records = make_records(seed=1, households=40)[0]
    later = records.assign(record_id="next:" + records["record_id"])
    asked = link(records, SETTINGS).review_queue.query("kind != 'household'")
    answers = asked.assign(judgement="no_match", decided_by="a reviewer")
    again = link(later, SETTINGS, judgements=answers).review_queue
    before = set(map(frozenset, zip(asked["left_hash"], asked["right_hash"], strict=True)))
    assert before
    assert not before & set(map(frozenset, zip(again["left_hash"], again["right_hash"], strict=True)))


FLAT = {"address": "4 Mill Lane", "postcode": "HX1 2AB", "observed_on": "2013-09-01"}
HOUSE = {"address": "9 Oak Road", "postcode": "HX1 3CD", "observed_on": "2013-09-01"}
FAMILY = (ANN | FLAT, JIM | FLAT, {"forename": "Zoe", "surname": "Pell", "date_of_birth": "1980-06-07"} | HOUSE)


def homes(result):
    owner = owners(result)
    home = result.members.set_index("person_id")["household_id"]
    return {record: home[person] for record, person in owner.items()}


def test_who_was_judged_to_live_together_does_now_and_next_month():
    first = judge(table(*FAMILY), decided("r1", "r2", "same_household"))
    later = link(table(*FAMILY, first="x"), SETTINGS, judgements=first.decisions)
    assert homes(link(table(*FAMILY), SETTINGS))["r1"] != homes(link(table(*FAMILY), SETTINGS))["r2"]
    assert homes(first)["r1"] == homes(first)["r2"]
    assert homes(later)["x1"] == homes(later)["x2"]
    assert outcome(later) == ["carried over"]


def test_who_was_judged_to_live_apart_does_now_and_next_month():
    first = judge(table(*FAMILY), decided("r0", "r1", "other_household"))
    later = link(table(*FAMILY, first="x"), SETTINGS, judgements=first.decisions)
    assert homes(link(table(*FAMILY), SETTINGS))["r0"] == homes(link(table(*FAMILY), SETTINGS))["r1"]
    assert homes(first)["r0"] != homes(first)["r1"]
    assert homes(later)["x0"] != homes(later)["x1"]


def test_one_person_cannot_live_apart_from_themselves():
    result = judge(table(*FAMILY, JIM | FLAT), decided("r1", "r3", "other_household"))
    assert result.counts["judgements_set_aside"] == 1
    assert result.decisions["note"].str.startswith("set aside").all()


def test_a_home_of_who_moved_is_asked_about_again():
    hashes = hash_records(table(*FAMILY))
    row = decided("r1", "r2", "same_household", left_hash=hashes[1], right_hash=hashes[2])
    moved = table(FAMILY[0], FAMILY[1] | {"address": "1 New Street"}, FAMILY[2])
    question = judge(moved, row).review_queue.iloc[0]
    assert (question["kind"], question["why"]) == ("household", "record changed since it was judged")
    assert {question["left_id"], question["right_id"]} == {"r1", "r2"}


def test_homes_leave_room_for_people_in_what_is_asked():
    records = make_records(seed=1, households=40)[0]
    every = link(records, SETTINGS.model_copy(update={"review": 0.01, "accept": 0.99})).review_queue
    few = link(records, SETTINGS.model_copy(update={"review": 0.01, "accept": 0.99, "review_most": 6})).review_queue
    people = every[every["kind"] != "household"]
    assert set(people["review_id"].head(3)) <= set(few["review_id"])


def links_of(*rows):
    left, right, odds, conflict, sure = (np.array(column) for column in zip(*rows, strict=True))
    return Links(left, right, odds.astype(float), conflict, sure)


def test_people_are_asked_about_where_their_parts_hang_by_a_thread():
    person = np.array([0, 0, 0, 0, 1, 1])
    links = links_of((0, 1, 9.0, 0, 0), (1, 2, 3.0, 0, 0), (0, 2, 2.5, 0, 0), (2, 3, -1.0, 0, 2), (4, 5, 8.0, 0, 0))
    part = find_parts(links, person)
    assert part[0] == part[1] != part[2] == part[3]
    assert find_weak_joins(links, person, part).tolist() == [1]


def test_an_answer_takes_apart_who_was_joined_by_a_weak_link():
    records = make_records(seed=1, households=40)[0]
    wide = SETTINGS.model_copy(update={"accept": 0.3})
    asked = link(records, wide).review_queue
    joined = asked[asked["why"] == "joined, but by a link that is not sure"]
    assert len(joined)
    row = joined.iloc[0]
    answer = pd.DataFrame([decided(row["left_id"], row["right_id"], "no_match")])
    apart = owners(link(records, wide, judgements=answer))
    assert apart[row["left_id"]] != apart[row["right_id"]]
