"""The short list of reasons that a reviewer chooses from, and what each says; decides nothing."""

from schemas.words import ReviewKind


ABOUT_PEOPLE = {
    "small_slips": "The details agree, but for small slips",
    "name_changed": "Known by both names, or a name was changed",
    "moved": "The same person, who has moved",
    "checked": "Checked in another system, or with somebody who knows them",
    "relative": "Two of one family: twins, or parent and child of one name",
    "namesake": "Two people who share a name",
    "too_different": "The details differ too much",
    "too_little": "Too little is said to tell",
    "other": "Another reason, in the note",
}
ABOUT_HOMES = {
    "known_together": "Known to live together",
    "moved_out": "One of them has moved out",
    "separate_homes": "Separate homes at one address",
    "checked": "Checked in another system, or with somebody who knows them",
    "too_little": "Too little is said to tell",
    "other": "Another reason, in the note",
}
EVERY = ABOUT_PEOPLE | ABOUT_HOMES


def reasons_for(kind: str) -> dict[str, str]:
    """The reasons that may be given to a question of this kind, in words by code."""
    return ABOUT_HOMES if kind == ReviewKind.HOUSEHOLD else ABOUT_PEOPLE


def reason_words(code: str) -> str:
    """A reason in words; as it stands where it is none of the list."""
    return EVERY.get(code, code)
