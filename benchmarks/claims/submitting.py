"""Claims made as a council makes them: by the commands, at the end of each quarter, signed by four people."""

from datetime import date
from pathlib import Path

from benchmarks.claims.door import datawash
from benchmarks.claims.months import Month
from pipeline.claims.register import read_register


SIGNERS = {"preparer": "P. Reparer", "checker": "C. Hecker", "auditor": "A. Uditor", "approver": "A. Pprover"}


def window_of(day: date) -> str:
    """The quarter of the financial year in which a day lies: `2013/14-Q3`."""
    first = day.year - (day.month < 4)
    return f"{first}/{(first + 1) % 100:02d}-Q{(day.month - 4) % 12 // 3 + 1}"


def claim_quarter(month: Month, outputs: Path) -> list[str]:
    """Prepare, sample, sign and submit what a wash at the end of a quarter found ready; the references claimed for."""
    if month.as_of.month % 3 or month.states.empty:
        return []
    return claim_window(window_of(month.as_of), outputs)


def claim_window(window: str, outputs: Path) -> list[str]:
    """Prepare, sample, sign and submit the claim of a window."""
    where = ("--window", window, "--outputs", str(outputs))
    datawash("claims", *where, "--json")
    before = claimed_refs(outputs)
    datawash("claims", "sample", *where, "--json")
    for role, name in SIGNERS.items():
        datawash("claims", "sign", *where, "--role", role, "--name", name, "--json")
    datawash("claims", "submit", *where, "--json")
    return [ref for ref in claimed_refs(outputs) if ref not in before]


def claimed_refs(outputs: Path) -> list[str]:
    """The references of the register, in its order."""
    return [str(entry["family_ref"]) for entry in read_register(outputs) if entry["event"] == "claimed"]
