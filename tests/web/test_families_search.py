"""A family is found by an id, a postcode or a name; what was searched for is kept for who did, and no longer."""

import sqlite3
from contextlib import closing
from pathlib import Path
from types import SimpleNamespace

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from web.families import searches
from web.families.search import Found, find


FAMILIES = {"F0000001": ("H0000011", "ZB1 4QX"), "F0000002": ("H0000012", "ZB12 1AB"), "F0000003": ("H0000013", None)}
PEOPLE = {
    "P0000021": ("H0000011", "Una", "O'Brien"),
    "P0000022": ("H0000011", "José María", "Núñez-Ørsted"),
    "P0000023": ("H0000012", None, "Mac Donald"),
    "P0000024": ("H0000012", "فاطمة", "علي"),
    "P0000025": ("H0000013", "Joanna", "Smith"),
    "P0000026": ("H0000099", "Una", "Elsewhere"),
}


class Run(SimpleNamespace):
    """As much of a run as a search wants: three families, one of each list, and a household that is on none."""

    __hash__ = object.__hash__

    folder: Path

    def table(self, name: str, columns: list[str]) -> pd.DataFrame:
        return pd.read_parquet(self.folder / "tables" / f"{name}.parquet", columns=columns)

    def sound(self, kind: str) -> Path:
        return self.folder


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Run:
    folder = tmp_path_factory.mktemp("run")
    homes = [(home, family, code) for family, (home, code) in FAMILIES.items()] + [("H0000099", "F0000009", "ZB1 4QX")]
    people = [(person, forename, surname) for person, (_, forename, surname) in PEOPLE.items()]
    first, second, third = ({"family_id": [family]} for family in FAMILIES)
    tables = {
        "households": pd.DataFrame(homes, columns=["household_id", "family_id", "postcode"]),
        "members": pd.DataFrame([(home, person) for person, (home, *_) in PEOPLE.items()],
                             columns=["household_id", "person_id"]),
        "people": pd.DataFrame(people, columns=["person_id", "forename", "surname"]),
        "master_list": pd.DataFrame(first | {"family_ref": ["TF-7/a"]}),
        "undetermined": pd.DataFrame(second),
        "left_list": pd.DataFrame(third),
    }
    (folder / "tables").mkdir()
    for name, table in tables.items():
        table.to_parquet(folder / "tables" / f"{name}.parquet")
    return Run(folder=folder)


@pytest.mark.parametrize(("text", "by", "families"), [
    ("F0000001", "id", [1]), (" f0000002 ", "id", [2]), ("H0000013", "id", [3]), ("P0000024", "id", [2]),
    ("tf-7/A", "id", [1]), ("F0000009", "id", []), ("P0000026", "id", []), ("F9999999", "id", []),
    ("ZB1 4QX", "postcode", [1]), ("zb14qx", "postcode", [1]), ("ZB1", "postcode", [1]), ("zb1 4", "postcode", [1]),
    ("ZB12", "postcode", [2]), ("ZB12 1", "postcode", [2]), ("ZB9", "postcode", []),
    ("una", "name", [1]), ("O'Brien", "name", [1]), ("obrien una", "name", [1]), ("una o brien", "name", [1]),
    ("Una O’Brien", "name", [1]), ("nunez", "name", [1]), ("jose orsted", "name", [1]), ("ørsted", "name", [1]),
    ("MacDonald", "name", [2]), ("mac donald", "name", [2]), ("علي فاطمة", "name", [2]), ("smi jo", "name", [3]),
    ("anna", "name", [3]), ("una smith", "name", []), ("elsewhere", "name", []), ("'", "name", []), ("%", "name", []),
])  # fmt: skip
def test_what_is_searched_for_means_these_families(run: Run, text: str, by: str, families: list[int]) -> None:
    found = find(run, text)  # type: ignore[arg-type]
    assert (found.by, sorted(found.families)) == (by, [f"F{number:07}" for number in families])


def test_it_is_told_whose_name_was_found(run: Run) -> None:
    assert find(run, "una") == Found(frozenset({"F0000001"}), "name", {"F0000001": "Una O'Brien"})  # type: ignore[arg-type]


@given(st.text(max_size=150))
def test_whatever_is_typed_only_families_of_the_lists_are_found(run: Run, text: str) -> None:
    assert find(run, text).families <= set(FAMILIES)  # type: ignore[arg-type]


@given(st.sampled_from([f"{forename or ''} {surname}" for home, forename, surname in PEOPLE.values()][:5]))
def test_everybody_is_found_by_their_whole_name(run: Run, name: str) -> None:
    assert find(run, name).families  # type: ignore[arg-type]


def test_a_search_is_recalled_by_who_made_it_alone(tmp_path: Path) -> None:
    token = searches.keep(tmp_path, "cora", "Ashdown")
    assert searches.recall(tmp_path, "cora", token) == "Ashdown"
    assert searches.recall(tmp_path, "ana", token) is None
    assert searches.recall(tmp_path, "cora", token[:-1]) is None
    assert "Ashdown" not in token


def test_a_search_is_forgotten_after_some_hours(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    token = searches.keep(tmp_path, "cora", "Quillfeather")
    late = searches.time.time() + searches.HOURS * 3600 + 1
    monkeypatch.setattr(searches.time, "time", lambda: late)
    assert searches.recall(tmp_path, "cora", token) is None
    searches.keep(tmp_path, "cora", "another")
    for file in (tmp_path / searches.FOLDER).iterdir():
        assert b"Quillfeather" not in file.read_bytes()


def test_the_file_of_searches_says_of_nobody_that_they_were_searched_for(tmp_path: Path) -> None:
    place = tmp_path / searches.FOLDER / searches.FILE
    place.parent.mkdir()
    with closing(sqlite3.connect(place)) as before, before:
        before.execute("CREATE TABLE search (token TEXT PRIMARY KEY, who TEXT, text TEXT, ends INTEGER)")
        before.execute("INSERT INTO search VALUES ('x', 'cora', 'Quillfeather', 2000000000)")
    token = searches.keep(tmp_path, "cora", "Ashdown Kim")
    data = place.read_bytes()
    assert [word for word in (b"Quillfeather", b"Ashdown", b"Kim", token.encode()) if word in data] == []
    with closing(sqlite3.connect(place)) as db, db:
        db.execute("UPDATE sealed SET text = ?", (b"x" * 30,))
    assert searches.recall(tmp_path, "cora", token) is None


def test_searches_are_kept_for_this_user_alone(tmp_path: Path) -> None:
    searches.keep(tmp_path / "outputs", "cora", "Ashdown")
    folder = tmp_path / "outputs" / searches.FOLDER
    assert [(folder / name).stat().st_mode & 0o077 for name in (".", searches.FILE)] == [0, 0]
    assert searches.recall(tmp_path / "nothing", "cora", "x") is None
    assert not (tmp_path / "nothing").exists()
