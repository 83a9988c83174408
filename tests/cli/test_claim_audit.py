"""`datawash claims sample, sign, spot-check, correct, answers`: what an auditor does, by the real command."""

from pathlib import Path

import pandas as pd
import pytest
from openpyxl import load_workbook

from pipeline.claims.register import read_register
from tests.builders import KIM, PATRICK, SANDRA, claimant
from tests.claiming import AS_OF, WINDOW, claiming_folder
from tests.cli.conftest import Command, Ran, Washed, run_command


SIGNERS = {"preparer": "Pat Moss", "checker": "Chris Dale", "auditor": "Audrey Lane", "approver": "Bo Field"}
CLAIM = "C2013-14-Q3-0001"


@pytest.fixture
def place(claiming: Washed, look: Command) -> Washed:
    """The claiming families with their claim prepared."""
    assert look("claims", "--window", WINDOW, "--outputs", claiming.outputs).code == 0
    return claiming


@pytest.fixture
def sign(place: Washed, look: Command):  # type: ignore[no-untyped-def]
    def signed(role: str, name: str | None = None) -> Ran:
        return look("claims", "sign", "--window", WINDOW, "--role", role, "--name", name or SIGNERS[role],
                    "--outputs", place.outputs, "--json")

    return signed


@pytest.fixture
def made(place: Washed, look: Command, sign) -> Washed:  # type: ignore[no-untyped-def]
    """The claim sampled, signed by everyone, and made."""
    look("claims", "sample", "--window", WINDOW, "--outputs", place.outputs)
    assert [sign(role).code for role in SIGNERS] == [0] * 4
    assert look("claims", "submit", "--window", WINDOW, "--outputs", place.outputs).code == 0
    return place


def test_four_people_sign_in_order_once_a_sample_was_drawn_and_the_claim_is_made(place: Washed, sign) -> None:  # type: ignore[no-untyped-def]
    def ran(*arguments: str) -> Ran:
        return run_command("claims", *arguments, "--window", WINDOW, "--outputs", place.outputs)

    said = ran("sample")
    assert said.code == 0, said.err
    assert "1 claim of 1 are to be looked at" in said.out
    assert [sign(role).code for role in ("preparer", "checker", "auditor")] == [0] * 3
    stands = ran("sign", "--role", "approver", "--name", SIGNERS["approver"])
    assert "Everybody has signed: it can be made." in stands.out
    assert "Signatures were made from one login" in stands.out
    assert ran("submit").code == 0
    entries = read_register(place.outputs)
    signed = [entry for entry in entries if entry["event"] == "signed"]
    assert [(entry["role"], entry["name"]) for entry in signed] == list(SIGNERS.items())
    (sampled,) = [entry for entry in entries if entry["event"] == "sampled"]
    assert [entry.get("sample") for entry in signed] == [None, None, sampled["sample"], None]


@pytest.mark.parametrize(("before", "role", "name", "told"), [
    ([], "checker", "Chris Dale", "is next signed by its preparer"),
    (["preparer"], "preparer", "Sam Hill", "is signed by its preparer already"),
    (["preparer"], "checker", "pat  MOSS", "has signed the claim of 2013/14-Q3 as its preparer. Nobody signs it twice"),
    (["preparer", "checker"], "auditor", "Audrey Lane", "No sample has been drawn"),
    (["preparer"], "approver", "Bo Field", "is next signed by its checker"),
    ([], "preparer", "  ", "A signature needs a name"),
])
def test_nobody_signs_twice_nor_out_of_turn(place: Washed, sign, before, role, name, told) -> None:  # type: ignore[no-untyped-def]
    for earlier in before:
        sign(earlier)
    refused = sign(role, name)
    assert refused.code == 2
    assert told in refused.err
    assert [entry["role"] for entry in read_register(place.outputs) if entry["event"] == "signed"] == before


def test_a_signature_without_its_half_is_refused(place: Washed, look: Command) -> None:
    half = look("claims", "sign", "--window", WINDOW, "--role", "preparer", "--outputs", place.outputs)
    assert half.code == 2
    assert "needs both --role and --name" in half.err


