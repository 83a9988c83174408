"""`datawash pack` and `datawash claims pack`: files for an auditor, in the audit log before they stand there."""

import json
import shutil
from hashlib import sha256
from io import BytesIO
from pathlib import Path

import pandas as pd
import pytest
from pypdf import PdfReader

from pipeline import evidence_packs
from pipeline.claims.register import append_events
from pipeline.pack_tables import name_subjects
from reports.packs import typeset
from reports.packs.typeset import UnsetPackError
from schemas.columns import TEXT
from tests.builders import KIM, SANDRA
from tests.claiming import WINDOW
from tests.cli.conftest import Command, Washed, run_command


PERSONAL = (KIM.forename, KIM.surname, SANDRA.forename, KIM.date_of_birth, KIM.home.address, KIM.upn)


@pytest.fixture
def place(claiming: Washed, look: Command) -> Washed:
    """Two families on the programme, washed, and the window's claim prepared; to be changed."""
    assert look("claims", "--window", WINDOW, "--outputs", claiming.outputs).code == 0
    return claiming


def text_of(pdf: bytes) -> str:
    return " ".join(" ".join(page.extract_text().split()) for page in PdfReader(BytesIO(pdf)).pages)


def log_of(outputs: Path) -> list[dict[str, str]]:
    return [json.loads(line) for line in (outputs / "audit_log.jsonl").read_text(encoding="utf-8").splitlines()]


def test_a_pack_says_what_the_tables_say_and_is_in_the_audit_log(place: Washed, look: Command, tmp_path: Path) -> None:
    sheets = tmp_path / "c1.xlsx"
    ran = look("pack", "latest", "C1", "--xlsx", sheets, "--outputs", place.outputs, "--json")
    assert ran.code == 0, ran.err
    pdf = Path(ran.facts["files"][0])
    data = pdf.read_bytes()
    last = log_of(place.outputs)[-1]
    assert (last["event"], last["what"], last["sha256"]) == ("packed", "C1", sha256(data).hexdigest())
    assert not any(word in json.dumps(log_of(place.outputs)) for word in PERSONAL)
    assert pdf.stat().st_mode & 0o077 == 0
    assert sheets.stat().st_mode & 0o077 == 0
    text = text_of(data)
    (case,) = place.table("cases").query("family_ref == 'C1'").to_dict("records")
    assert "28 August 2012" in text
    assert case["family_id"] in text
    assert "C2013-14-Q3-0001" in text
    squeezed = text.replace(" ", "")
    told = place.table("results").query("family_ref == 'C1'")
    assert len(told) > 3
    counts = told.dropna(subset=["baseline_count", "result_count"])
    assert [row for row in counts["reason"] if row.replace(" ", "") not in squeezed] == []
    assert [row for row in told["arithmetic"].dropna() if row.replace(" ", "") not in squeezed] == []
    records = place.table("person_records").merge(
        place.table("case_members").query("family_ref == 'C1'"), on="person_id"
    )
    assert [file for file in set(records["file"]) if file not in squeezed] == []


def test_a_family_that_is_not_on_the_programme_has_a_pack_too(place: Washed, look: Command, tmp_path: Path) -> None:
    others = place.table("households")["family_id"].dropna()
    known = place.table("cases")["family_id"]
    (who, *_) = others[~others.isin(known)]
    ran = look("pack", "latest", who.lower(), "--out", tmp_path / "x.pdf", "--outputs", place.outputs)
    assert ran.code == 0, ran.err
    assert "not on the caseload" in text_of((tmp_path / "x.pdf").read_bytes())


def test_a_family_that_is_not_there_is_refused(place: Washed, look: Command) -> None:
    ran = look("pack", "latest", "C99", "--outputs", place.outputs)
    assert ran.code == 2
    assert "Take an id from one of its lists" in ran.err
    assert log_of(place.outputs)[-1]["event"] != "packed"


def test_the_same_run_gives_the_same_bytes_and_so_does_its_replay(place: Washed, look: Command, tmp_path: Path) -> None:
    """The register is no part of a run: the pack is held against the replay's where nothing was prepared."""
    shutil.rmtree(place.outputs / "claims")
    log = place.outputs / "audit_log.jsonl"
    log.write_bytes(b"".join(log.read_bytes().splitlines(keepends=True)[:2]))
    assert run_command("replay", "latest", "--into", tmp_path / "again", "--outputs", place.outputs).code == 0
    for name, outputs in (("one", place.outputs), ("two", place.outputs), ("three", tmp_path / "again" / "outputs")):
        ran = look("pack", "latest", "C1", "--out", tmp_path / name, "--outputs", outputs)
        assert ran.code == 0, ran.err
    assert len({(tmp_path / name).read_bytes() for name in ("one", "two", "three")}) == 1


