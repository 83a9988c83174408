"""A framework's file with the council's own laid on it: every key that is not understood is named, with the nearest."""

from collections.abc import Mapping
from typing import Any

from pydantic import ValidationError

from criteria.framework import Change, Framework
from criteria.packaged import read_packaged
from criteria.settings import CriteriaSettings, Overlay
from criteria.whole import check_criteria, check_plan
from schemas.errors import SettingsError
from schemas.nearest import suggest


def load_framework(settings: CriteriaSettings | None = None) -> Framework:
    """The packaged framework that the settings name, with their overlays laid on it.

    Raises SettingsError for a framework, a dotted key or a problem that does not exist, for a value of the wrong kind,
    for an indicator that would make two problems of one fact, and for an outcomes plan that leaves one unmeasured.
    """
    settings = settings or CriteriaSettings()
    published = read_packaged(settings.framework)
    figures = _figures(published)
    for figure in figures.values():
        figure.setdefault("value", None)
    changes = tuple(_change(figures, key, overlay) for key, overlay in sorted(settings.overlays.items()))
    council = {name: getattr(settings, name) for name in _COUNCIL_S} | {
        "own_measures": settings.outcomes_plan, "changes": changes}
    if settings.local_criteria is None:
        council["local_criteria"] = figures["local.usual"]["value"]
    try:
        rules = Framework.model_validate({**published, **council})
    except ValidationError as error:
        raise SettingsError(_first_problem(error)) from None
    check_criteria(rules)
    check_plan(rules)
    return rules


_COUNCIL_S = ("terms", "local_criteria", "problem_indicators", "priority", "panel_size", "panel", "allocation")


def _figures(published: Mapping[str, Any]) -> dict[str, dict[str, Any]]:
    return {f"{section}.{name}": figure for section, held in published.items() if isinstance(held, dict)
            for name, figure in held.items() if isinstance(figure, dict)}


def _change(figures: dict[str, dict[str, Any]], key: str, overlay: Overlay) -> Change:
    if key not in figures:
        raise SettingsError(f"criteria.overlays: the framework has no figure {key!r}{suggest(key, list(figures))}")
    figure = figures[key]
    change = Change(key=key, published=figure["value"], used=overlay.value, reason=overlay.reason)
    figure.update(value=overlay.value, changed_because=overlay.reason)
    return change


def _first_problem(error: ValidationError) -> str:
    first = error.errors(include_url=False, include_input=False)[0]
    key = ".".join(str(part) for part in first["loc"] if part != "value")
    return f"criteria.overlays: {key}: {first['msg']}"
