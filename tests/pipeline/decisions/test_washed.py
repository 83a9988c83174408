"""Decisions in the next wash: read without being asked for, part of the run, replayed and verified, beside a file."""

from datetime import date
from pathlib import Path

import pandas as pd
import pytest

from linkage.record_hash import hash_records
from pipeline.decisions.answering import Asked, Given, Reviewer, record_answers
from pipeline.decisions.store import decisions_path
from pipeline.mentions import mentions
from pipeline.prepare import Request
from pipeline.record.tables import read_table
from pipeline.record.verify import verify_run
from pipeline.replay import replay_run
from pipeline.wash import Washed, wash_extracts
from schemas.errors import IntegrityError, UsageError
from tests.builders import AS_OF, write_four_families


def wash(place: Path, judgements: Path | None = None) -> Washed:
    day = date.fromisoformat(AS_OF)
    return wash_extracts(Request(place / "extracts", day, place / "outputs", judgements=judgements))


def table(washed: Washed, name: str) -> pd.DataFrame:
    return pd.read_parquet(washed.folder / "tables" / f"{name}.parquet")


def hashes(washed: Washed) -> dict[str, str]:
    """What each record says, as decisions know it again."""
    clean = {path.stem: read_table(path) for path in (washed.folder / "clean").glob("*.parquet")}
    extracts = {name: frame for name, frame in clean.items() if "." not in name}
    records = mentions(extracts, (), {}, as_of=date.fromisoformat(AS_OF))
    return dict(zip(records["record_id"], hash_records(records), strict=True))


def decide(place: Path, said: dict[str, str], ends: tuple[str, str], answer: str, who: str) -> None:
    asked = Asked("R1", "pair", *ends, *(said[end] for end in ends))
    record_answers(place / "outputs", [(asked, Given(answer))], Reviewer(who, date(2013, 10, 2), "run", "model"))


def test_what_reviewers_decided_holds_in_the_next_wash_and_in_its_replay(tmp_path: Path) -> None:
    write_four_families(tmp_path / "extracts")
    first = wash(tmp_path)
    assert first.manifest.decisions is None
    owners = table(first, "person_records").drop_duplicates("person_id").set_index("record_id")["person_id"]
    one, two, three = owners.index[:3]
    said = hashes(first)
    decide(tmp_path, said, (two, three), "unsure", "Ann")
    assert wash(tmp_path).already

    decide(tmp_path, said, (one, two), "match", "Ann")
    second = wash(tmp_path)
    assert second.manifest.base_id != first.manifest.base_id
    assert second.manifest.decisions is not None
    now = table(second, "person_records").set_index("record_id")["person_id"]
    assert now[one] == now[two]
    told = table(second, "decisions")
    assert told[["judgement", "decided_by", "outcome"]].values.tolist() == [["match", "Ann", "applied"]]
    assert verify_run(second.folder).files
    decide(tmp_path, said, (one, three), "no_match", "Bob")
    assert verify_run(second.folder).files
    assert replay_run(second.folder).tables

    file = tmp_path / "given.csv"
    file.write_text(f"left_id,right_id,judgement,decided_by,decided_on\n{two},{three},match,Cat,2013-10-01\n")
    with pytest.raises(UsageError, match="contradict") as caught:
        wash(tmp_path, file)
    for named in ("decision D0000002 of Ann (2013-10-02)", "decision D0000003 of Bob", "given.csv, row 2"):
        assert named in str(caught.value)

    path = decisions_path(tmp_path / "outputs")
    path.write_bytes(path.read_bytes().replace(b'"answer": "match"', b'"answer": "no_match"'))
    with pytest.raises(IntegrityError, match=r"changed since this run read it: decisions\.jsonl|does not follow"):
        verify_run(second.folder)
