"""Who lives with whom, case by case: flats, moves, separated parents, shared and institutional addresses."""

import pandas as pd
import pytest

from schemas.linked import Households as HouseholdsTable
from tests.linkage.sights import NAMES, POSTCODE, Sights, partition


def test_a_family_at_one_address_is_one_household():
    sights = Sights()
    mother, father, child = sights.person("lee"), sights.person("lee"), sights.child("lee")
    sights.tie(mother, child, "14 High Street, Leeds").seen(father, "14 HIGH ST").terms(child, "14 High St, Leeds")
    homes = sights.form()
    assert homes.groups() == partition({mother, father, child})
    assert homes.members["role"].tolist() == ["adult", "adult", "child"]
    assert homes.members["age"].tolist() == [33, 33, 8]
    assert homes.home(child)["basis"] == "address"


def test_two_flats_in_one_building_are_two_households():
    sights = Sights()
    ann, bob = sights.person("lee"), sights.person("ray")
    sights.seen(ann, "Flat 1, 14 High Street").seen(bob, "Flat 2, 14 High Street")
    assert sights.form().groups() == partition({ann}, {bob})


def test_flats_of_one_surname_are_still_two_households():
    sights = Sights()
    ann, bob = sights.person("khan"), sights.person("khan")
    sights.seen(ann, "Flat 1, 14 High Street").seen(bob, "Flat 2, 14 High Street")
    assert sights.form().groups() == partition({ann}, {bob})


def test_a_missing_flat_number_is_filled_by_the_one_family_of_that_name_in_the_building():
    sights = Sights()
    ann, kit, bob = sights.person("lee"), sights.child("lee"), sights.person("ray")
    sights.seen(ann, "14 High Street").terms(kit, "Flat 1, 14 High Street").seen(bob, "Flat 2, 14 High Street")
    assert sights.form().groups() == partition({ann, kit}, {bob})


def test_a_missing_flat_number_stays_missing_when_two_families_have_that_name():
    sights = Sights()
    ann, kit, sam = sights.person("lee"), sights.child("lee"), sights.child("lee")
    sights.seen(ann, "14 High Street").terms(kit, "Flat 1, 14 High Street").terms(sam, "Flat 2, 14 High Street")
    assert sights.form().groups() == partition({ann}, {kit}, {sam})


def crowd(sights: Sights, **more) -> None:
    """Twelve families of other surnames under the postcode."""
    for name in NAMES[:12]:
        sights.seen(sights.person(name), None, **more)


def test_people_of_a_rare_surname_of_whom_a_postcode_alone_is_known_are_one_household():
    sights = Sights()
    crowd(sights)
    ann, kit, other = sights.person("yates"), sights.child("yates"), sights.child("yates")
    sights.seen(ann, None).seen(kit, None).seen(kit, "Leeds", "2013-08-01").seen(other, None, postcode="LS9 9ZZ")
    homes = sights.form()
    assert homes.together(ann, kit) and not homes.together(kit, other)
    assert homes.home(kit)[["basis", "postcode", "flags"]].tolist() == ["postcode", POSTCODE, "no_address"]
    told = homes.members.loc[[ann, kit, other]]
    assert told["basis"].tolist() == ["postcode", "postcode", "alone"]
    assert told["confidence"].iloc[:2].between(0.8, 0.95).all()


def test_under_a_postcode_of_more_families_than_it_has_homes_they_are_not():
    sights = Sights()
    crowd(sights)
    ann, kit = sights.person("yates"), sights.child("yates")
    sights.seen(ann, None).seen(kit, None)
    assert sights.form(postcode_addresses=13).together(ann, kit)
    assert not sights.form(postcode_addresses=12).together(ann, kit)


def test_people_of_a_common_surname_are_not():
    sights = Sights()
    crowd(sights)
    for number in range(10):
        sights.seen(sights.person("khan"), None, postcode=f"LS7 {number}AB")
    ann, kit = sights.person("khan"), sights.child("khan")
    sights.seen(ann, None).seen(kit, None)
    assert not sights.form().together(ann, kit)
    assert sights.form(namesake_share=0.0).together(ann, kit)


