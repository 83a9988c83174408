"""Items 14 and 16, and how each record came to be this person: overrides, the run, and weights in words."""

from collections.abc import Iterable, Mapping
from pathlib import PurePosixPath
from typing import Any

from linkage.explain import in_weights
from reports.packs.gathered import Case, Rows
from reports.packs.shape import Column, Grid, Item, Part, Says, facts
from reports.packs.wording import joined, many, row_numbers, text, words


CHILD = "#child"
RULES = {
    "alone": "no other record is this person",
    "identical": "says the same as another record",
    "model": "the weight of a pair",
    "identifier": "one UPN or NINO",
    "judgement": "what somebody decided",
}


def overrides(case: Case) -> Item:
    """Item 14: what people decided about these records, and figures that the council changed."""
    title, asked = "Manual overrides", "What did somebody decide by hand, and why?"
    rows = case.of("decisions")
    if "decisions" not in case.rows:
        short = "This run keeps no decisions"
        return Item("14", title, asked, short, (Says(short + "."),))
    if not rows:
        short = "Nobody decided anything about these records"
        return Item("14", title, asked, short, (Says(short + " by hand."),))
    heads = (
        Column("Records", 3),
        Column("Decided", 1.6),
        Column("By", 1.5),
        Column("On", 1.2),
        Column("Why", 2.4),
        Column("What became of it", 2.6),
    )
    places = {row["record_id"]: place_of(row) for row in case.of("person_records")}
    said = [_decision(row, places) for row in rows]
    return Item("14", title, asked, many(len(rows), "decision"), (Grid("Decisions about records", heads, said),))


def _decision(row: dict[str, Any], places: Mapping[str, str]) -> tuple[str, ...]:
    sides = [places.get(row[side], row[side] or "a record that is not in this run") for side in ("left_id", "right_id")]
    outcome = joined([words(row["outcome"]), text(row["note"])], "")
    return (
        " and ".join(sides),
        words(row["judgement"]),
        text(row["decided_by"]) or "not said",
        text(row["decided_on"]) or "not said",
        text(row["reason"]) or "not said",
        outcome,
    )


def place_of(row: Mapping[str, Any]) -> str:
    """The file and row that a record stands in; of a contact's row the child is a record of its own."""
    child = " (its child)" if row["record_id"].endswith(CHILD) else ""
    return f"{row['file']}, {row_numbers([row['row_number']])}{child}"


def reproducibility(case: Case) -> Item:
    """Item 16: everything that makes the run, by digest; washed again, it gives this pack again."""
    record, cover = case.shared.record, case.shared.cover
    known = facts(
        ("Run", cover.run_id),
        ("Digest of the run's manifest, which lists every file", record.manifest),
        ("As of", text(cover.as_of)),
        ("Wash, without the run before it", record.base_id),
        ("Code", record.code_version),
        ("Libraries", ", ".join(f"{name} {version}" for name, version in record.libraries.items())),
        ("Settings", _pointer(record.settings)),
        ("Criteria", _pointer(record.framework)),
        ("Decisions of reviewers", _pointer(record.decisions)),
        ("Decisions in a file", _pointer(record.judgements)),
        ("Previous run", _pointer(record.previous)),
        ("Left out", joined(record.without, "nothing")),
    )
    heads = (
        Column("Extract", 1.6),
        Column("File", 3),
        Column("Rows read", 1, True),
        Column("Kept out", 1, True),
        Column("sha256", 3.9, code=True),
    )
    cited = _cited(case)
    rows = [
        (one.extract, one.name, f"{one.read:,}", f"{one.quarantined:,}", one.sha256)
        for one in record.sources
        if one.sha256 in cited
    ]
    count = f"{many(len(record.sources), 'file')} went into this run. Those that this pack rests on:"
    again = Says(
        f"The command datawash replay {cover.run_id} washes the same extracts again; the same facts give this pack "
        "byte for byte."
    )
    return Item(
        "16",
        "To make it again",
        "Does the same wash give the same pack?",
        f"Run {cover.run_id}, code {record.code_version}",
        (known, Says(count), Grid("Files behind this pack", heads, rows), again),
    )


