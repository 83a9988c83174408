"""What the long form of the laws tells at its end: how many washes were held against each other."""

import os

import pytest

from tests.properties import whole_washes


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, exitstatus: int) -> None:
    """One closing line, where `make test-laws` asked for the long form."""
    if "DATAWASH_LAWS" in os.environ:
        failed = len(terminalreporter.stats.get("failed", [])) + len(terminalreporter.stats.get("error", []))
        terminalreporter.write_line(
            f"test-laws: {os.environ['DATAWASH_LAWS']} boroughs, {whole_washes.made()} washes held against each other, "
            f"{len(terminalreporter.stats.get('passed', []))} laws tried, failures: {failed or 'none'}"
        )
