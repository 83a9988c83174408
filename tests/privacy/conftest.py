"""What the long form (`make test-privacy`) says at its end: how many damaged files were tried."""

import os

import pytest


TRIED = "damaged files tried"


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Say how much was tried."""
    reports = [report for kind in ("passed", "failed") for report in terminalreporter.getreports(kind)]
    tried = sum(value for report in reports for name, value in report.user_properties if name == TRIED)
    failed = sum(report.failed for report in reports if "tests/privacy" in report.nodeid)
    if tried and os.environ.get("DATAWASH_FUZZ") == "all":
        terminalreporter.write_line(f"{TRIED}: {tried:,}; failures: {failed or 'none'}")
