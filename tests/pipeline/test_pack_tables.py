"""What a pack says where the run, or the register, does not have all that it could be made of."""

from pathlib import Path

import pytest

from pipeline.evidence_pack import make_pack
from pipeline.pack_claims import prepared_from
from reports.packs.shape import Item, Pack
from schemas.errors import UsageError
from tests.upgrade.kept import FIRST, SECOND, kept_outputs


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Pack:
    """The pack of a case, of a run that has everything."""
    return make_pack(kept_outputs(tmp_path_factory.mktemp("whole")) / SECOND, "C1")


@pytest.fixture
def outputs(tmp_path: Path) -> Path:
    """Two runs and a claim that was prepared from the first of them, to be changed."""
    return kept_outputs(tmp_path)


def items(pack: Pack) -> dict[str, Item]:
    return {item.number: item for item in pack.items}


@pytest.mark.parametrize(("gone", "number", "then", "now"), [
    ("clean/caseload", "6", "Rows of the caseload", "The rows of the caseload behind this are not in this run."),
    ("clean/dwp_benefits", "5", "answers in this run say nothing", "the extract dwp_benefits was not given"),
    ("tables/decisions", "14", "Nobody decided anything", "This run keeps no decisions."),
    ("tables/case_members", "2", "Who belongs to the case, and by what", "Members on 28 August 2012"),
])
def test_what_a_run_does_not_have_is_said_in_its_item_and_changes_no_other(
    whole: Pack, outputs: Path, gone: str, number: str, then: str, now: str
) -> None:
    (outputs / SECOND / f"{gone}.parquet").unlink()
    before, after = items(whole), items(make_pack(outputs / SECOND, "C1"))
    assert {name for name in before if before[name] != after[name]} == {number}
    assert then in str(before[number])
    assert then not in str(after[number])
    assert now in str(after[number])


def test_a_run_that_knew_no_cases_has_packs_of_its_families(outputs: Path) -> None:
    (outputs / SECOND / "tables/cases.parquet").unlink()
    with pytest.raises(UsageError, match="has no family or case of that name"):
        make_pack(outputs / SECOND, "C1")
    pack = make_pack(outputs / SECOND, "f0000002")
    assert "This run prepared no claim for this family." in str(items(pack)["1"])
    assert "Kim Ashdown" in str(items(pack)["2"])
    assert items(make_pack(outputs / SECOND, "h0000002")) == items(pack)


def test_a_prepared_claim_that_is_gone_is_in_no_pack(outputs: Path) -> None:
    assert "Claim window 2013/14-Q3." in make_pack(outputs / FIRST, "C1").subtitle
    (outputs / "claims/2013-14-Q3/claim.json").unlink()
    assert prepared_from(outputs / FIRST) is None
    pack = make_pack(outputs / FIRST, "C1")
    assert "Claim window" not in pack.subtitle
    assert "none prepared from this run" in str(items(pack)["1"])
