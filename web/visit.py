"""A page and a visit to it: what a route must say of itself, and what its handler is given; decides no content."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from enum import Enum
from functools import cached_property
from pathlib import Path
from typing import NamedTuple, Protocol
from urllib.parse import quote, urlencode

import jinja2
from markupsafe import Markup
from starlette.datastructures import UploadFile
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response

from pipeline.record.audit_log import record_event
from schemas.errors import DataWashError, LockedError, StorageError
from web.door.failures import Failed, Sum
from web.door.roles import Person, Role
from web.published import Published
from web.settings import PagesSettings


FIELD = "csrf"
NO_RUN, NOBODY = "none", "nobody"
FAILURES = "failures_counted"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
CSV = "text/csv; charset=utf-8"
PDF = "application/pdf"
HTML = "text/html; charset=utf-8"


class NotFoundError(DataWashError):
    """There is no such page, family, person or run."""


class HiddenError(NotFoundError):
    """There is such a family or person, but not for whom is asking: the page says not found, the audit log refused."""


class RefusedError(DataWashError):
    """The person who is signed in may not see this."""


class NoWashError(DataWashError):
    """Nothing was washed yet, so there is nothing to show."""


class Open(Enum):
    """A page that is not for certain roles: for everyone who is signed in, or for anybody."""

    EVERYONE = "everyone"
    ANYBODY = "anybody"


EVERYONE, ANYBODY = Open.EVERYONE, Open.ANYBODY


class Door(Protocol):
    """What the pages ask of the door: who is this, and does this form come from a page of ours."""

    def person(self, request: Request) -> Person | None:
        """Who is signed in, if anybody."""

    def token(self, request: Request) -> str:
        """What the forms of this visitor carry."""

    def trusts(self, request: Request, token: str) -> bool:
        """Whether `token` is what this visitor's forms carry."""

    def count_failure(self, event: str) -> Failed:
        """Count a failure that anybody can cause; what the audit log is to have of it."""


class Page(NamedTuple):
    """An address, what answers it, who may ask, and the event that the audit log has of it.

    `event` may be missing only where nobody's data is shown. `needs_run`: without a published run the page says so.
    `takes_file`: its form may bring one.
    """

    path: str
    method: str
    handler: Callable[["Visit"], Response]
    name: str
    allowed: frozenset[Role] | Open
    event: str | None = None
    needs_run: bool = True
    takes_file: bool = False

    def admits(self, person: Person | None) -> bool:
        """Whether this page is for `person`, or for nobody in particular."""
        if self.allowed is ANYBODY:
            return True
        if person is None:
            return False
        return bool(person.roles) if isinstance(self.allowed, Open) else person.may(self.allowed)


@dataclass(frozen=True, eq=False)
class Site:
    """What is the same for every visit: the runs' folder, the settings, the door, the templates, the pages."""

    outputs: Path
    settings: PagesSettings
    door: Door
    environment: jinja2.Environment
    pages: tuple[Page, ...] = ()
    navigation: tuple[tuple[str, str], ...] = ()

    def page(self, name: str) -> Page:
        """The page called `name`."""
        return self._named[name]

    def has(self, name: str) -> bool:
        """Whether there is a page called `name`."""
        return name in self._named

    @cached_property
    def _named(self) -> dict[str, Page]:
        """Each page by its name."""
        return {page.name: page for page in self.pages}


