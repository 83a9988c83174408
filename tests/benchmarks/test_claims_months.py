"""Six washes over eighteen months, with their claims: what is called ready is right, nothing planted gets through."""

from datetime import date
from pathlib import Path

import pytest

from benchmarks.claims import figures, page
from benchmarks.claims.cases import PLANTS
from benchmarks.claims.judged import REASONS_OF
from benchmarks.claims.months import Month, Plan
from benchmarks.claims.submitting import claim_window, claimed_refs, window_of


DAYS = tuple(
    date.fromisoformat(day)
    for day in ("2012-07-31", "2012-08-31", "2012-11-30", "2013-03-31", "2013-08-31", "2013-12-31")
)
PLAN = Plan(1800, DAYS, places=9, plants=3, allocation=8, lift=1.6)


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("months")


@pytest.fixture(scope="module")
def found(place: Path) -> figures.Figures:
    return figures.measure(PLAN, place, claim_what_is_ready)


def claim_what_is_ready(month: Month, outputs: Path) -> list[str]:
    """Claims in every window in which a wash found something ready."""
    found = not month.states.empty and (month.states["status"] == "ready").any()
    return claim_window(window_of(month.as_of), outputs) if found else []


def test_every_claim_called_ready_is_right(found: figures.Figures) -> None:
    assert found["ready"] >= 3
    assert found["right"] == found["ready"]


def test_no_planted_claim_gets_through(found: figures.Figures) -> None:
    assert {kind: through for kind, (_, _, through) in found["planted"].items() if through} == {}


def test_most_kinds_of_wrong_claim_are_put_to_the_test(found: figures.Figures) -> None:
    assert set(found["planted"]) == set(PLANTS) == {*REASONS_OF, "over_allocation"} == set(page.WORDS)
    tried = {kind for kind, (_, tried, _) in found["planted"].items() if tried}
    assert len(tried) >= 10
    assert {"double_reference", "split_household", "no_evidence", "retrospective", "over_allocation"} <= tried


def test_no_id_of_an_unchanged_family_changes(found: figures.Figures) -> None:
    assert found["ids"]["held"] > 500
    assert found["ids"]["changed"] == found["ids"]["changed_first_to_last"] == 0


def test_claims_go_through_the_register_and_stop_at_the_allocation(found: figures.Figures, place: Path) -> None:
    refs = claimed_refs(place / "outputs")
    assert len(refs) == len(set(refs)) == found["claimed"] <= PLAN.allocation * 5 // 6


def test_the_page_tells_the_figures(found: figures.Figures, tmp_path: Path) -> None:
    figures.keep(found, date(2013, 12, 31), tmp_path / "figures.json")
    written = page.render(figures.read(tmp_path / "figures.json"))
    assert f"{found['right']} of {found['ready']}" in written
    assert "| one household made two cases |" in written
    assert "held" in figures.summary(found)
