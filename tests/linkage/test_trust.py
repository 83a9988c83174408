"""Values typed for "not known", and identifiers that are somebody else's: they join nobody, and are counted."""

import numpy as np
import pandas as pd
import pytest

from benchmarks.mentions import make_mentions
from linkage import LinkageSettings, link
from linkage.settings_parts import TrustSettings
from linkage.trust import are_default_dates, may_decide


TRUTH = ["true_person_id", "true_household_id"]
TRUST = TrustSettings()


@pytest.fixture(scope="module")
def mentions():
    return make_mentions(4_000, seed=7)


def some(frame, share, **columns):
    """The frame with these values in a share of its rows, the same rows each time."""
    rows = np.random.default_rng(1).random(len(frame)) < share
    return frame.assign(**{name: np.where(rows, value, frame.get(name)) for name, value in columns.items()})


def numbered(frame, by):
    """The frame with a NINO for each value of `by`, in every source but one."""
    codes = pd.factorize(frame[by])[0]
    numbers = np.array([f"AB{code:06d}C" for code in codes], dtype=object)
    return frame.assign(nino=np.where(frame["source"] == "offending", None, numbers))


def pairs_within(groups):
    sizes = groups.value_counts()
    return int((sizes * (sizes - 1)).sum())


def people_f1(found, frame):
    both = found.person_records.merge(frame[["record_id", "true_person_id"]], on="record_id")
    right = pairs_within(both["person_id"] + "/" + both["true_person_id"].astype(str))
    return 2 * right / (pairs_within(both["person_id"]) + pairs_within(both["true_person_id"]))


def linked(frame, **settings):
    found = link(frame.drop(columns=TRUTH), LinkageSettings(**settings))
    return people_f1(found, frame), found


@pytest.mark.parametrize("day", ["1970-01-01", "1980-06-15", "1950-01-01"])
def test_a_date_typed_for_not_known_is_no_date(mentions, day):
    frame = some(mentions, 0.15, date_of_birth=day)
    f1, found = linked(frame)
    assert f1 >= 0.97
    typed = int((frame["date_of_birth"] == day).sum())
    assert found.counts["default_date_of_birth"] == typed
    assert not (found.people["date_of_birth"] == pd.Timestamp(day)).any()
    assert linked(frame, trust={"times": 100_000})[0] < f1 - 0.05


def test_dates_as_they_come_are_all_believed(mentions):
    years = mentions["date_of_birth"].str[:4]
    for frame in (
        mentions,
        mentions.assign(date_of_birth=years + "-01-01"),
        mentions.assign(date_of_birth=mentions["date_of_birth"].str[:7] + "-01"),
        mentions.assign(date_of_birth=mentions["date_of_birth"].where(years.str[-1] < "5", years + "-01-01")),
    ):
        assert linked(frame)[1].counts["default_date_of_birth"] == 0


def test_a_day_that_few_share_is_believed_and_so_is_one_of_one_large_family():
    born = np.array([*range(0x19500101, 0x19500110), *([0x19700101] * 30)], dtype=np.int64)
    strangers, family = np.arange(45), np.r_[np.arange(15), np.repeat([1, 2, 3], 10)]
    assert are_default_dates(born, strangers, TRUST).sum() == 30
    assert not are_default_dates(born, family, TRUST).any()
    assert not are_default_dates(born[:24], strangers[:24], TRUST).any()


@pytest.mark.parametrize(("column", "number"), [("nino", "AB123456C"), ("upn", "A000000000000")])
def test_a_number_typed_for_not_known_joins_nobody(mentions, column, number):
    plain, others = linked(mentions)[0], numbered(mentions, "true_person_id")["nino"]
    alone = some(mentions.assign(**{column: None}), 0.4, **{column: number})
    assert linked(alone)[0] >= plain - 0.002
    among = some(mentions.assign(nino=others), 0.3, nino="ZX123456C")
    f1, found = linked(among)
    assert f1 >= plain
    assert found.counts["default_nino"] == int((among["nino"] == "ZX123456C").sum())
    assert "ZX123456" not in set(found.people["nino"])


def test_the_number_of_a_relative_says_of_nobody_who_they_are(mentions):
    frame = numbered(mentions, "true_household_id")
    f1, found = linked(frame)
    assert f1 >= linked(mentions)[0] - 0.002
    assert found.counts["distrusted_nino"] > 100
    assert found.counts["distrusted_upn"] == 0
    assert linked(frame, trust={"contradicted": 1.0})[0] < f1 - 0.05


def shuffled(frame, column, share=1.0, source="benefits"):
    """The frame with the values of a column dealt out anew among that share of a source's rows."""
    dice = np.random.default_rng(2)
    rows = np.flatnonzero((frame["source"] == source).to_numpy() & (dice.random(len(frame)) < share))
    values = frame[column].to_numpy(copy=True)
    values[rows] = values[dice.permutation(rows)]
    return frame.assign(**{column: values})


def mistaken(found):
    return [key for key in found.counts if key.startswith("mistaken_")]