def test_namesakes_of_two_families_with_an_address_are_with_neither_and_not_together():
    sights = Sights()
    ann, bob, kit, sam = sights.person("yates"), sights.person("yates"), sights.child("yates"), sights.child("yates")
    sights.seen(ann, "1 High Street").seen(bob, "9 High Street").seen(kit, None).seen(sam, None)
    assert sights.form().groups() == partition({ann}, {bob}, {kit}, {sam})


def test_a_tie_goes_before_a_surname():
    sights = Sights()
    crowd(sights)
    ann, kit, old = sights.person("yates"), sights.child("yates"), sights.person("yates")
    sights.seen(ann, "1 Mill Lane", postcode="LS9 9ZZ").tie(ann, kit, "1 Mill Lane", postcode="LS9 9ZZ")
    sights.seen(kit, None).seen(old, None)
    homes = sights.form()
    assert homes.together(ann, kit) and not homes.together(kit, old)


def test_a_family_tied_together_without_an_address_takes_in_its_namesake_under_the_postcode():
    sights = Sights()
    crowd(sights)
    ann, kit, sam = sights.person("yates"), sights.child("yates"), sights.child("yates")
    sights.tie(ann, kit).seen(kit, None).seen(sam, None)
    homes = sights.form()
    assert homes.together(ann, kit, sam)
    assert homes.members.loc[[ann, kit, sam], "basis"].tolist() == ["contact", "contact", "postcode"]


def test_more_namesakes_under_a_postcode_than_live_in_a_home_stay_apart():
    sights = Sights()
    crowd(sights)
    many = [sights.person("yates") for _ in range(9)]
    for one in many:
        sights.seen(one, None)
    homes = sights.form(household_people=8)
    assert not any(homes.together(many[0], one) for one in many[1:])
    assert sights.form(household_people=9).together(*many)


def test_a_misspelt_street_under_the_postcode_is_the_same_address():
    sights = Sights()
    ann, bob = sights.person("lee"), sights.person("ray")
    sights.seen(ann, "14 High Street").seen(bob, "14 Hihg Stret")
    assert sights.form().together(ann, bob)


@pytest.mark.parametrize("other", ["16 High Street", "14 Mill Lane", "14 High Street, LS9 9ZZ"])
def test_another_number_street_or_postcode_is_another_address(other):
    sights = Sights()
    ann, bob = sights.person("lee"), sights.person("ray")
    line, _, postcode = other.partition(", ")
    sights.seen(ann, "14 High Street").seen(bob, line, postcode=postcode or "LS6 1AB")
    assert not sights.form().together(ann, bob)


def test_one_uprn_is_one_address_however_it_is_written():
    sights = Sights()
    ann, bob = sights.person("lee"), sights.person("ray")
    sights.seen(ann, "The Old Forge", uprn="100012345").seen(bob, "1 Forge Lane, Bramley", uprn="100012345")
    homes = sights.form()
    assert homes.together(ann, bob)
    assert homes.home(ann)["basis"] == "uprn"


def test_a_uprn_found_once_places_those_who_wrote_the_same_address_without_it():
    sights = Sights()
    ann, bob, cat = sights.person("lee"), sights.person("ray"), sights.person("orr")
    sights.seen(ann, "1 Forge Lane", uprn="100012345").seen(bob, "1 Forge Ln").seen(cat, "Old Forge", uprn="100012345")
    assert sights.form().together(ann, bob, cat)


def test_a_uprn_of_the_whole_building_does_not_join_its_flats():
    sights = Sights()
    ann, bob = sights.person("lee"), sights.person("ray")
    sights.seen(ann, "Flat 1, 14 High Street", uprn="100012345").seen(bob, "Flat 2, 14 High Street", uprn="100012345")
    assert not sights.form().together(ann, bob)


def test_a_move_between_terms_takes_the_latest_address():
    sights = Sights()
    mother, child, old = sights.person("lee"), sights.child("lee"), sights.person("ray")
    sights.terms(child, "14 High Street", "2012-12-31").terms(child, "9 Mill Lane", "2013-03-31", "2013-07-31")
    sights.tie(mother, child, "9 Mill Lane").seen(old, "14 High Street", "2013-08-01")
    homes = sights.form()
    assert homes.groups() == partition({mother, child}, {old})
    assert homes.home(child)["address"] == "9 Mill Lane"