def test_a_claim_that_changed_is_signed_anew_and_says_whose_signature_is_void(
    place: Washed, look: Command, sign, tmp_path: Path  # type: ignore[no-untyped-def]
) -> None:
    look("claims", "sample", "--window", WINDOW, "--outputs", place.outputs)
    for role in ("preparer", "checker", "auditor"):
        sign(role)
    run = _wash_with_carers_allowance(place.outputs, look, tmp_path / "again")
    prepared = look("claims", "--window", WINDOW, "--run", run, "--outputs", place.outputs)
    assert prepared.code == 0, prepared.err
    stands = look("claims", "sign", "--window", WINDOW, "--outputs", place.outputs, "--json").facts
    assert stands["missing"] == list(SIGNERS)
    assert [one["name"] for one in stands["voided"]] == ["Pat Moss", "Chris Dale", "Audrey Lane"]
    told = look("claims", "sign", "--window", WINDOW, "--outputs", place.outputs).out
    assert "No longer holds: Chris Dale as checker" in told
    assert look("claims", "submit", "--window", WINDOW, "--outputs", place.outputs).code == 2
    ran = look("claims", "answers", "--run", run, "--outputs", place.outputs, "--json")
    answered = {one["asked"]: one["answer"] for one in ran.facts["answers"]}
    assert answered["Families ready to be claimed for"] == answered["of these, on Carer's Allowance alone"] == 1
    assert sign("preparer").code == 0
    second = sign("checker")
    assert second.code == 2, "these settings let no login sign twice"
    assert "the settings let no login sign twice" in second.err


def _wash_with_carers_allowance(outputs: Path, look: Command, folder: Path) -> str:
    """The run of the same families on Carer's Allowance alone, with settings that look at logins too."""
    on_ca = {"as_at": "2012-08-20", "start_date": "2012-01-09", "benefit": "CA"}
    extracts = claiming_folder(folder, dwp_benefits=[claimant(adult, **on_ca) for adult in (SANDRA, PATRICK)])
    overlay = '[criteria.overlays."audit.signed_by"]\nvalue = "name_and_login"\nreason = "audit asks for it"\n'
    (extracts / "wash.toml").write_text(overlay, encoding="utf-8")
    ran = look("wash", extracts, "--as-of", AS_OF, "--previous", "none", "--outputs", outputs, "--plain", "--json")
    assert ran.code == 0, ran.err
    return ran.facts["run"]


def test_a_sample_is_a_form_that_is_the_same_again_and_every_draw_is_recorded(place: Washed, look: Command) -> None:
    window = ("--window", WINDOW, "--outputs", place.outputs)
    once = look("claims", "sample", *window, "--seed", "443", "--json").facts
    path = Path(once["file"])
    first = path.read_bytes()
    again = look("claims", "sample", *window, "--seed", "443", "--json").facts
    assert (again["sample"], again["draws"]) == (once["sample"], 1)
    assert path.read_bytes() == first
    other = look("claims", "sample", *window, "--seed", "444", "--json").facts
    assert (other["seed"], other["draws"]) == ("444", 2)
    sheet = load_workbook(path)["Sample"]
    head = [cell.value for cell in sheet[1]]
    assert head[-4:] == ["Found", "Looked at by", "Looked at on", "Remark"]
    assert sheet.data_validations.dataValidation[0].formula1 == '"valid,invalid"'
    text = path.with_suffix(".csv").read_text(encoding="utf-8-sig")
    assert CLAIM in text
    assert not any(name in text for name in (KIM.forename, KIM.surname, KIM.home.postcode))


