"""Changes the rules and the clustering in one small way at a time, and counts how often a test notices.

`python -m benchmarks.mutants` (or `make mutants`). mutmut makes the changes, in a copy of the project under `build/`.
Which of them are tried is drawn by a seed, module by module. What was found is kept: a later run goes on from there.
"""

import argparse
import filecmp
import fnmatch
import os
import random
import resource
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import chdir
from itertools import accumulate, chain, zip_longest
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from _pytest.runner import runtestprotocol


ROOT = Path(__file__).parents[1]
FLOOR = 0.90
LEAST_OF_A_MODULE = 4
NO_TESTS = 33
NOTICED = ("killed", "timeout", "segfault", "caught by type check")


class Drawn(NamedTuple):
    """The mutants of one module: how many there are, and those that were drawn, by name, with what became of each."""

    module: str
    of: int
    results: dict[str, str]

    @property
    def tried(self) -> int:
        """How many of those drawn have been tried."""
        return sum(result != "not checked" for result in self.results.values())

    @property
    def noticed(self) -> int:
        """How many of them some test noticed."""
        return sum(result in NOTICED for result in self.results.values())


def copy_project(place: Path) -> None:
    """Bring the copy up to date; a file that is the same is left alone, and with it what was found out about it."""

    listed = ["git", "ls-files", "--cached", "--others", "--exclude-standard"]
    for name in subprocess.run(listed, cwd=ROOT, capture_output=True, text=True, check=True).stdout.splitlines():
        source, target = ROOT / name, place / name
        if source.is_file() and not (target.is_file() and filecmp.cmp(source, target, shallow=False)):
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(source, target)


def make_mutants() -> Any:
    """Have mutmut write every mutant of the modules named in `pyproject.toml`, and learn which tests reach which."""
    import mutmut.__main__ as mutmut

    mutmut.set_mutant_under_test("mutant_generation")
    Path("mutants").mkdir(exist_ok=True)
    with mutmut.CatchOutput():
        mutmut.copy_src_dir()
        mutmut.copy_also_copy_files()
        mutmut.setup_source_paths()
        mutmut.create_mutants(2)
    runner = mutmut.get_mutant_runner(1)
    mutmut.collect_or_load_stats(runner, apply_config_invalidation=True)
    return mutmut


def draw(mutmut: Any, names: str, share: float, seed: int) -> list[Drawn]:
    """Of each module whose name fits `names`, a share of its mutants, but not fewer than a handful."""
    _, files = mutmut.collect_source_file_mutation_data(mutant_names=())
    drawn = []
    for path, data in sorted(files.items()):
        known = sorted(data.exit_code_by_key)
        if not known or not fnmatch.fnmatch(path, names):
            continue
        dice = random.Random(f"{seed} {path}")
        count = min(len(known), max(LEAST_OF_A_MODULE, round(share * len(known))))
        chosen = dice.sample(known, len(known))[:count]
        results = {name: mutmut.status_by_exit_code[data.exit_code_by_key[name]] for name in chosen}
        drawn.append(Drawn(path, len(known), results))
    return drawn


def in_turn(drawn: list[Drawn], again: bool) -> Iterator[str]:
    """Those still to be tried, one of each module after the other; `again`: those that nothing noticed as well."""
    wanted = ("not checked", "survived", "no tests") if again else ("not checked",)
    columns = [[name for name, result in one.results.items() if result in wanted] for one in drawn]
    return (name for name in chain.from_iterable(zip_longest(*columns)) if name)


def in_order(tests: set[str], lasts: dict[str, float], patience: float) -> list[str]:
    """Short tests first, each module having its turn for as long as any other, as many as run in so many seconds."""
    modules: dict[str, list[str]] = {}
    for test in sorted(tests, key=lambda test: (lasts[test], test)):
        modules.setdefault(test.partition("::")[0], []).append(test)
    over: dict[str, float] = {}
    for turn in modules.values():
        over |= zip(turn, accumulate(lasts[test] for test in turn), strict=True)
    ordered = sorted(over, key=lambda test: (over[test], test))
    within = accumulate(lasts[test] for test in ordered)
    return [test for test, seconds in zip(ordered, within, strict=True) if seconds <= patience] or ordered[:1]