def test_nothing_leaves_where_the_audit_log_cannot_be_written(place: Washed, look: Command, tmp_path: Path) -> None:
    log = place.outputs / "audit_log.jsonl"
    log.unlink()
    log.mkdir()
    ran = look("pack", "latest", "C1", "--out", tmp_path / "c1.pdf", "--outputs", place.outputs)
    assert ran.code == 6
    assert not (tmp_path / "c1.pdf").exists()
    assert look("claims", "pack", "--window", WINDOW, "--outputs", place.outputs).code == 6
    folder = place.outputs / "claims" / "2013-14-Q3"
    assert [path.name for path in folder.iterdir() if "packs" in path.name] == []


def test_a_pack_that_fails_says_nothing_of_anybody(
    place: Washed, look: Command, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(typeset, "_template", lambda: b"#panic(sys.inputs.pack)")
    ran = look("pack", "latest", "C1", "--out", tmp_path / "c1.pdf", "--outputs", place.outputs)
    assert ran.code == UnsetPackError.exit_code
    assert "C1 could not be set" in ran.err
    assert not any(word.lower() in (ran.out + ran.err).lower() for word in PERSONAL)
    assert not any(word in json.dumps(log_of(place.outputs)) for word in PERSONAL)
    assert list(tmp_path.glob("*.pdf")) == []


def test_a_window_is_packed_with_an_index_and_replaced_as_a_whole(place: Washed, look: Command) -> None:
    ran = look("claims", "pack", "--window", WINDOW, "--outputs", place.outputs, "--json")
    assert ran.code == 0, ran.err
    folder = Path(ran.facts["path"])
    assert folder == place.outputs / "claims" / "2013-14-Q3" / "packs"
    assert {path.name for path in folder.iterdir()} == {"C1.pdf", "index.csv", "index.xlsx"}
    (row,) = pd.read_csv(folder / "index.csv", dtype=str).to_dict("records")
    data = (folder / "C1.pdf").read_bytes()
    assert (row["claim_id"], row["file"], row["sha256"]) == ("C2013-14-Q3-0001", "C1.pdf", sha256(data).hexdigest())
    last = log_of(place.outputs)[-1]
    assert (last["event"], last["what"], last["window"]) == ("packed_window", "C1", WINDOW)
    assert last["index_sha256"] == sha256((folder / "index.csv").read_bytes()).hexdigest()
    assert "Claim window 2013/14-Q3" in text_of(data)
    (folder / "stray.pdf").write_bytes(b"x")
    assert look("claims", "pack", "--window", WINDOW, "--outputs", place.outputs).code == 0
    assert {path.name for path in folder.iterdir()} == {"C1.pdf", "index.csv", "index.xlsx"}
    assert (folder / "C1.pdf").read_bytes() == data
    single = look("pack", "latest", "C1", "--outputs", place.outputs, "--json")
    assert Path(single.facts["files"][0]).read_bytes() == data


def test_two_processes_set_the_same_bytes_as_one(place: Washed, look: Command, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = place.outputs / "claims" / "2013-14-Q3" / "packs"
    found = []
    for few in (evidence_packs.FEW, 0):
        monkeypatch.setattr(evidence_packs, "FEW", few)
        assert look("claims", "pack", "--window", WINDOW, "--outputs", place.outputs).code == 0
        found.append({path.name: path.read_bytes() for path in folder.iterdir()})
    assert found[0] == found[1]


def test_a_window_without_a_prepared_claim_is_refused(place: Washed, look: Command) -> None:
    ran = look("claims", "pack", "--window", "2013/14-Q1", "--outputs", place.outputs)
    assert ran.code == 2
    assert "No claim has been prepared" in ran.err


def test_what_was_signed_sampled_and_spot_checked_stands_in_the_pack(place: Washed, look: Command) -> None:
    digest = json.loads((place.outputs / "claims" / "2013-14-Q3" / "claim.json").read_text())["digest"]
    claim = "C2013-14-Q3-0001"
    drawn = {"prepared": digest, "seed": "x", "claims": [claim], "sample": "0" * 64}
    append_events(
        place.outputs,
        [
            ("sampled", drawn),
            ("signed", {"prepared": digest, "role": "preparer", "name": "Pat Moss"}),
            (
                "spot_checked",
                {"claim_id": claim, "result": "invalid", "by": "Bo Field", "on": "2014-02-03", "reason": "amount"},
            ),
        ],
    )
    ran = look("pack", "latest", "C1", "--outputs", place.outputs, "--json")
    text = text_of(Path(ran.facts["files"][0]).read_bytes())
    for words in ("this claim is in the sample", "Pat Moss", "Bo Field", "result: invalid", "3 Feb 2014"):
        assert words in text
    assert "not signed by checker, auditor, approver" in text


def test_a_reference_that_is_no_file_name_is_one_that_tells_itself_apart() -> None:
    refs = pd.Series(["TF/1", "TF:1", "..", "TF1", "x" * 99, "con"], dtype=TEXT)
    ids = pd.Series(None, index=refs.index, dtype=TEXT)
    cases = pd.DataFrame({"family_ref": refs, "family_id": ids, "household_id": ids})
    names = name_subjects(cases)["name"].tolist()
    assert len(set(names)) == 6
    assert names[3] == "TF1"
    assert all(len(name) < 75 and "/" not in name and ":" not in name and not name.startswith(".") for name in names)
