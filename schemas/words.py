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


class Attribution(StrEnum):
    """What shows that a family was eligible: a wash that listed it, or the facts looked at again for that day."""

    WASH = "wash"
    ATTACHMENT = "attachment"


class Outcome(StrEnum):
    """What became of a referral."""

    ELIGIBLE = "eligible"
    UNDETERMINED = "undetermined"
    NOT_ELIGIBLE = "not_eligible"
    NOT_FOUND = "not_found"


class Measure(StrEnum):
    """What a result is measured in."""

    EDUCATION = "education"
    ASB = "asb"
    OFFENDING = "offending"
    PROGRESS_TO_WORK = "progress_to_work"
    EMPLOYMENT = "employment"
    PROBLEM = "problem"


class ResultVerdict(StrEnum):
    """What a test of a result says; `void` where another child began the problem, `neutral` where one left school."""

    MET = "met"
    NOT_MET = "not_met"
    UNKNOWN = "unknown"
    NEUTRAL = "neutral"
    NOT_APPLICABLE = "not_applicable"
    VOID = "void"


class ClaimRoute(StrEnum):
    """The way to a payment: crime, ASB and education; that with progress to work; continuous employment."""

    A = "a"
    A_PROGRESS = "a_progress"
    B = "b"


class ClaimStatus(StrEnum):
    """Where a case stands with its claim."""

    READY = "ready"
    BLOCKED = "blocked"
    NOT_YET = "not_yet"
    CLAIMED = "claimed"