class Trials:
    """A pytest plugin that runs no test of its own session: it tries mutants, each in a copy of the warm process."""

    def __init__(self, mutmut: Any, names: list[str], patience: float, minutes: float) -> None:
        self.mutmut, self.names, self.patience, self.minutes = mutmut, names, patience, minutes
        _, files = mutmut.collect_source_file_mutation_data(mutant_names=())
        self.holders = {name: data for data in files.values() for name in data.exit_code_by_key}

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtestloop(self, session: pytest.Session) -> bool:
        """Try one mutant after the other, and write down what became of it."""
        items = {item.nodeid: item for item in session.items}
        reached, lasts = self.mutmut.state().tests_by_mangled_function_name, self.mutmut.state().duration_by_test
        self.warm_up(session.items, lasts)
        until = time.monotonic() + self.minutes * 60
        for name in self.names:
            if time.monotonic() > until:
                break
            tests = reached.get(self.mutmut.mangled_name_from_mutant_name(name), set()) & items.keys()
            chosen = in_order(tests, lasts, self.patience)
            code = self.try_one(name, [items[test] for test in chosen]) if chosen else NO_TESTS
            self.holders[name].exit_code_by_key[name] = code
            with chdir(".."):
                self.holders[name].save()
        return True

    def warm_up(self, items: list[pytest.Item], lasts: dict[str, float]) -> None:
        """Run the shortest test of each module without a change, so that no copy need load what all of them need."""
        shortest: dict[Path, pytest.Item] = {}
        for item in sorted(items, key=lambda item: lasts.get(item.nodeid, 0)):
            shortest.setdefault(item.path, item)
        chosen = list(shortest.values())
        failed = [item.nodeid for item, after in zip_longest(chosen, chosen[1:]) if fails(item, after)]
        if failed:
            raise AssertionError(f"These tests fail without any change: {', '.join(failed)}")

    def try_one(self, name: str, items: list[pytest.Item]) -> int:
        """What mutmut would call the end of this trial: 1 a test failed, 0 none did; less than none, a signal."""
        child = os.fork()
        if child:
            return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
        resource.setrlimit(resource.RLIMIT_CPU, (int(60 + 6 * self.patience),) * 2)
        signal.alarm(int(120 + 12 * self.patience))
        self.mutmut.set_mutant_under_test(name)
        try:
            failed = any(fails(item, after) for item, after in zip_longest(items, items[1:]))
        except BaseException:
            failed = True
        os._exit(int(failed))


def fails(item: pytest.Item, after: pytest.Item | None) -> bool:
    """Whether a test fails, in setup and teardown too."""
    return any(report.failed for report in runtestprotocol(item, log=False, nextitem=after))


def try_out(mutmut: Any, names: Iterator[str], patience: float, minutes: float) -> None:
    """Run the tests that reach each mutant until one of them fails, or as many as patience is for have passed."""
    mutmut.set_mutant_under_test("")
    trials = Trials(mutmut, list(names), patience, minutes)
    with chdir("mutants"):
        plainly = ["-q", "--rootdir=.", "--assert=plain", "--tb=no"]
        pytest.main([*plainly, *mutmut.config().pytest_add_cli_args_test_selection], plugins=[trials])


def score(drawn: list[Drawn]) -> float:
    """The share noticed, each module counting by the number of its mutants."""
    known = [one for one in drawn if one.tried]
    return sum(one.of * one.noticed / one.tried for one in known) / max(1, sum(one.of for one in known))


def show(drawn: list[Drawn]) -> None:
    """A line for each module and room."""
    print(f"{'module':<34}{'mutants':>9}{'tried':>8}{'noticed':>9}{'score':>8}")
    for one in drawn:
        share = f"{one.noticed / one.tried:8.1%}" if one.tried else f"{'-':>8}"
        print(f"{one.module:<34}{one.of:>9,}{one.tried:>8,}{one.noticed:>9,}{share}")
    for room in sorted({one.module.split("/")[0] for one in drawn}):
        of = [one for one in drawn if one.module.startswith(room)]
        counts = [sum(getattr(one, name) for one in of) for name in ("of", "tried", "noticed")]
        print(f"{room:<34}{counts[0]:>9,}{counts[1]:>8,}{counts[2]:>9,}{score(of):8.1%}")


def show_survivors(mutmut: Any, drawn: list[Drawn]) -> None:
    """The change that each survivor is."""
    from mutmut.mutation.diff_apply import get_diff_for_mutant

    for one in drawn:
        for name, result in one.results.items():
            if result not in (*NOTICED, "not checked"):
                print(f"\n{name}: {result}")
                changed = get_diff_for_mutant(name, path=one.module).splitlines()[3:]
                print("\n".join(line for line in changed if line[:1] in "+-"))


def main() -> None:
    """Draw, try, and say how many were noticed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--share", type=float, default=0.02, help="of each module's mutants (1: all)")
    parser.add_argument("--seed", type=int, default=6)
    parser.add_argument("--modules", default="*", help="such as criteria/claims*")
    parser.add_argument("--patience", type=float, default=60, help="seconds of tests that a mutant is given")
    parser.add_argument("--minutes", type=float, default=240, help="stop after so long, and go on another time")
    parser.add_argument("--again", action="store_true", help="try those once more that nothing noticed")
    parser.add_argument("--survivors", action="store_true", help="show them")
    parser.add_argument("--folder", type=Path, default=ROOT / "build" / "mutants", help="where the copy is kept")
    given = parser.parse_args()
    copy_project(given.folder)
    os.chdir(given.folder)
    mutmut = make_mutants()
    try_out(
        mutmut,
        in_turn(draw(mutmut, given.modules, given.share, given.seed), given.again),
        given.patience,
        given.minutes,
    )
    drawn = draw(mutmut, given.modules, given.share, given.seed)
    show(drawn)
    if given.survivors:
        show_survivors(mutmut, drawn)
    counts = [sum(getattr(one, name) for one in drawn) for name in ("of", "tried", "noticed")]
    left = sum(len(one.results) - one.tried for one in drawn)
    print(
        f"\nmutants: {counts[1]:,} of {counts[0]:,} tried, {counts[2]:,} noticed, {left:,} drawn but not yet tried; "
        f"score {score(drawn):.1%}, at least {FLOOR:.0%} wanted: {'held' if score(drawn) >= FLOOR else 'NOT HELD'}"
    )
    sys.exit(0 if score(drawn) >= FLOOR else 1)


if __name__ == "__main__":
    main()
