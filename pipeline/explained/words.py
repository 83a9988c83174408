"""What is said of a family and a person in the same words by the command and on the pages; decides words only.

Days stand as ISO text; a page may write them out.
"""

from typing import Any

from pipeline.programme_files import FLAGS
from schemas.words import CaseFlag


BASIS = {
    "uprn": "the same UPRN",
    "address": "the same address",
    "contact": "ties between parents or carers and children",
    "postcode": "one surname under one postcode; no address is known",
    "judgement": "what somebody decided",
}
"""What holds a household together."""
MEMBER_BASIS = {
    "address": "records place them at this address",
    "contact": "a school record ties them, as parent, carer or child, to somebody here",
    "postcode": "they bear the surname of somebody here, under the same postcode; no address of theirs is known",
    "judgement": "a reviewer decided that they live here",
    "alone": "no record ties them to anybody: they stand alone",
}
"""Why a person is a member of a household."""
HOUSEHOLD_FLAGS = {
    "second_address": "Records place a member at a second address as well; the better placed and later one was taken.",
    "no_address": "No address is known; ties between people, or a surname under a postcode, hold this household "
    "together.",
    "former_occupant": "They seem to have moved out of this address: others have been seen there since.",
    "childrens_home": "The address looks like a children's home: each child there stands for itself.",
    "institution": "The address looks like an institution: people there are not taken to be one household.",
    "hmo": "The address looks like a house of many households: people there are not taken to be one.",
    "shared_address": "More than one family lives at this address; they were told apart.",
}
"""What each flag of a household says to the person who looks."""
RECORD_RULES = {
    "identifier": "the UPN or NINO is the same",
    "identical": "it says the same as another record, word for word",
    "model": "names, dates and addresses weigh enough together",
    "others": "a third record is joined to both",
    "judgement": "a reviewer decided it",
    "alone": "nothing else is joined to it",
}
"""Why a record is taken to be of a person."""
LISTED_BY = {"3_of_3": "all three national criteria", "2_plus_local": "two national criteria and a local one",
             "2_of_6": "two or more of the six problems"}
EVIDENCED = {"wash": "a wash listed it", "attachment": "it was looked at again for the day of attachment"}
AT_ATTACHMENT = {
    "met": "Eligible when attached.",
    "not_met": "Not eligible when attached.",
    "unknown": "Whether it was eligible when attached cannot be told.",
}
MEASURES = {
    "education": "education",
    "asb": "anti-social behaviour",
    "offending": "offending by minors",
    "progress_to_work": "progress to work",
    "employment": "employment",
    "problem": "problem",
}


def standing_sentence(standing: dict[str, Any]) -> str:
    """Where a family stands (`family_facts`), in a line."""
    if standing["is"] == "eligible":
        why = f" Ranked for: {standing['rank_reasons']}." if standing["rank_reasons"] else ""
        return f"Eligible by {LISTED_BY[standing['rule']]}; rank {standing['rank']}, {standing['change']}.{why}"
    if standing["is"] == "undetermined":
        return f"Undetermined. It would be settled by: {standing['would_settle']}."
    return "Not eligible."


def evidenced_sentence(case: dict[str, Any]) -> str:
    """Since when and how the eligibility of a case is evidenced."""
    if not case["eligible_on"]:
        return "No day of eligibility is evidenced."
    frozen = f"{len(case['frozen_members'])} members frozen"
    other = "" if case["snapshot_of"] == case["family_id"] else f" under {case['snapshot_of']}"
    return f"Evidenced from {case['eligible_on']}: {EVIDENCED[case['evidenced_by']]}; {frozen}{other}."


def flag_sentences(case: dict[str, Any]) -> list[str]:
    """What to look at in a case."""
    return [f"{FLAGS[CaseFlag(flag)]}." for flag in (case["flags"] or "").split(";") if flag]


def measure_name(result: dict[str, Any]) -> str:
    """What a result is measured in: of a problem, which."""
    name = MEASURES[result["measure"]]
    return f"{name} ({result['problem']})" if result["measure"] == "problem" and result["problem"] else name


def claim_sentence(claim: dict[str, Any] | None) -> str:
    """Where a case stands with its claim, and why."""
    if claim is None:
        return "No claim was judged."
    why = f": {claim['reasons']}" if claim["reasons"] else ""
    return f"Claim: {claim_state(claim)}{why}."


def claim_state(claim: dict[str, Any]) -> str:
    """Where a case stands with its claim: the state, how much it is of, and from when it could be made."""
    due = f" (could be from {claim['could_be']})" if claim["could_be"] else ""
    amount = f", {claim['amount']:,} pounds" if claim["amount"] else ""
    return f"{claim['status'].replace('_', ' ')}{amount}{due}"
