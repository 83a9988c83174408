"""The points for severity that the guide shows are those of the settings."""

from criteria.settings import Weights
from tests.docs.guides import DOCS, tables_after


def test_the_points_for_severity_are_those_of_the_settings() -> None:
    (shown,) = tables_after(DOCS / "referrals-and-panel.md", "severity")
    said = {kind.strip("`"): int(points) for points, kinds in shown for kind in kinds.split(", ")}
    assert said == Weights().severity
    assert Weights().severity_otherwise == 1