def test_a_parent_not_seen_since_moves_with_the_child():
    sights = Sights()
    mother, child = sights.person("lee"), sights.child("lee")
    sights.terms(child, "14 High Street", "2012-07-31", "2012-12-31").terms(
        child, "9 Mill Lane", "2013-03-31", "2013-07-31"
    )
    sights.seen(mother, "14 High Street", "2012-10-10")
    assert sights.form().together(mother, child)


def test_a_child_still_at_the_old_address_in_the_register_lives_with_both_parents():
    sights = Sights()
    mother, father, child = sights.person("lee"), sights.person("ray"), sights.child("lee")
    sights.terms(child, "14 High Street").tie(mother, child, "9 Mill Lane").tie(father, child, "9 Mill Lane")
    assert sights.form().groups() == partition({mother, father, child})


def test_a_child_seen_at_home_on_the_very_day_another_was_found_elsewhere_stays_at_home():
    sights = Sights()
    stays, left = sights.child("lee", "1999-02-02"), sights.child("ray", "1996-03-03")
    sights.terms(stays, "14 High Street").terms(left, "14 High Street", "2012-12-31", "2013-03-31")
    sights.terms(left, "9 Mill Lane", "2013-07-31")
    homes = sights.form()
    assert homes.groups() == partition({stays}, {left})
    assert homes.home(stays)["address"] == "14 High Street"


def test_a_record_after_the_as_of_date_is_not_looked_at():
    sights = Sights()
    ann, bob = sights.person("lee"), sights.person("ray")
    sights.seen(ann, "14 High Street", "2013-07-01").seen(ann, "9 Mill Lane", "2013-10-01").seen(
        bob, "9 Mill Lane", "2013-07-01"
    )
    assert not sights.form().together(ann, bob)


def test_a_dated_address_of_this_year_outranks_an_undated_one():
    sights = Sights()
    ann, bob, cat = sights.person("lee"), sights.person("ray"), sights.person("orr")
    sights.seen(ann, "14 High Street", "2013-03-01").seen(ann, "9 Mill Lane", None)
    sights.seen(bob, "14 High Street", "2013-03-01").seen(cat, "9 Mill Lane", "2013-03-01")
    assert sights.form().groups() == partition({ann, bob}, {cat})


def test_an_undated_address_outranks_one_of_years_ago():
    sights = Sights()
    ann, bob, cat = sights.person("lee"), sights.person("ray"), sights.person("orr")
    sights.seen(ann, "14 High Street", "2010-03-01").seen(ann, "9 Mill Lane", None)
    sights.seen(bob, "14 High Street", "2013-03-01").seen(cat, "9 Mill Lane", "2013-03-01")
    assert sights.form().groups() == partition({ann, cat}, {bob})


def test_separated_parents_with_one_child_are_two_households_and_the_child_is_in_one():
    sights = Sights()
    mother, father, child = sights.person("lee"), sights.person("ray"), sights.child("ray")
    sights.terms(child, "14 High Street").tie(mother, child, "14 High Street").tie(father, child, "9 Mill Lane")
    assert sights.form().groups() == partition({mother, child}, {father})


def test_a_child_seen_in_two_homes_is_in_one_and_the_other_is_flagged():
    sights = Sights()
    mother, father, child = sights.person("lee"), sights.person("ray"), sights.child("ray")
    sights.tie(mother, child, "14 High Street").tie(father, child, "9 Mill Lane")
    for day in ("2013-05-01", "2013-07-01", "2013-09-01"):
        sights.seen(child, "14 High Street", day, source="attendance").seen(
            child, "9 Mill Lane", day, source="social_care"
        )
    homes = sights.form()
    assert len(homes.groups()) == 2
    assert not homes.together(mother, father)
    assert "second_address" in homes.flags(child)
    review = homes.found.review
    assert len(review) == 1
    assert review.loc[0, "left"] == homes.members.loc[child, "household"]
    assert review.loc[0, "right"] in set(homes.members.loc[[mother, father], "household"])


def test_an_hmo_is_recognised_and_its_people_live_alone():
    sights = Sights()
    people = [sights.person(name) for name in ("lee", "ray", "orr", "poe", "day", "fox", "kay")]
    for person in people:
        sights.seen(person, "14 High Street")
    homes = sights.form()
    assert homes.groups() == partition(*({person} for person in people))
    assert "hmo" in homes.flags(people[0])


