"""The words that tables, settings and messages use; decides what a value may be called, and nothing else."""

from enum import StrEnum


class Criterion(StrEnum):
    """A programme criterion: phase 1's three, the expanded programme's three more, and the council's own."""

    CRIME_ASB = "crime_asb"
    EDUCATION = "education"
    WORK = "work"
    CHILDREN_WHO_NEED_HELP = "children_who_need_help"
    DOMESTIC_ABUSE = "domestic_abuse"
    HEALTH = "health"
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
    TWO_OF_SIX = "2_of_6"


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
    POSTCODE = "postcode"
    JUDGEMENT = "judgement"


class ReviewKind(StrEnum):
    """What a person is asked to decide."""

    PAIR = "pair"
    BRIDGE = "bridge"
    HOUSEHOLD = "household"


class Effect(StrEnum):
    """What an answer to a question would do to the list of families."""

    ON_LIST = "on_list"
    OFF_LIST = "off_list"
    ON_AND_OFF = "on_and_off"
    UNDETERMINED = "undetermined"
    NONE = "none"


class Settled(StrEnum):
    """How a pair came to be settled without people: joined by an identifier, by its weight, through others; or kept
    apart by a rule, or because it weighs too little."""

    IDENTIFIER = "identifier"
    SURE = "sure"
    NEAR = "near"
    OTHERS = "others"
    RULE = "rule"
    SET_ASIDE = "set_aside"


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


class Block(StrEnum):
    """Why a case cannot be claimed for today."""

    FAMILY_NOT_FOUND = "family_not_found"
    ELIGIBILITY_NOT_EVIDENCED = "eligibility_not_evidenced"
    ELIGIBILITY_AFTER_JOINING = "eligibility_after_joining"
    ELIGIBILITY_AFTER_RESULT_BEGAN = "eligibility_after_result_began"
    NO_FIRST_CONTACT = "no_first_contact"
    FIRST_CONTACT_AFTER_RESULT = "first_contact_after_result"
    PERSON_CLAIMED_BEFORE = "person_claimed_before"
    FAMILY_CLAIMED_BEFORE = "family_claimed_before"
    PERSON_IN_TWO_CASES = "person_in_two_cases"
    FAMILY_IN_TWO_CASES = "family_in_two_cases"
    WINDOWS_OVERLAP = "windows_overlap"
    WINDOW_TOO_SHORT = "window_too_short"
    RESULT_UNKNOWN = "result_unknown"
    RESULT_NOT_MET = "result_not_met"
    RESULT_VOID = "result_void"
    NOTHING_SHOWN = "nothing_shown"
    NOT_TRACED = "not_traced"
    CLOSED_BEFORE_PROGRAMME = "closed_before_programme"
    EARLIER_INTERVENTION = "earlier_intervention"
    PAST_LAST_PAYMENT = "past_last_payment"
    NO_RATE = "no_rate"
    ALLOCATION_REACHED = "allocation_reached"


class Hinge(StrEnum):
    """What a claim would not stand without, for whoever asks how many rested on it."""

    EDUCATION_NEUTRAL = "education_neutral"
    CARERS_ALLOWANCE_ALONE = "carers_allowance_alone"
    ONE_LOCAL_CRITERION = "one_local_criterion"
    FIRST_LISTED_BY_LOOKING_AGAIN = "first_listed_by_looking_again"
    THIRD_OR_33 = "third_or_33"
    REFERRAL_ONLY = "referral_only"


class FamilyEvent(StrEnum):
    """What can happen to a family that was on a list or is on the programme; a wash tells it once."""

    LISTED = "listed"
    LEFT_LIST = "left_list"
    BACK_ON_LIST = "back_on_list"
    MEMBER_JOINED = "member_joined"
    MEMBER_LEFT = "member_left"
    SAME_PERSON = "same_person"
    MOVED = "moved"
    MERGED = "merged"
    SPLIT = "split"
    ATTACHED = "attached"
    CLOSED = "closed"
    CLAIMED = "claimed"


class CaseFlag(StrEnum):
    """What a person should look at in a case; none of them decides a claim."""

    NOT_ELIGIBLE_AT_ATTACHMENT = "not_eligible_at_attachment"
    ELIGIBILITY_AT_ATTACHMENT_UNKNOWN = "eligibility_at_attachment_unknown"
    NOT_FOUND = "not_found"
    NO_CHILD = "no_child"
    SEVERAL_HOUSEHOLDS = "several_households"
    PERSON_IN_TWO_CASES = "person_in_two_cases"
    HOUSEHOLD_IN_TWO_CASES = "household_in_two_cases"
    NO_FIRST_CONTACT = "no_first_contact"
    MEMBERS_CHANGED = "members_changed"
    FAMILY_MERGED = "family_merged"
    FAMILY_SPLIT = "family_split"
    FAMILY_CHANGED = "family_changed"
