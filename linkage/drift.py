"""How this month's model and matches differ from last month's; decides what is worth a warning, and stops nothing.

Of two models whose fields and levels are the same: the change of every weight in bits; per field the population
stability index of its levels (sum of change times log of ratio); and how many mentions were linked, by source.
"""

from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

import numpy as np
import pandas as pd

from linkage.codes import code_texts
from linkage.settings_parts import DriftSettings
from schemas.columns import TEXT


COLUMNS = ("field", "level", "statistic", "previous", "now", "change", "warned")
SURE = 3.0
PAIRS = {"matched_pairs": "pairs joined", "pairs_to_review": "pairs to review"}
SAID = {"m": "of one person", "u": "of strangers"}


class Drift(NamedTuple):
    """`table` (COLUMNS): what changed, by field and level, or under `matches` by source; a sentence for each warning.

    `unlike` says why nothing could be compared; then the table is empty.
    """

    table: pd.DataFrame
    warnings: tuple[str, ...] = ()
    unlike: str = ""

    @classmethod
    def nothing(cls, unlike: str) -> "Drift":
        """No comparison, and why."""
        return cls(_table([]), unlike=unlike)


def count_matches(source: pd.Series, person: np.ndarray, judged: pd.Series) -> dict[str, Any]:
    """How many mentions there are, how many were linked to another, and by source to a mention of another source.

    `source` and `person` (-1: nobody) are by mention, `judged` are the judgements on pairs.
    """
    code, words = code_texts(source)
    names, same = np.unique([*words, ""], return_inverse=True)
    codes = same[code]
    present = np.bincount(codes, minlength=len(names)) > 0
    named = np.flatnonzero(person >= 0)
    code, owner = codes[named], person[named]
    size = int(owner.max(initial=-1)) + 1
    linked = np.bincount(owner, minlength=size)[owner] > 1
    first = np.zeros(size, dtype=codes.dtype)
    first[owner] = code
    several = np.zeros(size, dtype=bool)
    several[owner[code != first[owner]]] = True
    mentions, across = (np.bincount(code[rows], minlength=len(names)) for rows in (slice(None), several[owner]))
    kinds = judged.value_counts()
    return {
        "mentions": len(named),
        "linked": int(linked.sum()),
        "matched_pairs": int(kinds.get("match", 0)),
        "pairs_to_review": int(kinds.get("review", 0)),
        "sources": {
            str(name): {"mentions": int(mentions[place]), "linked": int(across[place])}
            for place, name in enumerate(names)
            if present[place]
        },
    }


def compare_models(before: Mapping[str, Any], now: Mapping[str, Any], settings: DriftSettings) -> Drift:
    """What changed between two models as a link describes them."""
    unlike = _unlike(before, now)
    if unlike:
        return Drift.nothing(unlike)
    changes = [
        *(change for side in SAID for change in _shares(before, now, side, settings)),
        *_weights(before, now, settings),
        *_matches(before["matches"], now["matches"], settings),
    ]
    return Drift(_table([change.row for change in changes]), tuple(change.said for change in changes if change.warned))


class _Change(NamedTuple):
    """A row of the table, whether it is worth a warning, and the warning's words."""

    row: tuple[Any, ...]
    warned: bool
    said: str


def _change(row: tuple[Any, ...], *, warned: bool = False, said: str = "") -> _Change:
    return _Change((*row, warned), warned, said)


def _unlike(before: Mapping[str, Any], now: Mapping[str, Any]) -> str:
    """Why two models cannot be compared; nothing where they can."""
    if "matches" not in before or before.get("format") != now["format"]:
        return "the previous run's model was written by another version of Data Wash"
    if _scheme(before) != _scheme(now):
        return "the previous run's model has other fields or levels"
    return ""


def _scheme(model: Mapping[str, Any]) -> Any:
    levels = {field: sorted(shares) for field, shares in model["m"].items()}
    return levels, model["likeness"]


