"""The settings of household forming: names, defaults and limits; implements nothing.

A cost of 1 makes a home 2.7 times (e) less likely than another: costs are minus the natural logs of likelihoods.
"""

from pydantic import BaseModel, ConfigDict

from linkage.defaults import setting


class HouseholdSettings(BaseModel):
    """How dated addresses, ties and surnames become households. Months are of 30.44 days."""

    model_config = ConfigDict(frozen=True, extra="forbid", validate_default=True)

    adult_age: int = setting("households.adult_age", ge=1, description="a person younger than this is a child")
    recent_months: float = setting(
        "households.recent_months",
        gt=0,
        description="an address without a date ranks as one of so long ago",
    )
    street_likeness: float = setting(
        "households.street_likeness",
        gt=0,
        le=1,
        description="two streets of one number and postcode are one from this likeness on",
    )
    postcode_streets: float = setting(
        "households.postcode_streets",
        ge=1,
        description="a postcode of more streets than this tells no home: it is a town's, or stands for nothing",
    )
    postcode_addresses: int = setting(
        "households.postcode_addresses",
        ge=1,
        description="under a postcode of more addresses (or families) people of one surname are not one family",
    )
    stale_share: float = setting(
        "households.stale_share",
        gt=0,
        lt=1,
        description="of the addresses of a source, those out of date, until more is learnt of it",
    )
    stale_evidence: float = setting(
        "households.stale_evidence",
        ge=0,
        description="how many addresses `stale_share` is worth in learning",
    )
    late_months: float = setting(
        "households.late_months", gt=0, description="how late a source hears of a move, on average"
    )
    moving_rate: float = setting(
        "households.moving_rate", gt=0, description="how often a household moves in a year, until more is learnt"
    )
    moving_evidence: float = setting(
        "households.moving_evidence", ge=0, description="how many years `moving_rate` is worth in learning"
    )
    turned_cost: float = setting(
        "households.turned_cost",
        ge=0,
        description="cost of a home that a source itself has since replaced by another",
    )
    apart_from_parents: float = setting(
        "households.apart_from_parents",
        ge=0,
        description="cost of a child's home without any of its parents",
    )
    apart_from_children: float = setting(
        "households.apart_from_children",
        ge=0,
        description="cost of an adult's home without any of their children",
    )
    apart_from_kin: float = setting(
        "households.apart_from_kin", ge=0, description="cost of a home without any other kin"
    )
    untied_share: float = setting(
        "households.untied_share",
        ge=0,
        le=1,
        description="of these costs, how much more without even kin whom no contact record ties",
    )
    unseen_cost: float = setting(
        "households.unseen_cost",
        ge=0,
        description="cost of a home where only a person's kin were seen",
    )
    followed_cost: float = setting(
        "households.followed_cost",
        ge=0,
        description="the same, where those kin left the person's address for it",
    )
    slip_cost: float = setting(
        "households.slip_cost",
        ge=0,
        description="the same, where the person's address is one character off it",
    )
    together_prior: float = setting(
        "households.together_prior",
        gt=0,
        lt=1,
        description="of adults and the children they are tied to, those who live together",
    )
    together_evidence: float = setting(
        "households.together_evidence",
        ge=0,
        description="how many ties `together_prior` is worth in learning",
    )
    together_share: float = setting(
        "households.together_share",
        ge=0,
        le=1,
        description="how likely that is at least of people of no address put with those they are tied to",
    )
    namesake_share: float = setting(
        "households.namesake_share",
        ge=0,
        le=1,
        description="how likely that is at least of people of no address put with those of their surname and postcode",
    )
    surname_prior: float = setting(
        "households.surname_prior",
        gt=0,
        lt=1,
        description="of families, those that bear a surname, until more is learnt of it",
    )
    surname_evidence: float = setting(
        "households.surname_evidence",
        gt=0,
        description="how many families `surname_prior` is worth in learning",
    )
    strangers_prior: float = setting(
        "households.strangers_prior",
        gt=0,
        lt=1,
        description="of kins seen at one address, those who do not live together, until more is learnt",
    )
    strangers_evidence: float = setting(
        "households.strangers_evidence",
        ge=0,
        description="how many kins at one address `strangers_prior` is worth in learning",
    )
    strangers_share: float = setting(
        "households.strangers_share",
        ge=0,
        le=1,
        description="kins at one address who are more likely strangers than this are households of their own",
    )
    close_call: float = setting(
        "households.close_call",
        gt=0.5,
        lt=1,
        description="a home less likely than this is put to a person, if others live at the next",
    )
    gone_months: float = setting(
        "households.gone_months",
        ge=0,
        description="people last seen so long before others, not their kin, came to the address are gone",
    )
    gone_families_months: float = setting(
        "households.gone_families_months",
        ge=0,
        description="so are children last seen before others came and so long before those were last seen",
    )
    unseen_months: float = setting(
        "households.unseen_months",
        ge=0,
        description="so are adults last seen so long before others, not their kin, were last seen",
    )
    household_people: int = setting(
        "households.household_people",
        ge=2,
        description="an address of more people than this is an institution",
    )
    dwelling_people: int = setting(
        "households.dwelling_people",
        ge=2,
        description="an address of more people than this, over all the time, is no home: it counts as missing",
    )
    household_kins: int = setting(
        "households.household_kins",
        ge=1,
        description="an address of more unrelated adults than this is an HMO",
    )
    institution_words: tuple[str, ...] = setting(
        "households.institution_words",
        description="an address line with one of these is an institution",
    )
