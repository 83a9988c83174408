"""Whether a framework holds together once the council's part is in it; says what does not, and what to do."""

from criteria.framework import Framework
from criteria.settings import PlanMeasure
from criteria.signs import measures_with_signs, signs_of
from schemas.errors import SettingsError
from schemas.nearest import suggest
from schemas.words import Criterion


def check_criteria(rules: Framework) -> None:
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


def check_plan(rules: Framework) -> None:
    """Refuse an outcomes plan with a measure of no problem, two of one sign, none of another, or one that cannot be."""
    if rules.own_measures and not rules.outcomes_plan:
        raise SettingsError(f"criteria.outcomes_plan: the framework {rules.name} has no outcomes plan: take them out")
    counted = [str(name) for name in rules.national.criteria.value]
    strange = next((one.problem for one in rules.own_measures if one.problem not in counted), None)
    if strange:
        raise SettingsError(f"criteria.outcomes_plan: {strange!r} is not a problem{suggest(strange, counted)}")
    for problem in rules.national.criteria.value if rules.outcomes_plan else ():
        _check_measures(problem, rules)


def _check_measures(problem: Criterion, rules: Framework) -> None:
    known, place = signs_of(problem, rules), f"criteria.outcomes_plan: {problem}"
    measures = rules.measures_of(problem)
    named = [sign for one in measures for sign in one.indicators]
    for sign in named:
        if sign not in known:
            raise SettingsError(f"{place}: {sign!r} is not a sign of it{suggest(sign, list(known))}")
        if named.count(sign) > 1:
            raise SettingsError(f"{place}: {sign!r} is in two measures; name it in one")
    if sum(not one.indicators for one in measures) > 1:
        raise SettingsError(f"{place}: two measures name no indicators; one alone may stand for all the rest")
    unmeasured = [sign for sign in known if sign not in named]
    if unmeasured and all(one.indicators for one in measures):
        raise SettingsError(
            f"{place}: nothing measures {', '.join(unmeasured)}: add a measure that names no indicators")
    for asked in measures_with_signs(problem, rules):
        _check_kind(asked.measure, asked.signs, known, place)


def _check_kind(measure: PlanMeasure, signs: tuple[str, ...], known: dict[str, str | None], place: str) -> None:
    """A sign that only one kind can measure must have that kind; and that kind is for such signs alone."""
    for sign in signs:
        only = known[sign]
        if only and measure.kind != only:
            raise SettingsError(f"{place}: {sign!r} is measured by {only!r}, and not by {measure.kind!r}: give it a "
                                "measure of its own")
    if measure.kind in ONLY and measure.kind not in (known[sign] for sign in signs):
        raise SettingsError(f"{place}: {measure.kind!r} measures none of its signs: {', '.join(signs)}")


ONLY = ("attendance", "employment")