@dataclass(eq=False)
class Visit:
    """One request of one person, and the ways to answer it. `recorded`: the audit log has it already."""

    request: Request
    site: Site
    page_asked: Page | None
    someone: Person | None
    latest: Published | None
    form: Mapping[str, str] = field(default_factory=dict)
    files: Mapping[str, UploadFile] = field(default_factory=dict)
    facts: dict[str, str | int] = field(default_factory=dict)
    recorded: bool = False

    @property
    def person(self) -> Person:
        """Who is signed in; RefusedError on a page for anybody, where nobody is."""
        if self.someone is None:
            raise RefusedError("Sign in first.")
        return self.someone

    @property
    def run(self) -> Published:
        """The latest published run; NoWashError where there is none."""
        if self.latest is None:
            raise NoWashError("Nothing was washed yet.")
        return self.latest

    @property
    def query(self) -> Mapping[str, str]:
        """What stands behind the `?` of the address."""
        return self.request.query_params

    def part(self, name: str) -> str:
        """A part of the address: of `/family/{family_id}` the `family_id`."""
        return str(self.request.path_params[name])

    def note(self, **facts: str | int) -> None:
        """Facts for this visit's line in the audit log: ids and counts, never a name.

        `run_id` where the page is about another run than the latest.
        """
        self.facts.update(facts)

    def record(self, event: str, *, who: str | None = None, **facts: str | int) -> None:
        """A line in the audit log at once, with the facts noted so far; the page's own event is then not recorded.

        StorageError where it cannot be written: then nothing may be shown or changed.
        """
        name = who or (self.someone.name if self.someone else NOBODY)
        page = {"page": self.page_asked.name} if self.page_asked else {}
        told = page | self.facts | facts
        run = str(told.pop("run_id", self.latest.run_id if self.latest else NO_RUN))
        try:
            record_event(self.site.outputs, event, run, who=name, **told)
        except (OSError, LockedError):
            raise StorageError(
                "The audit log cannot be written, and nothing is shown that it does not hold. Tell whoever looks after "
                "this machine: the disk may be full, or the outputs folder may not be written to. If you were changing "
                "something, look whether it was kept before you repeat it."
            ) from None
        self.recorded = True

    def record_failure(self, event: str, *, who: str = NOBODY, **facts: str | int) -> None:
        """As `record`, of what anybody could cause as often as they like: after so many it is counted, not told."""
        failed = Failed(own_line=True) if self.someone else self.site.door.count_failure(event)
        self.record_sums(failed.sums)
        if failed.own_line:
            self.record(event, who=self.someone.name if self.someone else who, **facts)

    def record_sums(self, sums: Iterable[Sum]) -> None:
        """Lines in the audit log for failures that were counted."""
        for counted in sums:
            self.record(FAILURES, who=NOBODY, counted=counted.event, failures=counted.failures)

    def address(self, name: str, /, *, query: Mapping[str, object] | None = None, **parts: object) -> str:
        """The address of the page called `name`, with what goes behind its `?`."""
        path = self.site.page(name).path.format(**{key: quote(str(part), safe="") for key, part in parts.items()})
        asked = urlencode({key: value for key, value in (query or {}).items() if value not in (None, "")}, doseq=True)
        return self.request.scope.get("root_path", "") + path + (f"?{asked}" if asked else "")

    def csrf(self) -> Markup:
        """What every form holds, so that it is known to be this visitor's own."""
        return Markup('<input type="hidden" name="{}" value="{}">').format(FIELD, self.site.door.token(self.request))

    def may(self, name: str) -> bool:
        """Whether there is a page called `name` that this person may open: for links."""
        return self.site.has(name) and self.site.page(name).admits(self.someone)

    def page(self, template: str, *, status: int = 200, **context: object) -> Response:
        """The page that `template` makes of `context`; in it stand also `visit`, `site` and `run`."""
        text = self.site.environment.get_template(template).render(
            visit=self, site=self.site, run=self.latest, **context
        )
        return HTMLResponse(text, status_code=status)

    def go(self, name: str, /, *, query: Mapping[str, object] | None = None, **parts: object) -> Response:
        """On to the page called `name`, as after a form."""
        return RedirectResponse(self.address(name, query=query, **parts), status_code=303)

    def download(self, data: bytes, name: str, kind: str) -> Response:
        """A file to save, called `name`."""
        said = {"content-disposition": f"attachment; filename*=UTF-8''{quote(name)}", "accept-ranges": "none"}
        return Response(data, media_type=kind, headers=said)
