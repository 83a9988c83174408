"""Writes docs/extracts.md (the canonical columns) and the rules in docs/your-own-extracts.md from the schemas."""

from schemas.extracts import EXTRACTS, ExtractSpec
from schemas.person import PERSON_COLUMNS
from schemas.rules import RULES, Outcome
from tests.docs.guides import DOCS


PAGE = DOCS / "extracts.md"
OPENING = """# Every extract and its columns

<!-- Written by `python -m tests.docs.tables` from schemas/extracts.py: change that, not this page. -->

The canonical columns: a file that has them under these names needs no settings. `attendance` is needed for every wash,
and so is one of `youth_offending` and `asb`; everything else is optional, and what is absent makes the criteria that
need it *unknown*, never *not met*. How a file of another layout reaches these columns is told in
[Your own extracts](your-own-extracts.md).

A column in **bold** must be there, and no row may leave it empty. A date is ISO (`2013-09-02`), UK (`02/09/2013`),
`02-Sep-2013`, `2013-Sep-02 00:00:00` or a spreadsheet's own; never month first. A column with codes takes other common
spellings of them too, in any case.

## The person columns

Wherever a row names a person it may have these, and needs enough of them to say who it is: a surname with at least a
date of birth, or an address and its postcode, or a UPRN. (A row with a UPN, a NINO or a `request_ref` of its own needs
none of them; a row of `asb` or `local_indicators` may be about an address alone.)

"""
AFTER_PERSON = """
`address` is one line; a mapping joins several. Words that stand for nothing (`UNKNOWN`, `BABY`, `TEST`, postcodes that
begin with `ZZ99`, 1 January 1900) are read as empty and counted.
"""
RULES_MARK = "Written by `python -m tests.docs.tables` from schemas/rules.py"
OUTCOMES = {
    Outcome.QUARANTINE: "the row is quarantined",
    Outcome.CLEAR: "the value is cleared, the row stays",
    Outcome.COUNT: "it is counted, nothing else",
}


def render_extracts() -> str:
    """The whole page of canonical columns, as Markdown."""
    whole = EXTRACTS["attendance"]
    person = _table(whole, PERSON_COLUMNS)
    return OPENING + person + AFTER_PERSON + "".join(f"\n{_extract(spec)}" for spec in EXTRACTS.values())


def render_rules() -> str:
    """The rows of the table of rules: code, what becomes of the row, the message with `…` for the column."""
    head = ["| code | what becomes of it | what is said |", "|---|---|---|"]
    rows = [
        f"| `{rule.code}` | {OUTCOMES[rule.outcome]} | {rule.message.format(column='…')} |" for rule in RULES.values()
    ]
    return "\n".join([*head, *rows]) + "\n"


def _extract(spec: ExtractSpec) -> str:
    own = tuple(name for name in spec.columns if not (spec.person and name in PERSON_COLUMNS))
    doc = " ".join((spec.model.__doc__ or "").split())
    person = "\nAnd the person columns.\n" if spec.person else ""
    return f"## `{spec.name}`\n\nA row: {doc[:1].lower()}{doc[1:]}\n\n{_table(spec, own)}{person}"


def _table(spec: ExtractSpec, columns: tuple[str, ...]) -> str:
    head = ["| column | kind | codes |", "|---|---|---|"]
    return "\n".join([*head, *(_row(spec, name) for name in columns)]) + "\n"


def _row(spec: ExtractSpec, name: str) -> str:
    shown = f"**`{name}`**" if name in spec.required else f"`{name}`"
    codes = ", ".join(f"`{code}`" for code in spec.codes[name].allowed) if name in spec.codes else ""
    return f"| {shown} | {_kind(spec, name)} | {codes} |"


def _kind(spec: ExtractSpec, name: str) -> str:
    if name in spec.dates:
        return "date"
    if name in spec.counts:
        return "whole number"
    if name in spec.amounts:
        return "number"
    return "code" if name in spec.codes else "text"