def _cited(case: Case) -> set[str]:
    """The sha256 of every file that says something in this pack."""
    rows = [row for table in case.rows.values() for row in table if row.get("file_sha256")]
    digests = {digest for row in rows for digest in row["file_sha256"].split(";")}
    records = {(row["extract"], row["file"]) for row in case.of("person_records")}
    files = case.shared.record.sources
    return digests | {one.sha256 for one in files if (one.extract, PurePosixPath(one.name).name) in records}


def _pointer(named: tuple[str, str] | None) -> str:
    return f"{named[0]}, sha256 {named[1]}" if named else "none"


def identity(case: Case) -> Item:
    """How each record came to be this person: by record its heaviest pair, field by field in bits."""
    people = sorted({row["person_id"] for row in case.of("person_records")})
    title, asked = (
        "How each record came to be this person",
        "Is the evidence about these people, and not about namesakes?",
    )
    if not people:
        short = "No record in this run is of anybody in this case"
        return Item("17", title, asked, short, (Says(short + "."),))
    parts: list[Part] = [Says(WEIGHTS)]
    parts += [_records(case, one) for one in people]
    records = case.of("person_records")
    return Item(
        "17", title, asked, f"{many(len(records), 'record')} of {many(len(people), 'person', 'people')}", tuple(parts)
    )


ALONE = "there is no other record to weigh it with"
SAME = "each names the person just as another record here does, and was weighed together with that"
WEIGHTS = (
    "A weight is in bits: each doubles the odds that two records are of one person, each below nought halves them. It "
    "begins with how rarely two records at random are one person, and adds what each field says. Each record is shown "
    "with the heaviest pair that holds it to another record of the same person."
)
_RECORD = (
    Column("Record", 2.6),
    Column("Held by", 1.5),
    Column("Weight", 0.9, True),
    Column("Probability", 1.2, True),
    Column("Pair and its weight in words", 6),
)


def _records(case: Case, who: str) -> Grid:
    rows = [row for row in case.of("person_records") if row["person_id"] == who]
    places = {row["record_id"]: place_of(row) for row in rows}
    heaviest = _heaviest(row for row in case.of("pairs") if row["person_id"] == who)
    said = [_record(row, pair, places) for row in rows if (pair := heaviest.get(row["record_id"]))]
    said += _without_pair([row for row in rows if row["record_id"] not in heaviest])
    known = case.people.get(who)
    sure = f", {_cohesion(known)}" if known else ""
    return Grid(f"{case.who(who)}: {many(len(rows), 'record')}{sure}", _RECORD, said)


def _cohesion(known: Mapping[str, Any]) -> str:
    value = known.get("cohesion")
    return "held together by one record" if value is None else f"weakest link {value:.4f}"


def _heaviest(pairs: Iterable[dict[str, Any]]) -> dict[str, dict[str, Any]]:
    """By record the pair of it that weighs most."""
    found: dict[str, dict[str, Any]] = {}
    for pair in pairs:
        for side in ("left_id", "right_id"):
            known = found.get(pair[side])
            if known is None or pair["match_weight"] > known["match_weight"]:
                found[pair[side]] = pair
    return found


def _record(row: dict[str, Any], pair: dict[str, Any], places: Mapping[str, str]) -> tuple[str, ...]:
    other = pair["right_id"] if pair["left_id"] == row["record_id"] else pair["left_id"]
    return (place_of(row), *_held_by(row), f"with {places.get(other, other)}: {in_weights(pair)}")


def _held_by(row: Mapping[str, Any]) -> tuple[str, str, str]:
    weight, chance = row["match_weight"], row["match_probability"]
    rule = RULES.get(row["rule"], words(row["rule"]))
    return (rule, "none" if weight is None else f"{weight:+.1f}", "none" if chance is None else f"{chance:.4f}")


def _without_pair(rows: Rows) -> list[tuple[str, ...]]:
    """Records that were not weighed in a pair of their own, those of one weight together."""
    alike: dict[tuple[str, ...], list[str]] = {}
    for row in rows:
        alike.setdefault((*_held_by(row), ALONE if row["rule"] == "alone" else SAME), []).append(place_of(row))
    return [("; ".join(places), *held) for held, places in alike.items()]
