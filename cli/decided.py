"""What became of people's decisions in a run, and what it asks of them: counts in words; decides nothing."""

from typing import Any

from cli.say import many
from pipeline.record.manifest import Manifest


WORDS = {
    "applied": "applied",
    "carried_over": "carried over to the records that say the same",
    "to_check_again": "to check again, for a record changed",
    "settled_since": "settled since by a later one",
    "superseded": "superseded by a later one",
    "on_unknown_records": "about records that are not here",
    "set_aside": "of these set aside (the sheet Decisions says why)",
    "against_rules": "of these hold against a rule (the sheet Decisions says which)",
}


def decided(manifest: Manifest) -> dict[str, int] | None:
    """What became of the decisions that a wash was given, by outcome; None where it was given none."""
    if manifest.judgements is None and manifest.decisions is None:
        return None
    counts = manifest.stage("link").counts
    found = {name: counts.get(f"judgements_{name}", 0) for name in WORDS}
    return (
        {"decisions": counts.get("judgements", 0)}
        | found
        | {"rows_unanswered": counts.get("judgement_rows_unanswered", 0)}
    )


def asked(manifest: Manifest) -> dict[str, int]:
    """How many questions a run puts to people, and how many it leaves out."""
    counts = [manifest.stage(name).counts for name in ("link", "assess")]
    left_out = counts[0].get("reviews_left_out", 0) + counts[1].get("questions_left_out", 0)
    return {"questions": manifest.table("review_queue").rows, "left_out": left_out}


def decided_lines(found: dict[str, int] | None) -> list[str]:
    """The same in words, one line; none where there were no decisions."""
    if found is None:
        return []
    told = [f"{found[name]:,} {words}" for name, words in WORDS.items() if found[name]]
    blank = [f"{many(found['rows_unanswered'], 'row')} unanswered"] if found["rows_unanswered"] else []
    return [f"Decisions: {'; '.join([many(found['decisions'], 'decision'), *told, *blank])}."]


def asked_line(found: dict[str, Any]) -> str:
    """How much there is to review."""
    rest = f"; {found['left_out']:,} more are left out" if found["left_out"] else ""
    return f"To review: {many(found['questions'], 'question')} in review_queue.xlsx{rest}."
