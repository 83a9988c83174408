"""What encryption, signatures and a sealed audit log cost a wash: with and without in turn, in the same minutes.

`python -m benchmarks.protection` (or `make bench-protection`). With `--before FOLDER`, a checkout of an earlier
version, that one is washed in turn, too. The borough is made before the clock runs.
"""

import argparse
import shutil
import tempfile
from datetime import date
from pathlib import Path
from statistics import median
from typing import Any

from benchmarks.speed import make
from benchmarks.washing import wash
from pipeline.keys.audit_seal import AUDIT, new_audit_key
from pipeline.keys.encryption import ENCRYPTION, Identities, new_identity
from pipeline.keys.private import variable
from pipeline.keys.signing import SIGNING, new_signing_key


AS_OF = date(2013, 9, 30)
MOST = {"protected": 1.15, "before": 1.05}
"""How much longer than the clear wash a protected one may take; and the clear wash than the version before."""


def protect(place: Path) -> tuple[Path, dict[str, str]]:
    """Settings that ask for all protection, written into `place`, and the environment that holds the private keys."""
    ours, escrow = new_identity(), new_identity()
    run_key, escrow_key = Identities((ours, escrow)).public
    settings = place / "protected.toml"
    asked = ["[protection]", "archive = true", "lists = true", f'run_key = "{run_key}"', f'escrow_key = "{escrow_key}"']
    settings.write_text("\n".join(asked) + "\n", encoding="utf-8")
    keys = {ENCRYPTION: ours, SIGNING: new_signing_key(), AUDIT: new_audit_key()}
    return settings, {variable(name): key for name, key in keys.items()}


def measure(folder: Path, place: Path, rounds: int, before: Path | None) -> dict[str, list[float]]:
    """Seconds of each kind of wash, round by round, after one that is not counted."""
    settings, keys = protect(place)
    kinds: dict[str, dict[str, Any]] = {"clear": {}, "protected": {"settings": settings, "more": keys}}
    if before is not None:
        kinds["before"] = {"code": before}
    seconds: dict[str, list[float]] = {kind: [] for kind in kinds}
    for turn in range(rounds + 1):
        for kind, how in kinds.items():
            washed = wash(folder, AS_OF, place / "outputs", **how)
            shutil.rmtree(place / "outputs")
            if turn:
                seconds[kind].append(washed.seconds)
    return seconds


def tell(seconds: dict[str, list[float]]) -> bool:
    """Print the figures; whether they hold."""
    for kind, taken in seconds.items():
        print(f"  {kind:<10}{median(taken):7.2f} s   ({', '.join(f'{one:.2f}' for one in taken)})")
    clear = median(seconds["clear"])
    ratios = {"protected": median(seconds["protected"]) / clear}
    if "before" in seconds:
        ratios["before"] = clear / median(seconds["before"])
    held = all(ratio <= MOST[kind] for kind, ratio in ratios.items())
    words = {"protected": "with protection {:+.1%} (at most +15%)", "before": "without {:+.1%} on before (at most +5%)"}
    told = "; ".join(words[kind].format(ratio - 1) for kind, ratio in ratios.items())
    print(f"protection: {len(seconds['clear'])} rounds; {told}: {'held' if held else 'NOT HELD'}")
    return held


def main() -> None:
    """Make, wash and measure."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--residents", type=int, default=100_000)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--before", type=Path, help="a checkout of an earlier version, to be washed in turn")
    parser.add_argument("--folder", type=Path, help="where the borough is made and kept (default: a temporary folder)")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="datawash-protection-") as place:
        folder = given.folder or Path(place) / "borough"
        make(given.residents, folder, AS_OF, "csv")
        tell(measure(folder, Path(place), given.rounds, given.before))


if __name__ == "__main__":
    main()