def _tables(before: Mapping[str, Any], now: Mapping[str, Any], name: str) -> tuple[dict[str, Any], dict[str, Any]]:
    """A table of both models by field; extra columns that both compare in the same way are fields like the others."""
    both = [
        column
        for column, told in now["extra"].items()
        if before["extra"].get(column, {}).get("column") == told["column"]
    ]
    one, two = (model[name] | {column: model["extra"][column][name] for column in both} for model in (before, now))
    return one, two


def _shares(before: Mapping[str, Any], now: Mapping[str, Any], side: str, settings: DriftSettings) -> Iterator[_Change]:
    """The shares of the levels (`m` or `u`) with their change in bits, and each field's stability index."""
    then_all, now_all = _tables(before, now, side)
    for field, levels in now_all.items():
        then = then_all[field]
        for level, share in levels.items():
            yield _change((field, level, side, then[level], share, float(np.log2(share / then[level]))))
        index = float(sum((share - then[level]) * np.log(share / then[level]) for level, share in levels.items()))
        yield _change(
            (field, None, f"{side}_stability", None, None, index),
            warned=index > settings.stability,
            said=f"{_plain(field)}: pairs {SAID[side]} agree on it otherwise than in the previous run "
            f"(stability index {index:.2f}, over {settings.stability:g}).",
        )


def _weights(before: Mapping[str, Any], now: Mapping[str, Any], settings: DriftSettings) -> Iterator[_Change]:
    (then_all, now_all), shares = _tables(before, now, "weights"), _tables(before, now, "m")
    for field, levels in now_all.items():
        for level, bits in levels.items():
            then = then_all[field][level]
            common = max(table[field][level] for table in shares) >= settings.common_level
            yield _change(
                (field, level, "weight", then, bits, bits - then),
                warned=common and abs(bits - then) > settings.weight_bits,
                said=f"{_plain(field)}: {_plain(level)} weighs {bits:.1f} bits, {then:.1f} in the previous run.",
            )


def _matches(before: Mapping[str, Any], now: Mapping[str, Any], settings: DriftSettings) -> Iterator[_Change]:
    for name, words in PAIRS.items():
        then, share = _share(before, name), _share(now, name)
        yield _change(
            ("matches", None, name, then, share, share - then),
            warned=_is_no_chance(before, now, name) and _changed(name, then, share, settings),
            said=f"{words} for each hundred mentions: {share:.1%}, {then:.1%} in the previous run.".replace("%", ""),
        )
    for source in [None, *sorted(set(before["sources"]) & set(now["sources"]))]:
        old, new = (counts if source is None else counts["sources"][source] for counts in (before, now))
        then, share = _share(old, "linked"), _share(new, "linked")
        whose = "mentions linked to another" if source is None else f"mentions of {source} linked to another source"
        yield _change(
            ("matches", source, "linked", then, share, share - then),
            warned=_is_no_chance(old, new, "linked") and abs(share - then) > settings.match_rate,
            said=f"{whose}: {share:.1%}, {then:.1%} in the previous run.",
        )


def _share(counts: Mapping[str, Any], name: str) -> float:
    return float(counts[name] / counts["mentions"]) if counts["mentions"] else 0.0


def _changed(name: str, then: float, share: float, settings: DriftSettings) -> bool:
    """Pairs to review are few: of them it counts how many times as many there are."""
    if name == "pairs_to_review":
        return not then / settings.review_times <= share <= then * settings.review_times
    return abs(share - then) > settings.match_rate


def _is_no_chance(before: Mapping[str, Any], now: Mapping[str, Any], name: str) -> bool:
    """Whether a share changed by more than that of so few mentions changes by chance."""
    then, share = _share(before, name), _share(now, name)
    pooled = min((then + share) / 2, 1.0)
    each = sum(1 / max(counts["mentions"], 1) for counts in (before, now))
    return abs(share - then) > SURE * float(np.sqrt(pooled * (1 - pooled) * each))


def _plain(name: str) -> str:
    return name.replace("_", " ")


def _table(rows: list[tuple[Any, ...]]) -> pd.DataFrame:
    table = pd.DataFrame(rows, columns=list(COLUMNS))
    kinds = dict.fromkeys(("field", "level", "statistic"), TEXT) | dict.fromkeys(
        ("previous", "now", "change"), "float64"
    )
    return table.astype(kinds | {"warned": "boolean"})
