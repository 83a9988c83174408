"""GOV.UK Frontend without the crown and the typeface, which only services on GOV.UK may show; decides what is kept.

`python -m web.vendored govuk-frontend-6.3.0.tgz` makes the files in `static/govuk` again from the package that
`npm pack govuk-frontend@6.3.0 --ignore-scripts` fetches. Whoever installs or runs Data Wash needs neither.
"""

import base64
import hashlib
import json
import re
import sys
import tarfile
from pathlib import Path


VERSION = "6.3.0"
INTEGRITY = "sha512-cXIQxm5PHCsbic47GXZrVBZhAeeshTLRL6ZBKilLsR6rMCjJuWb7Fruq0VUNMBJFlJk/srsRj/q8d5bM9cgKoA=="
FOLDER = Path(__file__).parent / "static" / "govuk"
FILES = ("govuk-frontend.min.css", "govuk-frontend.min.js")


def vendor(package: Path) -> None:
    """Write the two files and their manifest from the npm package at `package`; ValueError where it is another one."""
    if _integrity(package) != INTEGRITY:
        raise ValueError(f"{package.name} is not govuk-frontend {VERSION}.")
    FOLDER.mkdir(parents=True, exist_ok=True)
    for name in FILES:
        (FOLDER / name).write_text(_without_brand(_taken(package, name)), encoding="utf-8", newline="\n")
    told = {"package": "govuk-frontend", "version": VERSION, "integrity": INTEGRITY, "sha256": digests()}
    (FOLDER / "MANIFEST.json").write_text(json.dumps(told, indent=1) + "\n", encoding="utf-8", newline="\n")


def digests() -> dict[str, str]:
    """The sha256 of each file as it stands."""
    return {name: hashlib.sha256((FOLDER / name).read_bytes()).hexdigest() for name in FILES}


def _integrity(package: Path) -> str:
    return "sha512-" + base64.b64encode(hashlib.sha512(package.read_bytes()).digest()).decode()


def _taken(package: Path, name: str) -> str:
    with tarfile.open(package) as held:
        member = held.extractfile(f"package/dist/govuk/{name}")
        return member.read().decode("utf-8") if member else ""


def _without_brand(text: str) -> str:
    text = re.sub(r"@font-face\{[^}]*\}", "", text)
    text = re.sub(r"GDS Transport,\s*arial", "arial", text)
    text = re.sub(r"url\(/assets/images/govuk-crest\.svg\)", "none", text)
    return re.sub(r"\s*(/\*# sourceMappingURL=.*?\*/|//# sourceMappingURL=.*)\s*$", "\n", text)


if __name__ == "__main__":
    vendor(Path(sys.argv[1]))
