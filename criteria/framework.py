"""The programme's rules as data: a framework's file with the council's own laid on it, checked as a whole."""

from collections.abc import Mapping
from typing import Any

from pydantic import Field, ValidationError

from criteria.figures import (
    Calendar,
    Claims,
    CrimeAsb,
    Dwp,
    Education,
    Figure,
    Funding,
    Local,
    National,
    Results,
    Work,
)
from criteria.packaged import read_packaged
from criteria.reporting_figures import Audit, Costs, Disclosure, Forecast, Monitoring
from criteria.settings import (
    Allocation,
    CriteriaSettings,
    Frozen,
    LocalCriterion,
    Measure,
    Overlay,
    OwnMeasure,
    Panel,
    ProblemIndicator,
    TermDates,
    Weights,
)
from schemas.errors import SettingsError
from schemas.nearest import suggest
from schemas.words import Criterion


class Change(Frozen):
    """A figure that the council's settings changed."""

    key: str
    published: Any
    used: Any
    reason: str


class Framework(Frozen):
    """The rules of one wash: the programme's figures with the council's changes, and the council's own part."""

    name: str
    version: str = Field(min_length=1)
    title: str
    national: National
    crime_asb: CrimeAsb
    education: Education
    work: Work
    dwp: Dwp
    local: Local
    calendar: Calendar
    funding: Funding
    results: Results
    claims: Claims
    costs: Costs
    forecast: Forecast
    monitoring: Monitoring
    disclosure: Disclosure
    audit: Audit
    problems: dict[Criterion, Figure[tuple[LocalCriterion, ...]]] = Field(default_factory=dict)
    outcomes_plan: dict[Criterion, Figure[tuple[Measure, ...]]] = Field(default_factory=dict)
    terms: tuple[TermDates, ...] = ()
    local_criteria: tuple[LocalCriterion, ...] = ()
    problem_indicators: tuple[ProblemIndicator, ...] = ()
    own_measures: tuple[OwnMeasure, ...] = ()
    priority: Weights = Weights()
    panel_size: int = 20
    panel: Panel = Panel()
    allocation: Allocation = Allocation()
    changes: tuple[Change, ...] = ()

    @property
    def rate_table(self) -> str:
        """The name of the table of rates in use: the framework's, its version, and whether the council changed it."""
        changed = any(change.key.split(".")[0] in ("funding", "claims") for change in self.changes)
        return f"{self.name} {self.version}" + (", as changed by the council" if changed else "")

    @property
    def known_indicators(self) -> list[str]:
        """Every indicator that some criterion rests on, of the framework or of the council."""
        listed = [*self.local_criteria, *(one for name in Criterion for one in self.indicators_of(name))]
        return sorted({indicator for one in listed for indicator in one.met_by})

    def measures_of(self, problem: Criterion) -> tuple[Measure, ...]:
        """How the outcomes plan measures progress against a problem: the council's own, else the framework's."""
        own = tuple(one for one in self.own_measures if one.problem == problem)
        return own or (self.outcomes_plan[problem].value if problem in self.outcomes_plan else ())

    def indicators_of(self, problem: Criterion) -> tuple[LocalCriterion, ...]:
        """What the extract of local indicators may say that meets a national criterion, the council's own last."""
        packaged = self.problems[problem].value if problem in self.problems else ()
        return packaged + tuple(one for one in self.problem_indicators if one.problem == problem)


def load_framework(settings: CriteriaSettings | None = None) -> Framework:
    """The packaged framework that the settings name, with their overlays laid on it.

    Raises SettingsError for a framework, a dotted key or a problem that does not exist, for a value of the wrong kind,
    and for an indicator that would make two problems of one fact.
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
    _check_criteria(rules)
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


def _check_criteria(rules: Framework) -> None:
    """Refuse criteria that nothing could decide, and an indicator that would make two problems of one fact."""
    counted = [str(name) for name in rules.national.criteria.value]
    asked_first = [name for name in counted if name != Criterion.WORK]
    for key, names, known in (
        ("overlays: national.criteria", counted, [str(name) for name in Criterion if name != Criterion.LOCAL]),
        ("overlays: dwp.asked_when_met", rules.dwp.asked_when_met.value, asked_first),
        ("problem_indicators", [one.problem for one in rules.problem_indicators], counted),
    ):
        strange = next((str(name) for name in names if name not in known), None)
        if strange:
            raise SettingsError(f"criteria.{key}: {strange!r} cannot be named there{suggest(strange, known)}")
    _check_indicators(rules)


def _check_indicators(rules: Framework) -> None:
    places: dict[str, str] = {}
    for name in rules.national.criteria.value:
        for one in rules.indicators_of(name):
            for indicator in one.met_by:
                place = f"{name}.{one.code}"
                if places.setdefault(indicator, place) != place:
                    raise SettingsError(
                        f"criteria.problem_indicators: {indicator!r} is listed for {places[indicator]} and for "
                        f"{place}, and one fact would count twice. List it once, or lay a list of your own over the "
                        f"framework's: [criteria.overlays.\"problems.{name}\"]")


def _first_problem(error: ValidationError) -> str:
    first = error.errors(include_url=False, include_input=False)[0]
    key = ".".join(str(part) for part in first["loc"] if part != "value")
    return f"criteria.overlays: {key}: {first['msg']}"
