"""The settings of household forming: names, defaults and limits; implements nothing.

A cost of 1 makes a home 2.7 times (e) less likely than another: costs are minus the natural logs of likelihoods.
"""

from pydantic import BaseModel, ConfigDict, Field


class HouseholdSettings(BaseModel):
    """How dated addresses, ties and surnames become households. Months are of 30.44 days."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    adult_age: int = Field(default=18, ge=1, description="a person younger than this is a child")
    recent_months: float = Field(default=12, gt=0, description="an address without a date ranks as one of so long ago")
    street_likeness: float = Field(
        default=0.85, gt=0, le=1, description="two streets of one number and postcode are one from this likeness on"
    )
    stale_share: float = Field(
        default=0.15,
        gt=0,
        lt=1,
        description="of the addresses of a source, those out of date, until more is learnt of it",
    )
    stale_evidence: float = Field(default=40, ge=0, description="how many addresses `stale_share` is worth in learning")
    late_months: float = Field(default=6.5, gt=0, description="how late a source hears of a move, on average")
    turned_cost: float = Field(
        default=1.5, ge=0, description="cost of a home that a source itself has since replaced by another"
    )
    apart_from_parents: float = Field(
        default=3.0, ge=0, description="cost of a child's home without any of its parents"
    )
    apart_from_children: float = Field(
        default=1.5, ge=0, description="cost of an adult's home without any of their children"
    )
    apart_from_kin: float = Field(default=0.5, ge=0, description="cost of a home without any other kin")
    untied_share: float = Field(
        default=0.5,
        ge=0,
        le=1,
        description="of these costs, how much more without even kin whom no contact record ties",
    )
    unseen_cost: float = Field(default=3.0, ge=0, description="cost of a home where only a person's kin were seen")
    followed_cost: float = Field(
        default=0.1, ge=0, description="the same, where those kin left the person's address for it"
    )
    slip_cost: float = Field(
        default=0.3, ge=0, description="the same, where the person's address is one character off it"
    )
    together_prior: float = Field(
        default=0.8, gt=0, lt=1, description="of adults and the children they are tied to, those who live together"
    )
    together_evidence: float = Field(
        default=20, ge=0, description="how many ties `together_prior` is worth in learning"
    )
    together_share: float = Field(
        default=0.5,
        ge=0,
        le=1,
        description="how likely that is at least of people of no address put with those they are tied to",
    )
    close_call: float = Field(
        default=0.7,
        gt=0.5,
        lt=1,
        description="a home less likely than this is put to a person, if others live at the next",
    )
    gone_months: float = Field(
        default=18,
        ge=0,
        description="people last seen so long before others, not their kin, came to the address are gone",
    )
    gone_families_months: float = Field(
        default=12,
        ge=0,
        description="so are children last seen before others came and so long before those were last seen",
    )
    unseen_months: float = Field(
        default=24, ge=0, description="so are adults last seen so long before others, not their kin, were last seen"
    )
    household_people: int = Field(default=12, ge=2, description="an address of more people than this is an institution")
    household_kins: int = Field(default=4, ge=1, description="an address of more unrelated adults than this is an HMO")
    institution_words: tuple[str, ...] = Field(
        default=(
            *("HOSTEL", "REFUGE", "CHILDRENS HOME", "CHILDREN'S HOME", "CARE HOME", "NURSING HOME", "RESIDENTIAL HOME"),
            *("NIGHT SHELTER", "PRISON", "HMP", "YOUNG OFFENDER", "BED AND BREAKFAST", "B&B", "GUEST HOUSE", "HOTEL"),
        ),
        description="an address line with one of these is an institution",
    )