def test_a_couple_in_an_hmo_stay_together():
    sights = Sights()
    people = [sights.person(name) for name in ("lee", "lee", "ray", "orr", "poe", "day", "fox")]
    for person in people:
        sights.seen(person, "14 High Street")
    homes = sights.form()
    assert homes.together(*people[:2])
    assert len(homes.groups()) == 6


def test_three_friends_who_share_are_one_household():
    sights = Sights()
    people = [sights.person(name) for name in ("lee", "ray", "orr")]
    for person in people:
        sights.seen(person, "14 High Street")
    assert sights.form().together(*people)


def test_the_families_of_a_refuge_are_told_apart_by_ties_and_names():
    sights = Sights()
    families = []
    for name in ("lee", "ray", "orr"):
        mother, child = sights.person(name), sights.child(f"{name}son")
        sights.tie(mother, child, "The Haven Refuge, 40 Stone Lane").terms(child, "The Haven Refuge, 40 Stone Lane")
        families.append({mother, child})
    homes = sights.form()
    assert homes.groups() == partition(*families)
    assert "institution" in homes.flags(0)


def test_a_hostel_of_many_is_an_institution_whatever_it_is_called():
    sights = Sights()
    people = [sights.person(name) for name in NAMES[:15]]
    for person in people:
        sights.seen(person, "Anchor House, 3 Quay Road")
    homes = sights.form()
    assert len(homes.groups()) == 15
    assert homes.flags(people[0]) == {"institution"}


def test_the_rooms_of_a_hostel_are_households():
    sights = Sights()
    mother, child, other = sights.person("lee"), sights.child("ray"), sights.person("orr")
    sights.seen(mother, "Room 3, Anchor Hostel, 3 Quay Road").seen(child, "Room 3, Anchor Hostel, 3 Quay Road")
    sights.tie(mother, child).seen(other, "Room 4, Anchor Hostel, 3 Quay Road")
    assert sights.form().groups() == partition({mother, child}, {other})


def test_the_children_of_a_childrens_home_are_no_family():
    sights = Sights()
    children = [sights.child(name, "2000-01-01") for name in ("lee", "ray", "orr", "poe")]
    for child in children:
        sights.terms(child, "Fernside, 8 Park Road")
    homes = sights.form()
    assert homes.groups() == partition(*({child} for child in children))
    assert "childrens_home" in homes.flags(children[0])


def test_a_looked_after_child_lives_at_the_placement():
    sights = Sights()
    mother, carer, child, sibling = sights.person("lee"), sights.person("fox"), sights.child("lee"), sights.child("lee")
    sights.terms(child, "14 High Street", "2012-07-31").terms(
        child, "2 Carer Close", "2012-12-31", "2013-03-31", "2013-07-31"
    )
    sights.terms(sibling, "14 High Street").tie(mother, sibling, "14 High Street").tie(mother, child, "14 High Street")
    sights.seen(carer, "2 Carer Close", "2013-02-01")
    assert sights.form().groups() == partition({mother, sibling}, {carer, child})


def test_a_former_occupant_does_not_join_the_family_that_came_after():
    sights = Sights()
    old, mother, child = sights.person("ray"), sights.person("lee"), sights.child("lee")
    sights.seen(old, "14 High Street", "2011-10-01")
    sights.terms(child, "9 Mill Lane", "2012-07-31").terms(child, "14 High Street", "2012-12-31", "2013-07-31")
    sights.tie(mother, child, "14 High Street")
    homes = sights.form()
    assert homes.groups() == partition({old}, {mother, child})
    assert "former_occupant" in homes.flags(old)
    assert "former_occupant" not in homes.flags(mother)


def test_an_adult_not_seen_for_years_does_not_count_among_those_who_were():
    sights = Sights()
    old, mother, child = sights.person("ray"), sights.person("lee"), sights.child("lee")
    sights.seen(old, "14 High Street", "2010-10-01").terms(child, "14 High Street", "2010-07-31", "2013-07-31")
    sights.tie(mother, child, "14 High Street")
    assert sights.form().groups() == partition({old}, {mother, child})
    assert sights.form(unseen_months=60).together(old, mother, child)


