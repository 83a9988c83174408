"""The words that tables, settings and messages use; decides what a value may be called, and nothing else."""

from enum import StrEnum


class Criterion(StrEnum):
    """A programme criterion: the three national ones and the council's own."""

    CRIME_ASB = "crime_asb"
    EDUCATION = "education"
    WORK = "work"
    LOCAL = "local"


class Verdict(StrEnum):
    """Whether a household meets a criterion; `unknown` is never `not_met`."""

    MET = "met"
    NOT_MET = "not_met"
    UNKNOWN = "unknown"


class Rule(StrEnum):
    """How an eligible family qualifies."""

    THREE_OF_THREE = "3_of_3"
    TWO_PLUS_LOCAL = "2_plus_local"


class Role(StrEnum):
    """A person's part in a household."""

    CHILD = "child"
    ADULT = "adult"


class Route(StrEnum):
    """How a family came to the list."""

    WASH = "wash"
    REFERRAL = "referral"
    BOTH = "both"


class Change(StrEnum):
    """A family on this list against the previous run's list."""

    NEW = "new"
    CONTINUING = "continuing"


class Judgement(StrEnum):
    """What was decided about a pair of records."""

    MATCH = "match"
    NO_MATCH = "no_match"
    REVIEW = "review"


class Answer(StrEnum):
    """What a person may answer: about two records being one person, and about two people living together."""

    MATCH = "match"
    NO_MATCH = "no_match"
    SAME_HOUSEHOLD = "same_household"
    OTHER_HOUSEHOLD = "other_household"


class HouseholdBasis(StrEnum):
    """What holds a household together."""

    UPRN = "uprn"
    ADDRESS = "address"
    CONTACT = "contact"
    JUDGEMENT = "judgement"


class ReviewKind(StrEnum):
    """What a person is asked to decide."""

    PAIR = "pair"
    BRIDGE = "bridge"
    HOUSEHOLD = "household"
