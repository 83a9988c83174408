"""The pages of the lists: families, those undetermined, those that left; a search, and files to download.

Whoever has areas sees, counts and downloads the families of those alone. Decides no words of a family.
"""

from datetime import UTC, datetime
from typing import NamedTuple
from urllib.parse import urlencode

from starlette.responses import Response

from web.families import asked, files, searches
from web.families.asked import Asked
from web.families.listing import (
    LEFT,
    LISTED,
    PAGE_OF,
    UNDETERMINED,
    Listing,
    Seen,
    listing,
    select,
)
from web.families.missing import missing
from web.families.rows import rows_as_html
from web.families.search import LONGEST, Found, find
from web.visit import CSV, XLSX, NotFoundError, Visit


TABS = {LISTED: "families", UNDETERMINED: "families_undetermined", LEFT: "families_left"}
"""The lists, and the name of the page of each."""

FORMS = {"xlsx": XLSX, "csv": CSV}
MOST_WAITED_FOR = 12


class Searched(NamedTuple):
    """What was searched for, as it was typed, and what it found; `gone` where it was kept no longer."""

    text: str = ""
    found: Found | None = None
    gone: bool = False

    @property
    def families(self) -> frozenset[str] | None:
        """The families that it found; None where nothing was searched for."""
        return self.found.families if self.found else None


def listed(visit: Visit) -> Response:
    """The families of the master list."""
    return _page(visit, LISTED)


def undetermined(visit: Visit) -> Response:
    """The families that could still become eligible, and what would settle each."""
    return _page(visit, UNDETERMINED)


def left(visit: Visit) -> Response:
    """The families that were on the list before and are not now, with what lapsed."""
    return _page(visit, LEFT)


def search(visit: Visit) -> Response:
    """Keep what is searched for, and go to the list of what it finds: the address does not say what it was."""
    text = " ".join(visit.form.get("text", "").split())[:LONGEST]
    name = visit.form.get("list", LISTED)
    if not text or name not in TABS:
        visit.note(found=0)
        return visit.go("families")
    found = find(visit.run, text)
    counts = _counts(visit, found.families)
    name = name if counts[name] or not any(counts.values()) else next(tab for tab in TABS if counts[tab])
    visit.note(by=found.by, found=sum(counts.values()))
    token = searches.keep(visit.site.outputs, visit.person.name, text)
    return visit.go(TABS[name], query={"search": token})


def download(visit: Visit) -> Response:
    """A list as a file, with the families that its filters ask for."""
    form, name = visit.part("form"), visit.query.get("list", LISTED)
    if form not in FORMS or name not in TABS:
        raise NotFoundError("There is no such file. A list comes as XLSX or as CSV.")
    run, held, wants = visit.run, listing(visit.run, name), asked.read_asked(visit.request.query_params)
    searched = _searched(visit, wants)
    if searched.gone:
        raise NotFoundError("That search was forgotten: it is kept for some hours only. Search again.")
    rows = select(held, wants, visit.person.areas, searched.families)
    wanted = files.Wanted(name, visit.person.name, datetime.now(UTC), tuple(_only(visit, held, wants)))
    visit.note(list=name, form=form, families=len(rows), **_recorded(held.seen(visit.person.areas), wants))
    if form == "csv":
        data = files.as_csv(run, held, rows, wanted)
    else:
        data = files.as_workbook(run, held, rows, wanted, missing(run, visit.person.areas))
    return visit.download(data, files.file_name(run, wanted, form), FORMS[form])


def _page(visit: Visit, name: str) -> Response:
    run, areas, wants = visit.run, visit.person.areas, asked.read_asked(visit.request.query_params)
    held, searched = listing(run, name), _searched(visit, wants)
    rows = select(held, wants, areas, searched.families)
    pages = max(1, -(-len(rows) // PAGE_OF))
    wants = wants._replace(page=min(wants.page, pages))
    shown = rows[(wants.page - 1) * PAGE_OF : wants.page * PAGE_OF]
    visit.note(families=len(rows), shown=wants.page, **_recorded(held.seen(areas), wants))
    return visit.page(
        "families/list.html",
        name=name,
        asked=wants,
        total=len(rows),
        first=(wants.page - 1) * PAGE_OF + 1,
        last=(wants.page - 1) * PAGE_OF + len(shown),
        rows=rows_as_html(visit, held, name, shown, searched.found.named if searched.found else {}),
        pages=pages,
        of_page=lambda number: _address(visit, name, wants._replace(page=number)),
        tabs=_tabs(visit, searched, wants.search),
        said=[(words, _address(visit, name, other)) for words, other in asked.in_words(wants, held.school_names)],
        without_filters=_address(visit, name, Asked(search=wants.search)),
        files=[(form, visit.address("families_download", form=form) + _behind(wants._replace(page=1), name))
               for form in FORMS],
        searched=searched,
        seen=held.seen(areas),
        criteria=held.criteria,
        waits=_waits(visit, held, name),
        missing=missing(run, areas),
        stale={way: words.capitalize() for way, (_, _, words) in asked.STALE.items()},
        orders=asked.ORDERS if name == LISTED else {},
    )


def _tabs(visit: Visit, searched: Searched, token: str) -> list[tuple[str, str, int]]:
    """Each list: its name, its address under the same search, and how many families the person may see there."""
    counts = _counts(visit, searched.families)
    return [(name, _address(visit, name, Asked(search=token)), counts[name]) for name in TABS]


def _counts(visit: Visit, found: frozenset[str] | None) -> dict[str, int]:
    """How many families of each list the person may see, of those that were found."""
    return {name: len(select(listing(visit.run, name), Asked(), visit.person.areas, found)) for name in TABS}


def _searched(visit: Visit, wants: Asked) -> Searched:
    if not wants.search:
        return Searched()
    text = searches.recall(visit.site.outputs, visit.person.name, wants.search)
    return Searched(gone=True) if text is None else Searched(text, find(visit.run, text))


def _waits(visit: Visit, held: Listing, name: str) -> list[tuple[str, int, str]]:
    """What most undetermined families wait for: in words, how many, and the address of those."""
    if name != UNDETERMINED:
        return []
    found = held.seen(visit.person.areas).waits[:MOST_WAITED_FOR]
    return [(words, count, _address(visit, name, Asked(waits=words))) for words, count in found]


def _only(visit: Visit, held: Listing, wants: Asked) -> list[str]:
    """In words, which families of a list these are: a search's own words are left out."""
    areas = [f"Areas: {', '.join(sorted(visit.person.areas))}"] if visit.person.areas else []
    searched = ["Found by a search"] if wants.search else []
    return [*areas, *searched, *(words for words, _ in asked.in_words(wants, held.school_names))]


def _recorded(seen: Seen, wants: Asked) -> dict[str, str]:
    """The filters as the audit log has them: of a search only that there was one, of what cannot be chosen nothing."""
    odd = {name: "other" for name in ("area", "school", "tier", "waits") if not seen.offers(name, getattr(wants, name))}
    search = {"search": "yes"} if wants.search else {}
    said = urlencode(asked.as_query(wants._replace(page=1)) | odd | search, doseq=True)
    return {"filters": said} if said else {}


def _address(visit: Visit, name: str, wants: Asked) -> str:
    return visit.address(TABS[name], query=asked.as_query(wants))


def _behind(wants: Asked, name: str) -> str:
    return "?" + urlencode({"list": name} | asked.as_query(wants), doseq=True)
