"""The profile of the programme's families as a release: what may be shown, beside all that was shown before."""

from collections.abc import Iterable
from pathlib import Path
from typing import NamedTuple

import pandas as pd

from criteria import Framework, load_framework
from criteria.disclosure import Cell, Rules, Shown, show
from criteria.profile import Homes, count_families, profile_table, with_entry
from criteria.shares import assumptions
from pipeline.config import Settings
from pipeline.published import cover_of, settings_of, table_of
from pipeline.record.audit_log import record_event
from pipeline.record.files import private_folder, sha256_of
from pipeline.record.manifest import Manifest, read_manifest
from pipeline.release_gate import pass_gate
from pipeline.releases import RELEASED, Release, cells_of, only_release, read_releases, record_release, shown_of
from reports.management import write_profile
from schemas.errors import IntegrityError


PROGRAMME, ELIGIBLE = "programme", "eligible"
TITLES = {PROGRAMME: "Families on the programme", ELIGIBLE: "Eligible families"}
RESTS_ON = ("disclosure", "monitoring")


class Profiled(NamedTuple):
    """Where a release stands, its table, and whether it had been made before."""

    folder: Path
    table: pd.DataFrame
    again: bool


class Asked(NamedTuple):
    """A profile that is asked for: of which run and families, by which rules."""

    run: Path
    manifest: Manifest
    settings: Settings
    rules: Framework
    of: str

    @property
    def limits(self) -> Rules:
        """The rules of disclosure."""
        held = self.rules.disclosure
        return Rules(held.threshold.value, held.round_to.value)


def profile_run(
    run: Path, *, of: str = PROGRAMME, before: Iterable[Path] = (), settings: Path | None = None,
    who: str | None = None,
) -> Profiled:
    """Release the profile of the published `run`, below `releases/`, and return it; once released, it stays as it is.

    `of`: the families on the caseload, or those on the master list. `before`: runs whose profile readers have from
    elsewhere. The release is held against each of these and against every earlier one of the same families, or of the
    same day. `settings`: a file to use in place of those of the run. `who`: the person who releases it.
    """
    asked = _asked(run, of, settings)
    with only_release(run.parent) as folder:
        releases = read_releases(run.parent)
        done = [one for one in releases if _is_same(one, asked)]
        if done:
            place = folder / done[-1]["name"]
            return Profiled(place, profile_table(shown_of(done[-1]), asked.rules), again=True)
        earlier = [shown_of(one) for one in releases if one["of"] == of or one["as_of"] == str(asked.manifest.as_of)]
        for other in before:
            earlier.append(_shown(_asked(other, of, settings), earlier))
        return _release(asked, _shown(asked, earlier), folder / _name(asked, len(releases) + 1), who)


def _asked(run: Path, of: str, settings: Path | None) -> Asked:
    manifest = read_manifest(run)
    used = settings_of(run, manifest, settings)
    return Asked(run, manifest, used, load_framework(used.criteria), of)


def _is_same(release: Release, asked: Asked) -> bool:
    wanted = (asked.manifest.run_id, asked.of, *asked.limits)
    return (release["run_id"], release["of"], release["threshold"], release["round_to"]) == wanted


def _shown(asked: Asked, earlier: Iterable[Shown]) -> Shown:
    return show(true_counts(asked.run, asked.rules, asked.of), earlier, asked.limits)


def true_counts(run: Path, rules: Framework, of: str) -> dict[Cell, int]:
    """How many families there are at each level of each measure: not for showing."""
    homes = Homes(
        table_of(run, "members", ["household_id", "role", "age"]),
        table_of(run, "verdicts", ["household_id", "criterion", "verdict"]),
        table_of(run, "evidence", ["household_id", "criterion", "indicator", "met"]),
    )
    if of == ELIGIBLE:
        return count_families(table_of(run, "master_list", ["household_id"])["household_id"], homes, rules)
    cases, entry = table_of(run, "cases"), table_of(run, "snapshot_evidence")
    return count_families(cases["household_id"], with_entry(homes, cases, entry), rules)


def _release(asked: Asked, shown: Shown, place: Path, who: str | None) -> Profiled:
    table = profile_table(shown, asked.rules)
    rests_on = assumptions(asked.rules, RESTS_ON)
    private_folder(place)
    _, refused = pass_gate(place, {"profile": table, "assumptions": rests_on}, asked.rules)
    if refused:
        raise IntegrityError(f"The profile was not released: {' '.join(refused)} Please report this.")
    write_profile(place, cover_of(f"Profile: {TITLES[asked.of]}", asked.manifest, asked.settings, notes_of(shown)),
                  table, rests_on)
    files = {path.name: sha256_of(path) for path in sorted(place.iterdir())}
    outputs, run_id = asked.run.parent, asked.manifest.run_id
    record_release(outputs, {
        "name": place.name, "what": "profile", "of": asked.of, "run_id": run_id, "as_of": str(asked.manifest.as_of),
        **asked.limits._asdict(), "cells": cells_of(shown), "files": files,
    }, who)
    record_event(outputs, RELEASED, run_id, who=who, of=asked.of, release=int(place.name.split("-")[0]))
    return Profiled(place, table, again=False)


def _name(asked: Asked, number: int) -> str:
    return f"{number:04d}-profile-{asked.of}-{asked.run.name}"


def notes_of(shown: Shown) -> tuple[str, ...]:
    """What a reader of a release must know."""
    threshold, step = shown.rules
    return (
        f"A count from 1 to {threshold - 1} is not shown; others are rounded to the nearest {step}.",
        "More is left out where a count could be worked out from the others, or where its difference from an earlier "
        f"release would tell that fewer than {threshold} families came or went. Which of these it is, is not said.",
        "Shares and means are worked out of the rounded counts.",
    )
