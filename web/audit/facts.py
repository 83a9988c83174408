"""The facts of an event of the audit log in words; leaves out what says nothing, and hides nothing else."""

from collections.abc import Mapping
from typing import NamedTuple


COUNTS = ("events", "families", "rows", "runs", "questions", "releases", "decisions", "bytes", "lines", "accounts")
SAID = {
    "found": "{} found",
    "filters": "only {}",
    "waiting": "{} waiting",
    "taken": "{} taken",
    "shown": "page {}",
    "by": "by {}",
    "about": "about {}",
    "family": "{}",
    "person": "{}",
    "what": "{}",
    "list": "{}",
    "file": "{}",
    "form": "as {}",
    "of": "{}",
    "result": "{}",
    "outcome": "answer: {}",
    "how": "by {}",
    "minutes": "for {} minutes",
    "review_id": "question {}",
    "error": "{}",
}
FLAGS = {
    ("sound", "yes"): "sound",
    ("sound", "no"): "not what it was",
    ("accounts", "yes"): "with the accounts",
    ("accounts", "no"): "",
    ("again", "yes"): "as it was released before",
    ("again", "no"): "",
    ("revealed", "1"): "with the model's view",
    ("revealed", "0"): "blind",
    ("before_answer", "1"): "before an answer",
    ("before_answer", "0"): "after the answer",
}
DIGESTS = ("sha256", "head", "index_sha256")
LEFT_OUT = ("page",)
"""The name of a page, which the event's own words say."""


class Told(NamedTuple):
    """A fact in words, and the value in it."""

    words: str
    value: str


def tell_facts(facts: Mapping[str, str]) -> list[Told]:
    """The facts of an event in words, in their order; those that are empty say nothing."""
    told = [Told(_words(name, value), value) for name, value in facts.items() if value and name not in LEFT_OUT]
    return [one for one in told if one.words]


def _words(name: str, value: str) -> str:
    if (name, value) in FLAGS:
        return FLAGS[name, value]
    if name in DIGESTS:
        return f"{name.replace('_', ' ')} {value[:12]}"
    if name in COUNTS and value.isdecimal():
        one = name.removesuffix("s") if name != "families" else "family"
        return f"{int(value):,} {one if value == '1' else name}"
    return SAID.get(name, name.replace("_", " ") + " {}").format(value.replace("_", " "))
