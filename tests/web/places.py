"""The address of every page of `ROUTES` over two washed months, each with something on it; knows no page by name alone.

A page whose address has a part that is not told here fails the tests until it is.
"""

from pathlib import Path
from urllib.parse import quote

import pandas as pd

from web.published import latest
from web.routes import ROUTES
from web.visit import Page


MORE = (
    "/families?new=yes",
    "/families?met=education&stale=year",
    "/families?area=Nowhere",
    "/families?page=99",
    "/help/list",
    "/audit?about=F0000199",
)
"""What else there is to see: filters, one that finds nothing, more of the help."""

WRONG = {"/nothing/here": 404, "/family/F9999999": 404, "/runs/2001-01-01-000000000000": 404}
FILES = "download", "pack", "{form}", "report", "rejected", "oidc"
"""Addresses with one of these in them give a file, or go to another site."""
STARTED = ("replay",)
"""What there is once somebody has started it: the journey that does so looks at it."""


def pages_to_see() -> list[Page]:
    """Every page that is looked at, rather than sent or saved."""
    seen = [page for page in ROUTES if page.method == "GET" and page.name not in STARTED]
    return [page for page in seen if not any(word in page.path for word in FILES)]


def address(page: Page, outputs: Path, link: str = "none") -> str:
    """The address of `page`, with a real family, person, run or question in it."""
    path = page.path
    for name, value in parts(outputs, link).items():
        path = path.replace("{" + name + "}", quote(str(value)))
    assert "{" not in path, f"tests/web/places.py does not say what stands for the part of {page.path}"
    return path


def parts(outputs: Path, link: str = "none") -> dict[str, object]:
    """What stands for each part of an address."""
    run = latest(outputs)
    assert run is not None
    family = run.table("master_list")["family_id"].iat[0]
    household = run.table("master_list")["household_id"].iat[0]
    members = run.table("members")
    questions = run.table("review_queue")
    return {
        "family_id": family,
        "person_id": members.loc[members["household_id"] == household, "person_id"].iat[0],
        "run": run.folder.name,
        "topic": "list",
        "extract": "attendance",
        "review_id": questions["review_id"].iat[0],
        "number": 1,
        "token": link,
    }


def listed(outputs: Path) -> pd.DataFrame:
    """The master list of the latest run, in order of rank."""
    run = latest(outputs)
    assert run is not None
    return run.table("master_list").sort_values("rank")