def test_a_street_called_after_a_hotel_is_no_hotel():
    sights = Sights()
    ann, bob = sights.person("lee"), sights.person("ray")
    sights.seen(ann, "5 Hotel Street").seen(bob, "5 Hotel Street")
    homes = sights.form()
    assert homes.together(ann, bob)
    assert homes.flags(ann) == set()


def test_a_partner_seen_while_the_family_lived_there_is_one_of_it():
    sights = Sights()
    partner, mother, child = sights.person("ray"), sights.person("lee"), sights.child("lee")
    sights.seen(partner, "14 High Street", "2013-01-15").terms(child, "14 High Street").tie(
        mother, child, "14 High Street"
    )
    assert sights.form().together(partner, mother, child)


def test_two_families_doubled_up_are_two_households():
    sights = Sights()
    families = []
    for name in ("lee", "ray"):
        mother, child = sights.person(name), sights.child(name)
        sights.terms(child, "14 High Street").tie(mother, child, "14 High Street")
        families.append({mother, child})
    homes = sights.form()
    assert homes.groups() == partition(*families)
    assert any("shared_address" in homes.flags(person) for person in range(4))


def test_someone_of_no_address_lives_with_the_child_they_are_tied_to():
    sights = Sights()
    mother, child, stranger = sights.person("lee"), sights.child("ray"), sights.person("fox")
    sights.terms(child, "14 High Street").tie(mother, child, None, postcode=None).seen(stranger, "NFA")
    homes = sights.form()
    assert homes.groups() == partition({mother, child}, {stranger})
    assert homes.members.loc[mother, "basis"] == "contact"
    assert homes.members.loc[stranger, "basis"] == "alone"
    assert homes.flags(stranger) == {"no_address"}


def test_a_family_of_no_address_at_all_is_joined_by_its_ties():
    sights = Sights()
    mother, child = sights.person("lee"), sights.child("lee")
    sights.tie(mother, child, None, postcode="ZZ99 3VZ")
    homes = sights.form()
    assert homes.together(mother, child)
    assert homes.home(mother)["basis"] == "contact"


def test_nobody_lives_together_by_a_pseudo_postcode_or_a_postcode_alone():
    sights = Sights()
    people = [sights.person(name) for name in ("lee", "ray", "orr", "poe")]
    sights.seen(people[0], None).seen(people[1], None)
    sights.seen(people[2], "No fixed abode", postcode="ZZ99 3VZ").seen(people[3], "No fixed abode", postcode="ZZ99 3VZ")
    assert len(sights.form().groups()) == 4


def test_a_number_one_digit_off_that_of_the_child_is_a_slip():
    sights = Sights()
    mother, father, child = sights.person("lee"), sights.person("ray"), sights.child("lee")
    sights.terms(child, "14 High Street").tie(mother, child, "14 High Street").tie(father, child, "24 High Street")
    assert sights.form().together(mother, father, child)


def test_next_door_neighbours_are_not_slips():
    sights = Sights()
    ann, bob = sights.person("lee"), sights.person("lee")
    sights.seen(ann, "14 High Street").seen(bob, "24 High Street")
    assert not sights.form().together(ann, bob)


def test_an_address_without_its_postcode_is_the_only_one_of_that_number_and_street():
    sights = Sights()
    ann, bob = sights.person("lee"), sights.person("ray")
    sights.seen(ann, "14 High Street").seen(bob, "14 High Street", postcode=None)
    assert sights.form().together(ann, bob)


def test_an_address_without_its_postcode_stays_open_between_two_towns():
    sights = Sights()
    ann, bob, cat = sights.person("lee"), sights.person("ray"), sights.person("orr")
    sights.seen(ann, "14 High Street").seen(bob, "14 High Street", postcode="LS21 3CD")
    sights.seen(cat, "14 High Street", postcode=None)
    assert len(sights.form().groups()) == 3