@pytest.mark.parametrize(("column", "share"), [("date_of_birth", 0.7), ("date_of_birth", 1.0), ("forename", 1.0)])
def test_nothing_of_a_column_that_gives_people_the_values_of_others_is_believed(mentions, column, share):
    frame = shuffled(mentions, column, share)
    f1, found = linked(frame)
    assert f1 >= 0.96
    given = (frame["source"] == "benefits") & frame[column].notna()
    assert mistaken(found) == [f"mistaken_{column}_benefits"]
    assert found.counts[f"mistaken_{column}_benefits"] == given.sum()
    by_record = found.person_records.merge(found.people[["person_id", column]], on="person_id")
    alone = by_record.groupby("person_id")["record_id"].transform("nunique") == 1
    there = by_record["record_id"].isin(frame.loc[given, "record_id"])
    assert (alone & there).any()
    assert by_record.loc[alone & there, column].isna().all()
    assert linked(frame, trust={"mistaken": 1.0})[0] < f1 - 0.1


@pytest.mark.parametrize("column", ["date_of_birth", "forename"])
def test_of_two_sources_the_one_that_contradicts_itself_is_not_believed(mentions, column):
    two = mentions[mentions["source"].isin(["benefits", "housing"])]
    frame = shuffled(two, column, source="housing")
    f1, found = linked(frame)
    assert mistaken(found) == [f"mistaken_{column}_housing"]
    assert f1 >= 0.91
    assert linked(frame, trust={"mistaken": 1.0})[0] < f1 - 0.1


@pytest.mark.parametrize("noise", [0.3, 1.0, 3.0])
def test_of_records_as_they_come_every_source_is_believed(noise):
    assert mistaken(linked(make_mentions(4_000, seed=5, noise=noise))[1]) == []


def of_relatives(frame, share, **others):
    """The frame with a relative for so many people, of all their values but `others`, in every source of theirs."""
    chosen = frame["true_person_id"].drop_duplicates().sample(frac=share, random_state=4)
    relatives = frame[frame["true_person_id"].isin(chosen)]
    changed = {name: change(relatives[name]) for name, change in others.items()}
    changed |= {name: relatives[name] + "-R" for name in ("record_id", "true_person_id")}
    return pd.concat([frame, relatives.assign(upn=None, nino=None, **changed)], ignore_index=True)


def years_before(dates):
    born = pd.to_datetime(dates)
    return (born - pd.Timedelta(days=30 * 365 + 100)).dt.strftime("%Y-%m-%d")


def forenames_of_twins(forenames):
    return forenames.map({name: f"{name[::-1]}on" for name in forenames.dropna().unique()})


@pytest.mark.parametrize("others", [{"date_of_birth": years_before}, {"forename": forenames_of_twins}])
def test_fathers_and_sons_of_one_name_and_twins_contradict_no_source(mentions, others):
    frame = of_relatives(mentions, 0.1, **others)
    f1, found = linked(frame)
    assert mistaken(found) == []
    assert f1 >= 0.93


def test_twins_in_a_list_that_holds_nobody_twice_contradict_no_source(mentions):
    once = mentions[mentions["source"] == "housing"].drop_duplicates("true_person_id")
    once = of_relatives(once, 0.03, forename=forenames_of_twins).drop(columns=TRUTH)
    trusts = [{"mistaken_records": least, "contradictions": 10} for least in (0, 0.05)]
    found = [mistaken(link(once, LinkageSettings(trust=trust))) for trust in trusts]
    assert found == [["mistaken_forename_housing"], []]


def test_strangers_of_one_name_at_an_office_contradict_no_source(mentions):
    at_office = mentions["source"] == "housing"
    frame = mentions.assign(
        surname=mentions["surname"].mask(at_office, "Lee"),
        address=mentions["address"].mask(at_office, "Civic Offices, High Street"),
        postcode=mentions["postcode"].mask(at_office, "AB1 2CD"),
    )
    by_crowd = [mistaken(linked(frame, households={"dwelling_people": people})[1]) for people in (50, 10_000)]
    assert by_crowd == [[], ["mistaken_date_of_birth_housing"]]


def test_what_is_believed_does_not_hang_on_the_order_of_rows(mentions):
    frame = some(numbered(mentions, "true_household_id"), 0.1, date_of_birth="1970-01-01")
    one, other = (linked(rows)[1] for rows in (frame, frame.sample(frac=1, random_state=3)))
    assert one.counts == other.counts
    pd.testing.assert_frame_equal(one.person_records, other.person_records)


def test_a_number_of_ones_own_decides(mentions):
    f1, found = linked(numbered(mentions, "true_person_id"))
    assert f1 > linked(mentions)[0]
    assert found.counts["distrusted_nino"] == found.counts["default_nino"] == 0


@pytest.mark.parametrize(
    ("contradicted", "compared", "decides"),
    [(0, 0, True), (99, 100, True), (100, 10_001, True), (100, 10_000, True), (101, 10_000, False)],
)
def test_a_number_decides_until_it_is_contradicted_too_often(contradicted, compared, decides):
    assert may_decide(contradicted, compared, TRUST) is decides


def test_an_offices_address_is_nobodys_home():
    frame = make_mentions(6_000, seed=9)
    at_office = frame["source"].isin(["offending", "benefits"])
    placed = frame.assign(
        address=frame["address"].mask(at_office, "Civic Offices, High Street"),
        postcode=frame["postcode"].mask(at_office, "AB1 2CD"),
    )
    f1, found = linked(placed)
    assert f1 >= 0.95
    assert found.counts["records_at_no_dwelling"] >= at_office.sum() * 0.9
    assert found.members.groupby("household_id").size().max() <= 15
    assert not found.households["address"].str.contains("Civic", na=False).any()
