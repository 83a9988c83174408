"""`datawash purge`, `hold` and `subject`: what they say and do, and that no word of it names a person."""

import json
from pathlib import Path
from typing import Any

import pytest

from tests.builders import KIM


SETTINGS = '[retention.lists]\nmonths = 6\nsource = "the schedule"\nconfidence = "confirmed"\n'
NAMES = ("Ashdown", "Kim", KIM.upn, KIM.date_of_birth)


@pytest.fixture
def settings(tmp_path: Path) -> Path:
    path = tmp_path / "retention.toml"
    path.write_text(SETTINGS, encoding="utf-8")
    return path


def names_nobody(*said: str) -> bool:
    return not any(name.casefold() in " ".join(said).casefold() for name in NAMES)


def test_a_purge_says_first_and_removes_what_it_said(look: Any, washed: Any, settings: Path) -> None:
    asked = ("purge", "--outputs", washed.outputs, "--settings", settings)
    first = look(*asked)
    assert first.code == 0
    assert "Nothing was removed." in first.out
    assert (washed.run / "master_list.xlsx").exists()
    plan = look(*asked, "--dry-run", "--json").facts
    assert not plan["removed"]
    done = look(*asked, "--plan", plan["plan"][:12], "--json")
    assert done.code == 0
    assert done.facts["removed"]
    assert done.facts["things"] == plan["things"]
    assert not (washed.run / "master_list.xlsx").exists()
    assert "purged on" in look("verify", "latest", "--outputs", washed.outputs).out
    assert look(*asked, "--plan", plan["plan"][:12]).code == 2
    assert look(*asked, "--plan", "x", "--dry-run").code == 2
    assert names_nobody(first.out, json.dumps(plan))


def test_without_settings_the_run_s_own_say_how_long(look: Any, washed: Any) -> None:
    said = look("purge", "--outputs", washed.outputs)
    assert "until settings say" in said.out
    assert "Nothing is older than it is kept." in said.out


def test_a_hold_is_set_listed_and_lifted(look: Any, washed: Any, settings: Path) -> None:
    outputs = ("--outputs", washed.outputs)
    assert look("hold", *outputs).out.strip() == "Nothing is on hold."
    assert look("hold", "set", "latest", "--reason", "an appeal", *outputs).code == 0
    assert washed.run.name in look("hold", *outputs).out
    said = look("purge", *outputs, "--settings", settings)
    assert "would have gone but for a hold" in said.out
    assert look("hold", "lift", washed.run.name, "--reason", "settled", *outputs).code == 0
    assert look("hold", "--json", *outputs).facts == {"holds": []}
    assert look("hold", "lift", washed.run.name, "--reason", "settled", *outputs).code == 2


def test_a_person_is_told_and_marked_and_named_by_no_word(look: Any, washed: Any, tmp_path: Path) -> None:
    outputs, who = ("--outputs", washed.outputs), tmp_path / "who.csv"
    who.write_text(f"upn\n{KIM.upn}\n", encoding="utf-8")
    people = washed.table("people").set_index("upn")["person_id"]
    by_id = look("subject", "held", people[KIM.upn].lower(), "--out", tmp_path / "a.json", *outputs)
    by_file = look("subject", "held", "--of", who, "--out", tmp_path / "b.json", *outputs)
    held = [json.loads((tmp_path / name).read_text(encoding="utf-8"))["held"] for name in ("a.json", "b.json")]
    assert held[0]["rows"] == held[1]["rows"] != []
    marked = look("subject", "restrict", "--of", who, "--reason", "says it is wrong", *outputs)
    assert marked.out.startswith("R0000001: The next washes keep their rows")
    listed = look("subject", "marks", *outputs)
    assert "R0000001  restrict" in listed.out
    lifted = look("subject", "lift", "R0000001", "--reason", "mended", *outputs)
    assert look("subject", "marks", *outputs).out.strip() == "No mark stands."
    log = (washed.outputs / "audit_log.jsonl").read_text(encoding="utf-8")
    assert names_nobody(by_id.out, by_file.out, marked.out, marked.err, listed.out, lifted.out, log)
    assert by_id.code == by_file.code == marked.code == listed.code == lifted.code == 0


def test_who_is_sought_by_name_and_postcode_alone_is_not_called_unknown_without_a_word(
    look: Any, washed: Any, tmp_path: Path
) -> None:
    """The wash has Kim in rows with a date of birth, which these details are too few to be sure of."""
    details = {"forename": "Kim", "surname": "Ashdown", "postcode": "SP4 1AA", "date_of_birth": KIM.date_of_birth}
    for left_out, narrow in (("date_of_birth", True), ("postcode", False)):
        kept = {name: value for name, value in details.items() if name != left_out}
        (tmp_path / "who.csv").write_text(f"{','.join(kept)}\n{','.join(kept.values())}\n", encoding="utf-8")
        asked = look("subject", "held", "--of", tmp_path / "who.csv", "--out", tmp_path / f"{narrow}.json",
                     "--outputs", washed.outputs)  # fmt: skip
        assert asked.code == 0, asked.err
        assert asked.out.startswith("Nothing is held about them.") is narrow
        assert ("Add date_of_birth, upn or nino, and ask again." in asked.out) is narrow


@pytest.mark.parametrize("meant", [(), ("P0000001", "--of", "who.csv"), ("P9999999",)])
def test_somebody_must_be_meant_in_one_way(look: Any, washed: Any, tmp_path: Path, meant: tuple[str, ...]) -> None:
    (tmp_path / "who.csv").write_text(f"upn\n{KIM.upn}\n", encoding="utf-8")
    asked = look("subject", "held", *meant, "--out", tmp_path / "a.json", "--outputs", washed.outputs)
    assert asked.code == 2
    assert not (tmp_path / "a.json").exists()
    assert names_nobody(asked.err)