def test_an_address_record_is_placed_with_the_people_who_live_there():
    sights = Sights()
    mother, child, other = sights.person("lee"), sights.child("lee"), sights.person("ray")
    sights.terms(child, "14 High Street").tie(mother, child, "14 High Street").seen(other, "9 Mill Lane")
    sights.seen(-1, "14 HIGH ST, LEEDS", "2013-05-05", record_id="asb:1").seen(-1, "77 Nowhere Road", record_id="asb:2")
    homes = sights.form()
    places = homes.found.places
    assert places["record_id"].tolist() == ["asb:1"]
    assert places["household"].tolist() == [homes.members.loc[mother, "household"]]


def test_without_a_date_of_birth_the_role_is_what_the_records_say():
    sights = Sights()
    pupil, parent, nobody = (sights.person("lee", None) for _ in range(3))
    sights.seen(pupil, "14 High Street", role_hint="child").seen(parent, "14 High Street", role_hint="adult")
    sights.seen(nobody, "14 High Street")
    homes = sights.form()
    assert homes.members["role"].tolist() == ["child", "adult", "adult"]
    assert homes.members["age"].isna().all()
    assert (homes.members["confidence"] < 1).all()


@pytest.mark.parametrize(
    ("born", "age", "role"), [("1995-09-30", 18, "adult"), ("1995-10-01", 17, "child"), ("2013-11-01", 0, "child")]
)
def test_age_turns_on_the_birthday(born, age, role):
    sights = Sights()
    person = sights.person("lee", born)
    sights.seen(person, "14 High Street")
    homes = sights.form()
    assert homes.members.loc[person, ["age", "role"]].tolist() == [age, role]


def test_confidence_fades_with_the_age_of_the_address_and_cohesion_with_it():
    sights = Sights()
    fresh, stale = sights.person("lee"), sights.person("ray")
    sights.seen(fresh, "14 High Street", "2013-09-01").seen(stale, "9 Mill Lane", "2010-09-01")
    homes = sights.form()
    assert homes.members.loc[fresh, "confidence"] > 0.8
    assert homes.members.loc[stale, "confidence"] < 0.7
    assert homes.home(stale)["cohesion"] == pytest.approx(homes.members.loc[stale, "confidence"])


def test_an_address_that_several_sources_give_is_surer_and_the_family_there_vouches_for_one_not_seen_lately():
    sights = Sights()
    mother, child, alone = sights.person("lee"), sights.child("lee"), sights.person("ray")
    sights.seen(mother, "14 High Street", "2012-03-01").terms(child, "14 High Street", "2013-09-30")
    sights.tie(mother, child, None, postcode=None).seen(alone, "9 Mill Lane", "2012-03-01")
    confidence = sights.form().members["confidence"]
    assert confidence[[mother, child]].min() > 0.95
    assert confidence[alone] < 0.8


def test_a_family_coheres_more_than_strangers_at_one_address():
    sights = Sights()
    lees, others = [sights.person("lee") for _ in range(2)], [sights.person(name) for name in ("ray", "orr")]
    for person in lees:
        sights.seen(person, "14 High Street")
    for person in others:
        sights.seen(person, "9 Mill Lane")
    homes = sights.form()
    assert homes.home(lees[0])["cohesion"] >= 2 * homes.home(others[0])["cohesion"]


@pytest.mark.parametrize(
    ("mother", "father"),
    [("kowalska", "kowalski"), ("ivanova", "ivanov"), ("kaur", "singh"), ("ashleyray", "ashley"), ("clark", "clarke")],
)
def test_two_surnames_of_one_family_do_not_make_two_households(mother, father):
    sights = Sights()
    parents = [sights.person(mother, "1975-01-01"), sights.person(father, "1974-01-01")]
    children = [sights.child(name) for name in (mother, father)]
    for person in (*parents, *children):
        sights.seen(person, "14 High Street")
    assert sights.form().together(*parents, *children)


COUPLES = 300


def town_of_couples(others, gaps):
    """Couples of two surnames, near in age; at other addresses two people of two surnames, so many years apart."""
    sights, pairs = Sights(), []
    for number in range(COUPLES + others):
        is_couple, gap = number < COUPLES, gaps[number % len(gaps)]
        older = 1930 + (45 * number % 61 if is_couple else 7 * number % 11)
        names = NAMES[number % 24], NAMES[(number + 7) % 24]
        born = older, older + (2 if is_couple else gap)
        pairs.append([sights.person(name, f"{year}-01-01") for name, year in zip(names, born, strict=True)])
        for person in pairs[-1]:
            sights.seen(person, f"{number + 1} High Street", None)
    homes = sights.form()
    return homes, [homes.together(*pair) for pair in pairs], pairs


