"""The first page, the help topics and the accessibility statement; decides where somebody begins."""

from typing import NamedTuple

from starlette.responses import Response

from web.visit import NotFoundError, Page, Visit


class Topic(NamedTuple):
    """A help topic: its words, and the beginnings of the addresses of the pages that it explains."""

    title: str
    explains: tuple[str, ...] = ()


TOPICS = {
    "start": Topic("What these pages are, and who sees what"),
    "list": Topic("How a family comes onto the list", ("/families",)),
    "unknown": Topic("Unknown is not no", ("/families/undetermined",)),
    "change": Topic("From one month to the next", ("/families/left", "/quality/change")),
    "evidence": Topic("Where a fact comes from, and how old it is", ("/family",)),
    "links": Topic("How records became people, and people a household", ("/person", "/quality/linkage")),
    "downloads": Topic("Files for Excel, and keeping them confidential"),
    "review": Topic("Deciding whether two records are one person", ("/review",)),
    "quality": Topic("What the pictures of quality count", ("/quality",)),
    "figures": Topic("Management figures, and why some are left out", ("/figures",)),
    "runs": Topic("What a run is, and how it is checked", ("/runs", "/replays")),
    "audit": Topic("What the audit log holds", ("/audit",)),
    "signing-in": Topic("Signing in, roles and areas", ("/people", "/sign-in", "/password")),
}


SECTIONS = {"/family": "/families", "/person": "/families", "/replays": "/runs"}


def first_page(visit: Visit) -> Response:
    """On to the first page of the navigation that this person may open."""
    return visit.go(next((name for name, _ in visit.site.navigation if visit.may(name)), "help"))


def topics(visit: Visit) -> Response:
    """The help topics."""
    return visit.page("help/topics.html", topics=TOPICS)


def topic(visit: Visit) -> Response:
    """One help topic."""
    name = visit.part("topic")
    if name not in TOPICS:
        raise NotFoundError("There is no such help topic.")
    return visit.page(f"help/{name}.html", title=TOPICS[name].title)


def accessibility(visit: Visit) -> Response:
    """The accessibility statement."""
    return visit.page("help/accessibility.html", title="Accessibility statement")


def section_of(page: Page | None) -> str:
    """The address in the navigation to which `page` belongs: a family and a person are of the families."""
    start = "/" + page.path.split("/")[1] if page else "/"
    return SECTIONS.get(start, start)


def topic_of(page: Page | None) -> tuple[str, str] | None:
    """The name and the words of the topic that explains `page`: that with the longest beginning of its address."""
    path = f"{page.path}/" if page else "/"
    found = [
        (len(start), name, topic.title)
        for name, topic in TOPICS.items()
        for start in topic.explains
        if path.startswith(f"{start}/")
    ]
    return max(found)[1:] if found else None