def test_a_spot_check_and_its_correction_are_recorded_and_the_next_wash_reads_them(made: Washed, look: Command) -> None:
    at = ("--outputs", made.outputs)
    checked = look("claims", "spot-check", CLAIM, "--result", "invalid", "--reason", "evidence_missing", "--by", "DCLG",
                   "--on", "2014-02-01", *at)
    assert checked.code == 0, checked.err
    assert f"{CLAIM} was found invalid (evidence missing) on 2014-02-01." in checked.out
    open_still = _answers(look, made)
    assert open_still["of these, neither withdrawn nor corrected yet"]["answer"] == 1
    lowered = look("claims", "correct", CLAIM, "--amount", "600", "--reason", "amount", "--by", "C. Dale", *at)
    assert "which was for £700, is now for £600" in lowered.out
    gone = look("claims", "correct", CLAIM, "--withdraw", "--reason", "evidence_missing", "--by", "C. Dale", *at)
    assert gone.code == 0, gone.err
    answered = _answers(look, made)
    assert {name: answered[name]["answer"] for name in (
        "Claims made", "of these, withdrawn since", "Claims that stand", "Pounds of the claims that stand",
        "Claims checked at a spot check", "of these, invalid", "of these, neither withdrawn nor corrected yet",
    )} == dict(zip(answered_names(), (1, 1, 0, 0, 1, 1, 0), strict=True))
    invalid = answered["of these, invalid"]
    assert (invalid["of"], invalid["percent"]) == (1, 100.0)
    assert "2 to 3.1% in earlier rounds, 10% in the round of early 2015" in invalid["beside"]
    washed = look("wash", made.extracts, "--as-of", AS_OF, "--outputs", made.outputs, "--plain", "--json")
    states = pd.read_parquet(made.outputs / washed.facts["run"] / "tables" / "claims.parquet").set_index("family_ref")
    assert states.loc["C1", "status"] == "ready", "withdrawn is not claimed"
    look("claims", "--window", WINDOW, *at)
    drawn = look("claims", "sample", "--window", WINDOW, *at, "--json").facts["claims"]
    assert "an earlier claim for the family was withdrawn" in drawn[0]["reasons"]


def answered_names() -> tuple[str, ...]:
    return ("Claims made", "of these, withdrawn since", "Claims that stand", "Pounds of the claims that stand",
            "Claims checked at a spot check", "of these, invalid", "of these, neither withdrawn nor corrected yet")


def _answers(look: Command, place: Washed) -> dict[str, dict]:
    ran = look("claims", "answers", "--run", place.run.name, "--outputs", place.outputs, "--json")
    assert ran.code == 0, ran.err
    return {one["asked"]: one for one in ran.facts["answers"]}


@pytest.mark.parametrize(("arguments", "told"), [
    (["spot-check", "C2013-14-Q3-0007", "--result", "valid", "--on", "2014-02-01"], f"Did you mean {CLAIM}?"),
    (["spot-check", CLAIM, "--result", "invalid", "--on", "2014-02-01"], "Give --reason, one of: eligibility"),
    (["correct", CLAIM, "--reason", "amount"], "Give either --withdraw or --amount"),
    (["correct", CLAIM, "--withdraw", "--amount", "5", "--reason", "amount"], "Give either --withdraw or --amount"),
    (["correct", CLAIM, "--withdraw"], "Give --reason"),
    (["correct", CLAIM, "--amount", "700", "--reason", "amount"], "is for £700 already"),
    (["correct", CLAIM, "--amount", "801", "--reason", "amount"], "is paid £800 at most"),
])
def test_what_cannot_be_recorded_is_answered_with_what_to_do(made: Washed, look: Command, arguments, told) -> None:  # type: ignore[no-untyped-def]
    before = read_register(made.outputs)
    ran = look("claims", *arguments, "--by", "C. Dale", "--outputs", made.outputs)
    assert ran.code == 2
    assert told in ran.err
    assert read_register(made.outputs) == before


def test_a_claim_is_withdrawn_once(made: Washed, look: Command) -> None:
    again = [look("claims", "correct", CLAIM, "--withdraw", "--reason", "other", "--by", "C. Dale", "--outputs",
                  made.outputs) for _ in range(2)]
    assert [ran.code for ran in again] == [0, 2]
    assert "was withdrawn before" in again[1].err


def test_answers_name_nobody_and_hold_their_queries(made: Washed, look: Command) -> None:
    said = look("claims", "answers", "--window", WINDOW, "--outputs", made.outputs)
    assert said.code == 0, said.err
    table = pd.read_csv(made.outputs / "claims" / "answers-2013-14-Q3.csv")
    assert table["query"].str.startswith("SELECT count(*)").sum() > 15
    text = table.to_csv()
    assert not any(word in text for word in ("C1", "F0000", "P0000", KIM.surname))
    other = look("claims", "answers", "--window", "2014/15-Q1", "--outputs", made.outputs, "--json").facts["answers"]
    assert other[0]["answer"] == 0
