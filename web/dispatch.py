"""From a request to an answer: who may, is it their own form, what the audit log has of it, and what an error says.

Decides that nothing is shown that the audit log does not hold, and that no error shows a value from a row.
"""

import logging
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import replace
from urllib.parse import quote

from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from schemas.bugs import place_of
from schemas.errors import DataWashError, LockedError, StorageError, UsageError
from web.forms import reading
from web.published import latest
from web.visit import FIELD, HiddenError, NotFoundError, NoWashError, Page, RefusedError, Site, Visit


REFUSED = "refused"
STATUSES = {NotFoundError: 404, RefusedError: 403, UsageError: 404, LockedError: 409, StorageError: 503}
TITLES = {
    400: "The form was not taken",
    403: "You may not see this page",
    404: "Page not found",
    405: "This page cannot be asked for in that way",
    408: "The form took too long",
    409: "Somebody else is at it",
    413: "The form is too large",
    500: "There is a problem with these pages",
    503: "These pages cannot answer now",
}
NO_DISK = (
    "The disk or a folder gave trouble: {}. Tell whoever looks after this machine. If you were changing something, "
    "look whether it was kept before you repeat it."
)
log = logging.getLogger("datawash.pages")

Endpoint = Callable[[Request], Awaitable[Response]]


def endpoint(site: Site, page: Page) -> Endpoint:
    """What answers `page` when it is asked for."""

    async def answer(request: Request) -> Response:
        visit = await run_in_threadpool(arrive, site, page, request)
        if not page.admits(visit.someone):
            return await run_in_threadpool(turn_away, visit)
        if page.method == "POST":
            async with reading(request, page, site.settings.serve.largest_form_mb) as sent:
                return await run_in_threadpool(respond, replace(visit, form=sent.form, files=sent.files))
        return await run_in_threadpool(respond, visit)

    return answer


def arrive(site: Site, page: Page | None, request: Request) -> Visit:
    """Who comes, and the latest run; either may be missing."""
    return Visit(request, site, page, site.door.person(request), latest(site.outputs))


def turn_away(visit: Visit) -> Response:
    """To the sign-in page who is not signed in; else a page that says no, and a line in the audit log."""
    if visit.someone is None:
        return _to_sign_in(visit)
    return respond(replace(visit, page_asked=_asked(visit)._replace(handler=_refuse, needs_run=False)))


def respond(visit: Visit) -> Response:
    """The handler's answer, once the audit log has it; an error page where it gives none."""
    page = _asked(visit)
    try:
        _check_form(visit)
        if page.needs_run:
            visit.run  # noqa: B018 - says that there is none
        answer = page.handler(visit)
        if page.event and not visit.recorded:
            visit.record(page.event)
        return answer
    except (RefusedError, HiddenError) as error:
        return _refused(visit, error)
    except NoWashError:
        return visit.page("no_wash.html")
    except DataWashError as error:
        return error_page(visit, _status(error), told(visit.site, error))
    except OSError as error:
        return error_page(visit, 503, NO_DISK.format(error.strerror or type(error).__name__))
    except Exception as error:
        return _bug(visit, error)


def told(site: Site, error: DataWashError) -> str:
    """What a page says of an error: its own words, but not where on this machine the outputs stand."""
    return str(error).replace(str(site.outputs), site.outputs.name)


def error_page(visit: Visit, status: int, said: str = "", headers: Mapping[str, str] | None = None) -> Response:
    """A page that says what went wrong and what to do."""
    answer = visit.page("error.html", status=status, title=TITLES.get(status, TITLES[500]), said=said, code=status)
    answer.headers.update(headers or {})
    return answer


def http_error(site: Site) -> Callable[[Request, Exception], Response]:
    """What answers an address that there is not, or a form that is too large."""

    def answer(request: Request, error: Exception) -> Response:
        status = error.status_code if isinstance(error, HTTPException) else 500
        headers = error.headers if isinstance(error, HTTPException) else None
        return error_page(arrive(site, None, request), status, headers=headers)

    return answer


def lost_page(site: Site) -> Callable[[Request, Exception], Response]:
    """What answers where the way to a handler fails, as where a manifest is damaged: it knows of nobody and no run."""

    def answer(request: Request, error: Exception) -> Response:
        visit = Visit(request, site, None, None, None)
        if isinstance(error, DataWashError):
            return error_page(visit, _status(error), told(site, error))
        return _bug(visit, error)

    return answer


def _asked(visit: Visit) -> Page:
    if visit.page_asked is None:
        raise NotFoundError("There is no such page.")
    return visit.page_asked


def _to_sign_in(visit: Visit) -> Response:
    asked = visit.request.url.path if visit.request.method in ("GET", "HEAD") else "/"
    return RedirectResponse(f"{visit.address('sign_in')}?next={quote(asked)}", status_code=303)


def _refuse(visit: Visit) -> Response:
    raise RefusedError("Your role does not include this page. An administrator says who has which role.")


def _refused(visit: Visit, error: RefusedError | HiddenError) -> Response:
    try:
        visit.record_failure(REFUSED)
    except DataWashError as trouble:
        return error_page(visit, _status(trouble), told(visit.site, trouble))
    return error_page(visit, _status(error), told(visit.site, error))


def _check_form(visit: Visit) -> None:
    """A form must come from a page of ours, and be of this visitor."""
    if visit.request.method != "POST":
        return
    site = visit.request.headers.get("sec-fetch-site", "same-origin")
    if site not in ("same-origin", "none") or not visit.site.door.trusts(visit.request, visit.form.get(FIELD, "")):
        raise RefusedError("The form had expired, or did not come from these pages. Open the page again and repeat it.")


def _status(error: DataWashError) -> int:
    return next((status for kind, status in STATUSES.items() if isinstance(error, kind)), 500)


def _bug(visit: Visit, error: Exception) -> Response:
    """A bug of ours: its kind and place go to the log of the server and to the page, its message to neither."""
    place = f"{type(error).__name__} at {place_of(error)}"
    log.error("%s: a bug, %s", visit.page_asked.name if visit.page_asked else visit.request.method, place)
    said = f"A bug in Data Wash: {place}. Please report this line; it holds nothing from your data."
    return error_page(visit, 500, said)
