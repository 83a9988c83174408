"""Laws of whole washes: in what rows come and where they are washed changes no family; a record more takes none away.

The short form, in `make test`, tries each law once, on few people. `make test-laws` tries every change on larger
boroughs, as many of them as `DATAWASH_LAWS` says, and tells how many washes that were.
"""

import os
import random
import subprocess
import sys
from pathlib import Path

import pandas as pd
import pytest

from pipeline.record.manifest import Manifest, read_manifest
from pipeline.replay import compare_runs
from tests.builders import Row
from tests.properties.whole_washes import World, dressed, facts_of, plain, seen, washed, world


MORE = int(os.environ.get("DATAWASH_LAWS", "1"))
SEEDS = range(1, MORE + 1)
RESIDENTS = 40 if MORE == 1 else 150
ELSEWHERE = (
    {"TZ": "Pacific/Kiritimati", "LC_ALL": "tr_TR.UTF-8", "PYTHONHASHSEED": "1", "THREADS": "1"},
    {"TZ": "America/St_Johns", "LC_ALL": "C", "PYTHONHASHSEED": "2", "THREADS": "3", "PYTHONUTF8": "0"},
    {"TZ": "Europe/London", "LC_ALL": "de_DE.UTF-8", "PYTHONHASHSEED": "3", "THREADS": "2"},
)
STRANGER = {
    "forename": "Zebedee", "surname": "Quillfeather", "date_of_birth": "1951-06-17", "sex": "M",
    "address": "97 Nowhere Court, Farthing", "postcode": "ZZ9 9ZZ",
}  # fmt: skip
UNRELATED: dict[str, Row] = {
    "asb": STRANGER | {"case_ref": "S1", "role": "victim", "kind": "incident", "event_date": "2013-03-11"},
    "local_indicators": STRANGER | {"indicator": "mental_health", "start_date": "2013-02-04"},
    "exclusions": STRANGER | {"date_of_birth": "2001-06-17", "category": "FIXD", "start_date": "2013-05-13"},
    "youth_offending": STRANGER | {"date_of_birth": "2001-06-17", "offence_date": "2013-04-20", "proven": "Y"},
    "referrals": STRANGER | {"referral_ref": "S9", "referred_on": "2013-02-04", "agency": "Police"},
}
EVENTS: dict[str, Row] = {
    "asb": {"case_ref": "L1", "role": "perpetrator", "kind": "contract", "event_date": "2013-03-11"},
    "local_indicators": {"indicator": "child_in_need", "start_date": "2013-02-04"},
    "exclusions": {"category": "FIXD", "start_date": "2013-05-13", "sessions": "4"},
    "youth_offending": {"offence_date": "2013-04-20", "outcome_date": "2013-05-21", "proven": "Y"},
    "referrals": {"referral_ref": "L9", "referred_on": "2013-02-04", "agency": "Police"},
}
FAMILIES = ("master_list", "undetermined", "families", "verdicts", "evidence", "members", "households", "dwp_request")
WHO = ("forename", "surname", "date_of_birth", "sex", "address", "postcode", "uprn", "upn")


@pytest.fixture(scope="module")
def first(tmp_path_factory: pytest.TempPathFactory):
    """`first(seed)`: the run of a borough, washed once."""
    place = tmp_path_factory.mktemp("first")
    done: dict[int, Path] = {}

    def of(seed: int) -> Path:
        if seed not in done:
            done[seed] = washed(plain(world(seed, RESIDENTS), place / f"extracts-{seed}"), place / f"outputs-{seed}")
        return done[seed]

    return of


def some(law: str, seed: int, among: list) -> list:
    """One of them in the short form, by lot; all of them in the long."""
    return among if MORE > 1 else [random.Random(f"{law}{seed}").choice(among)]


@pytest.mark.parametrize("seed", SEEDS)
def test_rows_columns_files_and_their_names_change_nothing(first, tmp_path: Path, seed: int) -> None:
    one = seen(first(seed))
    assert len(one["master_list"]) >= 2
    for lot in range(MORE):
        folder = dressed(world(seed, RESIDENTS), tmp_path / f"extracts-{lot}", 1000 * seed + lot)
        two = seen(washed(folder, tmp_path / f"outputs-{lot}"))
        assert list(one) == list(two)
        for name, table in one.items():
            pd.testing.assert_frame_equal(two[name], table, obj=name)


