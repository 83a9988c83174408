"""The first page, the help topics and the accessibility statement; decides where somebody begins."""

from starlette.responses import Response

from web.visit import NotFoundError, Visit


TOPICS = {
    "start": "What these pages are",
}


def first_page(visit: Visit) -> Response:
    """On to the first page that this person may open."""
    from web.routes import NAVIGATION

    return visit.go(next((name for name, _ in NAVIGATION if visit.may(name)), "help"))


def topics(visit: Visit) -> Response:
    """The help topics."""
    return visit.page("help/topics.html", topics=TOPICS)


def topic(visit: Visit) -> Response:
    """One help topic."""
    name = visit.part("topic")
    if name not in TOPICS:
        raise NotFoundError("There is no such help topic.")
    return visit.page(f"help/{name}.html", title=TOPICS[name])


def accessibility(visit: Visit) -> Response:
    """The accessibility statement."""
    return visit.page("help/accessibility.html")