def test_two_people_whose_ages_seldom_meet_at_an_address_are_strangers():
    homes, together, pairs = town_of_couples(60, (8, 13, 20, 35, 50))
    assert all(together[:COUPLES])
    parted = [pair for pair, is_one in zip(pairs, together, strict=True) if not is_one]
    assert len(parted) > 20
    assert all(homes.flags(pair[0]) == {"shared_address"} for pair in parted)


def test_where_the_generations_often_share_an_address_they_share_homes():
    assert all(town_of_couples(300, (30,))[1])


def test_the_table_is_of_the_published_kinds():
    sights = Sights()
    mother, child, other = sights.person("lee"), sights.child("lee"), sights.person("ray")
    sights.tie(mother, child, "14 High Street").seen(other, None, postcode=None)
    table = sights.form().found.households
    ids = pd.Series([f"H{code}" for code in table["household"]], dtype="string[pyarrow]")
    table = table.drop(columns="household")
    table.insert(0, "family_id", pd.Series(None, index=table.index, dtype="string[pyarrow]"))
    table.insert(0, "household_id", ids)
    assert HouseholdsTable.validate(table).equals(table)


def test_people_who_were_never_seen_are_alone():
    sights = Sights()
    ann, bob = sights.person("lee"), sights.person("lee")
    sights.seen(ann, "14 High Street")
    assert sights.form().groups() == partition({ann}, {bob})


def test_a_home_whose_own_records_lack_the_postcode_has_that_of_its_uprn():
    sights = Sights()
    ann, kit, bob = sights.person("lee"), sights.child("lee"), sights.person("ray")
    sights.tie(ann, kit, "Flat 13, 72 Mill Lane", postcode=None, uprn="77").terms(kit, None, postcode=None)
    sights.seen(bob, "Flat 31 72 Mill Lane", "2011-01-01", uprn="77").seen(bob, "9 High Street")
    homes = sights.form()
    assert homes.together(ann, kit)
    assert homes.home(ann)["postcode"] == POSTCODE


def test_a_postcode_of_many_streets_tells_no_home():
    sights = Sights()
    for number, name in enumerate(NAMES):
        sights.seen(sights.person(name), f"1 {name} Road" if number else "14 High Street", postcode="LS6")
    ann, bob = sights.person("lee"), sights.person("ray")
    sights.seen(ann, "14 Hugh Street", postcode="LS6").seen(bob, "14 High Street", postcode="LS6")
    homes = sights.form()
    assert homes.together(0, bob) and not homes.together(0, ann)
    assert sights.form(postcode_streets=1000.0).together(0, ann, bob)


def test_of_many_at_one_address_a_common_surname_makes_no_family():
    sights = Sights()
    for number in range(30):
        sights.seen(sights.person("khan"), f"{number} Mill Lane", postcode="LS9 9ZZ")
    khans = [sights.person("khan"), sights.child("khan")]
    yateses = [sights.person("yates"), sights.child("yates")]
    for person in [*khans, *yateses, *(sights.person(name) for name in NAMES[:16])]:
        sights.seen(person, "Anchor House, 3 Quay Road")
    homes = sights.form()
    assert not homes.together(*khans) and homes.together(*yateses)
    sights.tie(*khans, "Anchor House, 3 Quay Road")
    assert sights.form().together(*khans)


def test_where_more_were_seen_than_a_dwelling_holds_nobody_lives():
    sights = Sights()
    ann, kit = sights.person("lee"), sights.child("lee")
    sights.seen(ann, "14 High Street", "2013-01-01").seen(kit, "14 High Street").seen(ann, "Civic Offices, 1 Quay Road")
    for name in NAMES:
        sights.seen(sights.person(name), "Civic Offices, 1 Quay Road")
    assert not sights.form().together(ann, kit)
    homes = sights.form(dwelling_people=len(NAMES))
    assert homes.together(ann, kit)
    assert homes.found.counts["records_at_no_dwelling"] == len(NAMES) + 1
    assert homes.flags(5) == {"no_address"}