@pytest.mark.parametrize("seed", SEEDS)
def test_neither_locale_nor_time_zone_nor_hash_seed_nor_threads_change_a_byte(first, tmp_path: Path, seed: int) -> None:
    folder = plain(world(seed, RESIDENTS), tmp_path / "extracts")
    one = read_manifest(first(seed))
    for number, around in enumerate(some("elsewhere", seed, list(ELSEWHERE))):
        two = _washed_elsewhere(folder, tmp_path / f"outputs-{number}", around)
        assert two.run_id == one.run_id
        compared = compare_runs(one, two)
        assert compared.tables > 40
        assert {entry.file: entry.sha256 for entry in two.outputs} == {e.file: e.sha256 for e in one.outputs}


def _washed_elsewhere(folder: Path, outputs: Path, around: dict[str, str]) -> Manifest:
    command = [sys.executable, "-W", "ignore", "-m", "tests.properties.wash_elsewhere", str(folder), str(outputs)]
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("LC_", "LANG", "PYTHON"))}
    done = subprocess.run(command, env=kept | around, capture_output=True, text=True, timeout=300, check=False,
                          cwd=Path(__file__).parents[2])  # fmt: skip
    assert done.returncode == 0, done.stderr
    (run,) = outputs.glob("20*")
    return read_manifest(run)


@pytest.mark.parametrize("seed", SEEDS)
def test_an_unrelated_record_more_changes_no_other_family(first, tmp_path: Path, seed: int) -> None:
    before = seen(first(seed), ids=False)
    for extract in some("unrelated", seed, list(UNRELATED)):
        more = world(seed, RESIDENTS).extended(extract, UNRELATED[extract])
        after = seen(washed(plain(more, tmp_path / extract), tmp_path / f"{extract}-outputs"), ids=False)
        for name in FAMILIES:
            gone, come = _difference(before[name], after[name])
            assert gone.empty, f"{name}, after a record of {extract}: {gone.to_dict('records')}"
            assert len(come) <= 8, f"{name}, after a record of {extract}: {come.to_dict('records')}"
        assert len(after["master_list"]) == len(before["master_list"])
        own = extract in ("exclusions", "youth_offending")
        assert len(after["undetermined"]) <= len(before["undetermined"]) + own, "a child is a family of its own"


@pytest.mark.parametrize("seed", SEEDS)
def test_a_record_more_of_a_person_takes_no_evidence_away(first, tmp_path: Path, seed: int) -> None:
    """What a fact came to may change, and whose household it is; that it is there may not."""
    before = facts_of(first(seed))
    assert len(before) > 10
    for number in range(MORE):
        extract, row = _of_a_person(world(seed, RESIDENTS), random.Random(f"{seed} {number}"))
        more = world(seed, RESIDENTS).extended(extract, row)
        after = facts_of(washed(plain(more, tmp_path / f"{number}"), tmp_path / f"{number}-outputs"))
        assert before - after == set(), f"after a record of {extract}"


def _of_a_person(made: World, chance: random.Random) -> tuple[str, Row]:
    """One more event of somebody who is in the extracts already, written as one of their records has them."""
    people = [row for rows in made.tables.values() for row in rows if row.get("surname") and row.get("forename")]
    who = chance.choice(people)
    extract = chance.choice(list(EVENTS))
    return extract, {name: who[name] for name in WHO if name in who} | EVENTS[extract]


def _difference(one: pd.DataFrame, two: pd.DataFrame) -> tuple[pd.DataFrame, pd.DataFrame]:
    """The rows of either that the other has not, each counted."""
    columns = list(one)
    numbered = [table.assign(nth=table.groupby(columns).cumcount()) for table in (one, two)]
    both = numbered[0].merge(numbered[1], how="outer", indicator=True)
    return both[both["_merge"] == "left_only"], both[both["_merge"] == "right_only"]
