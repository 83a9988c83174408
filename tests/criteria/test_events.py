"""Month on month: what is frozen stays, and what happens later is told beside it, once."""

from datetime import date

import pandas as pd

from tests.criteria.months import eligible, october, qualify, wash
from tests.criteria.town import Town


def carried(later, earlier) -> None:
    """Every row of the earlier wash's carried tables stands unchanged in the later one's."""
    for name in ("snapshots", "snapshot_evidence", "family_events"):
        before, now = getattr(earlier.followed, name), getattr(later.followed, name)
        pd.testing.assert_frame_equal(now.head(len(before)), before)


def test_a_family_is_frozen_when_it_is_first_listed_with_its_members_and_evidence():
    found = wash(eligible(eligible(Town(), "A"), "B", Tot="2011-01-01"))
    frozen = found.followed.snapshots
    assert frozen["person_id"].tolist() == ["Kit of A", "Mum of A", "Kit of B", "Mum of B", "Tot"]
    assert frozen[["evidenced_by", "rule", "basis"]].drop_duplicates().to_numpy().tolist() == [
        ["wash", "3_of_3", "address"]]
    assert frozen["eligible_on"].eq(pd.Timestamp("2013-09-30")).all()
    evidence = found.followed.snapshot_evidence
    assert evidence.groupby("family_id")["criterion"].agg(set).to_dict() == {
        family: {"crime_asb", "education", "work"} for family in ("FA", "FB")}
    assert [event[:2] for event in found.events()] == [("FA", "listed"), ("FB", "listed")]


def test_who_joins_and_who_leaves_is_told_once_and_changes_no_snapshot():
    september = wash(eligible(Town(), "A"))
    town = Town(date(2013, 10, 31)).family("A", children={"Kit of A": "2001-05-05", "Tot": "2013-10-02"})
    month = wash(qualify(town.family("Z", children={}, adults=["Mum of A"]), "Kit of A", "Mum of A"), september)
    assert month.events() == [("FA", "left_list", None, None), ("FA", "member_joined", "Tot", None),
                              ("FA", "member_left", "Mum of A", None)]
    carried(month, september)
    town = Town(date(2013, 11, 30)).family("A", children={"Kit of A": "2001-05-05", "Tot": "2013-10-02"})
    later = wash(town.family("Z", children={}, adults=["Mum of A"]), month)
    assert later.events() == []
    back = wash(eligible(Town(date(2013, 12, 31)), "A"), later)
    assert back.events() == [("FA", "back_on_list", None, None), ("FA", "member_joined", "Mum of A", None),
                             ("FA", "member_left", "Tot", None)]
    carried(back, later)


def test_a_family_that_becomes_part_of_another_keeps_its_snapshot_and_its_case_says_so():
    september = wash(eligible(eligible(Town(), "A"), "B").row("caseload", "Kit of B", attached_on="2013-03-04"))
    town = Town(date(2013, 10, 31)).family("A", children={"Kit of A": "2001-05-05", "Kit of B": "2001-05-05"},
                                           adults=["Mum of A", "Mum of B"])
    town = qualify(qualify(town, "Kit of A", "Mum of A"), "Kit of B", "Mum of B")
    month = wash(town.row("caseload", "Kit of B", attached_on="2013-03-04"), september,
                 changes=[("family", "FA", "FB", "merged")])
    assert month.case()["family_id"] == "FA" and month.case()["snapshot_of"] == "FB"
    assert {"family_merged", "members_changed"} <= set(month.case()["flags"])
    assert "family_changed" not in month.case()["flags"]
    assert ("FB", "merged", None, "FA") in month.events()
    assert not [event for event in month.events() if event[:2] == ("FB", "left_list")]
    carried(month, september)
    town.as_of = date(2013, 11, 30)
    later = wash(town, month)
    assert later.case()["snapshot_of"] == "FB" and "family_merged" in later.case()["flags"]
    assert later.events() == []


def test_a_part_of_a_family_that_came_apart_is_evidenced_by_the_whole():
    september = wash(eligible(Town(), "A", Tot="2011-01-01"))
    town = eligible(Town(date(2013, 10, 31)), "A").family("N", children={"Tot": "2011-01-01"}, adults=["Gran"])
    month = wash(town.row("caseload", "Tot", attached_on="2013-10-14"), september,
                 changes=[("family", "FN", "FA", "split")])
    case = month.case()
    assert (case["family_id"], case["snapshot_of"], case["eligible_at_attachment"]) == ("FN", "FA", "met")
    assert {"family_split", "members_changed"} <= set(case["flags"])
    assert ("FA", "split", None, "FN") in month.events()
    town.as_of = date(2013, 11, 30)
    later = wash(town, month).case()
    assert (later["snapshot_of"], "family_split" in later["flags"]) == ("FA", True)


def test_a_person_who_turns_out_to_be_another_has_neither_joined_nor_left():
    september = wash(eligible(Town(), "A", Copy="2001-05-05"))
    month = wash(october("A"), september, changes=[("person", "Kit of A", "Copy", "merged")])
    assert month.events() == [("FA", "same_person", "Copy", "Kit of A")]
    later = wash(eligible(Town(date(2013, 11, 30)), "A").row("caseload", "Kit of A", attached_on="2013-11-04"), month)
    assert not [event for event in later.events() if event[1].startswith("member")]
    assert later.followed.case_members["person_id"].tolist() == ["Kit of A", "Mum of A"]
    assert later.followed.case_members["then"].all()


def test_a_family_moves_when_its_home_is_another_and_not_when_it_is_spelled_otherwise():
    def at(month, *addresses):
        town = eligible(eligible(Town(date(2013, month, 30)), "A"), "B")
        for home, (address, postcode, uprn) in zip(town.households, addresses, strict=True):
            home |= {"address": address, "postcode": postcode, "uprn": uprn}
        return town

    first = wash(at(9, ("1 Elm Row", "SP1 1AA", "100"), ("2 Ash Lane", "SP2 2BB", None)))
    second = wash(at(10, ("1, ELM ROW", "SP1 1AA", "100"), ("2 Ash Lane, Sandport", "SP2 2BB", "7")), first)
    assert second.events() == []
    third = wash(at(11, ("1 Elm Row", "SP1 1AA", "200"), ("3 Ash Lane", "SP2 2BB", None)), second)
    moved = [event for event in third.events() if event[1] == "moved"]
    assert moved == [("FA", "moved", None, "1 Elm Row, SP1 1AA"), ("FB", "moved", None, "3 Ash Lane, SP2 2BB")]


def test_a_case_is_told_when_it_is_attached_closed_and_claimed_for():
    def town(day, **changes):
        return eligible(Town(day), "A").row("caseload", "Kit of A", **({"attached_on": "2013-03-04"} | changes))

    first = wash(town(date(2013, 9, 30)))
    assert ("FA", "attached", None, "C1 on 2013-03-04") in first.events()
    second = wash(town(date(2013, 10, 31), closed_on="2013-10-14"), first, claims=[("K7", "2013-10-20", "C1")])
    assert second.events() == [("FA", "claimed", None, "K7 on 2013-10-20"), ("FA", "closed", None, "C1 on 2013-10-14")]
    corrected = town(date(2013, 11, 30), closed_on="2013-10-14", attached_on="2013-03-05")
    third = wash(corrected, second, claims=[("K7", "2013-10-20", "C1")])
    assert third.events() == [("FA", "attached", None, "C1 on 2013-03-05")]
