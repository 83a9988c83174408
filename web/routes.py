"""Every address of the pages: what answers it, who may ask, and what the audit log has of it. Nothing else is served.

A room adds its own lines; `tests/web` holds every line to having a rule.
"""

from web import home
from web.door import interim
from web.door.roles import Role
from web.family import pages as family
from web.visit import ANYBODY, EVERYONE, Page


NAVIGATION = (
    ("families", "Families"),
    ("review", "Review"),
    ("quality", "Quality"),
    ("figures", "Figures"),
    ("runs", "Runs"),
    ("audit", "Audit log"),
    ("people", "People"),
    ("help", "Help"),
)
"""The names of the pages in the navigation, in its order, each with its words; somebody sees those they may open."""

SEES_FAMILIES = frozenset({Role.COORDINATOR, Role.ANALYST, Role.AUDITOR})

DOOR = (
    Page("/sign-in", "GET", interim.sign_in, "sign_in", ANYBODY, needs_run=False),
    Page("/sign-in/link/{token}", "GET", interim.enter, "sign_in_link", ANYBODY, "signed_in", needs_run=False),
    Page("/sign-out", "POST", interim.sign_out, "sign_out", EVERYONE, "signed_out", needs_run=False),
)

FRAME = (
    Page("/", "GET", home.first_page, "home", EVERYONE, needs_run=False),
    Page("/help", "GET", home.topics, "help", ANYBODY, needs_run=False),
    Page("/help/{topic}", "GET", home.topic, "help_topic", ANYBODY, needs_run=False),
    Page("/accessibility", "GET", home.accessibility, "accessibility", ANYBODY, needs_run=False),
)

FAMILY = (
    Page("/family/{family_id}", "GET", family.family, "family", SEES_FAMILIES, "viewed_family"),
    Page("/family/{family_id}/history", "GET", family.history, "family_history", SEES_FAMILIES, "viewed_history"),
    Page("/family/{family_id}/pack/{form}", "GET", family.pack, "family_pack", SEES_FAMILIES, "packed"),
    Page("/person/{person_id}", "GET", family.person, "person", SEES_FAMILIES, "viewed_person"),
)

ROUTES: tuple[Page, ...] = (
    *FRAME,
    *DOOR,
    *FAMILY,
)
